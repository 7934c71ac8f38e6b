# Clients in Ruby, and what each shows its user: see tests/support/museum_program.py.
URLS = ENV.fetch("CLIENT_URLS").split

# exhibit(CLIENT, VERSION, SPEAKS) { |url| what the user sees }; what it raises is seen too.
def exhibit(client, version, speaks)
  url = URLS.shift
  begin
    sees = yield url
  rescue LoadError, NameError
    raise
  rescue StandardError => error
    sees = "#{error.class}: #{error.message}"
  end
  puts ["exhibit", url, client, version, speaks, sees.to_s.gsub(/\s+/, " ")].join("\t")
end

def version_of(name) = Gem.loaded_specs[name]&.version&.to_s || Gem::Specification.find_by_name(name).version.to_s

require "json"
require "net/http"
exhibit("net/http (Ruby)", RUBY_VERSION, "REST") do |url|
  response = Net::HTTP.get_response(URI("#{url}/v1/orders"))
  "#{response.code} #{response.message}; body: #{response.body}"
end
require "open-uri"
exhibit("open-uri (Ruby)", RUBY_VERSION, "REST") { |url| URI("#{url}/v1/orders").open.read }
require "net/http/persistent"
exhibit("net-http-persistent", version_of("net-http-persistent"), "REST") do |url|
  response = Net::HTTP::Persistent.new.request(URI("#{url}/v1/orders"))
  "#{response.code} #{response.message}; body: #{response.body}"
end
require "faraday"
exhibit("faraday", version_of("faraday"), "REST") do |url|
  response = Faraday.get("#{url}/v1/orders")
  "#{response.status} #{response.reason_phrase}; body: #{response.body}"
end
exhibit("faraday, raise_error", version_of("faraday"), "REST") do |url|
  Faraday.new(url) { |connection| connection.response :raise_error }.get("/v1/orders")
rescue Faraday::Error => error
  "#{error.message}; response[:body]: #{error.response[:body]}"
end
exhibit("faraday, retry", version_of("faraday"), "REST") do |url|
  connection = Faraday.new(url) { |builder| builder.request :retry, max: 1, retry_statuses: [503] }
  "#{connection.get("/v1/orders").status}, after one more try"
end
require "httparty"
exhibit("httparty", version_of("httparty"), "REST") do |url|
  response = HTTParty.get("#{url}/v1/orders", headers: { "Accept" => "application/json" })
  "#{response.code} #{response.message}; parsed_response: #{response.parsed_response["detail"]}"
end
exhibit("httparty", version_of("httparty"), "REST, no Accept") do |url|
  parsed = HTTParty.get("#{url}/v1/orders").parsed_response
  parsed.is_a?(Hash) ? "parsed_response: #{parsed["detail"]}" : "parsed_response, not parsed: #{parsed}"
end
require "rest-client"
exhibit("rest-client", version_of("rest-client"), "REST") do |url|
  RestClient.get("#{url}/v1/orders")
rescue RestClient::Exception => error
  "#{error.message}; response.body: #{error.response.body}"
end
require "excon"
exhibit("excon", version_of("excon"), "REST") do |url|
  response = Excon.get("#{url}/v1/orders")
  "#{response.status} #{response.reason_phrase}; body: #{response.body}"
end
exhibit("excon, expects and idempotent", version_of("excon"), "REST") do |url|
  Excon.get("#{url}/v1/orders", expects: 200, idempotent: true, retry_limit: 2)
rescue Excon::Error => error
  error.message.lines.first
end
require "httpclient"
exhibit("httpclient", version_of("httpclient"), "REST") do |url|
  HTTPClient.new.get_content("#{url}/v1/orders")
rescue HTTPClient::BadResponseError => error
  "#{error.class}, #{error.res.status} #{error.res.reason}; res.body: #{error.res.body}"
end
require "http"
exhibit("http.rb", version_of("http"), "REST") do |url|
  response = HTTP.get("#{url}/v1/orders")
  "#{response.status}; body: #{response.body}"
end
require "typhoeus"
exhibit("typhoeus", version_of("typhoeus"), "REST") do |url|
  response = Typhoeus.get("#{url}/v1/orders")
  "#{response.code} #{response.status_message}; body: #{response.body}"
end
require "curb"
exhibit("curb", version_of("curb"), "REST") do |url|
  answer = Curl.get("#{url}/v1/orders")
  "#{answer.status}; body: #{answer.body_str}"
end
require "mechanize"
exhibit("mechanize (Ruby)", version_of("mechanize"), "page") { |url| Mechanize.new.get("#{url}/orders") }
require "xmlrpc/client"
exhibit("xmlrpc (Ruby)", version_of("xmlrpc"), "XML-RPC") do |url|
  XMLRPC::Client.new2("#{url}/RPC2").call("orders.get", 7)
rescue XMLRPC::FaultException => error
  "fault #{error.faultCode}: #{error.faultString}"
end
require "soap/rpc/driver"
exhibit("soap4r", version_of("soap4r-ruby1.9"), "SOAP 1.1") do |url|
  driver = SOAP::RPC::Driver.new("#{url}/soap", "urn:example:orders")
  driver.add_method("GetOrder", "id")
  driver.GetOrder(7)
end
require "oauth2"
exhibit("oauth2 (Ruby)", version_of("oauth2"), "OAuth") do |url|
  OAuth2::Client.new("orders", "secret", site: url).client_credentials.get_token
rescue OAuth2::Error => error
  "#{error.code}: #{error.description}"
end
require "octokit"
exhibit("octokit (Ruby)", version_of("octokit"), "GitHub's API") do |url|
  Octokit::Client.new(api_endpoint: url, access_token: "x").user("octocat")
end
require "gitlab"
exhibit("gitlab (Ruby)", version_of("gitlab"), "GitLab's API") do |url|
  Gitlab.client(endpoint: "#{url}/api/v4", private_token: "x").projects
end
require "graphql/client"
require "graphql/client/http"
exhibit("graphql-client (Ruby)", version_of("graphql-client"), "GraphQL") do |url|
  document = Struct.new(:to_query_string).new("{ orders { total } }")
  GraphQL::Client::HTTP.new("#{url}/graphql").execute(document: document).fetch("errors").first["message"]
end
require "aws-sdk-s3"
exhibit("aws-sdk-s3 (Ruby)", version_of("aws-sdk-s3"), "S3") do |url|
  Aws::S3::Client.new(endpoint: url, region: "eu-west-1", force_path_style: true, retry_limit: 1,
                      credentials: Aws::Credentials.new("AKIDEXAMPLE", "example"))
                 .get_object(bucket: "orders", key: "7.pdf")
end
require "kubeclient"
exhibit("kubeclient", version_of("kubeclient"), "Kubernetes") do |url|
  Kubeclient::Client.new("#{url}/api", "v1").get_pods
end
require "docker"
exhibit("docker-api", version_of("docker-api"), "Docker Engine") do |url|
  Docker::Image.all({}, Docker::Connection.new(url, {}))
end
require "elasticsearch"
exhibit("elasticsearch (Ruby)", version_of("elasticsearch"), "Elasticsearch") do |url|
  Elasticsearch::Client.new(url: url).search(index: "orders")
end

# ------------------------------------------------------------------ services with a fixed address

require "asana"
# Asana's client asks one address for everything; it is sent elsewhere.
class Elsewhere < Faraday::Middleware
  def initialize(app, place)
    super(app)
    @place = place
  end

  def call(env)
    env.url = URI("#{@place}#{env.url.path}")
    @app.call(env)
  end
end
exhibit("asana (Ruby)", version_of("asana"), "Asana's API") do |url|
  client = Asana::Client.new do |asana|
    asana.authentication :access_token, "x"
    asana.faraday_adapter :net_http
    asana.configure_faraday { |connection| connection.use Elsewhere, url }
  end
  client.users.me
end
require "jira-ruby"
exhibit("jira-ruby", version_of("jira-ruby"), "Jira's API") do |url|
  JIRA::Client.new(username: "ann", password: "x", site: url, context_path: "", auth_type: :basic, use_ssl: false).Issue.find("ORDERS-7")
end
require "geocoder"
exhibit("geocoder", version_of("geocoder"), "geocoding") do |url|
  Geocoder.configure(lookup: :nominatim, nominatim: { host: url.delete_prefix("http://") }, use_https: false,
                     logger: Logger.new(File::NULL))
  "places: #{Geocoder.search("Vienna").inspect}"
end
require "slack-notifier"
exhibit("slack-notifier", version_of("slack-notifier"), "Slack's webhooks") do |url|
  response = Slack::Notifier.new("#{url}/services/x").ping("7")
  "#{response.code} #{response.message}"
end
