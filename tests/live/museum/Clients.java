// Clients in Java, and what each shows its user: see tests/support/museum_program.py. They run side by
// side, because some of them wait a while before they give up.

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.googleapis.services.json.AbstractGoogleJsonClient;
import com.google.api.client.googleapis.services.json.AbstractGoogleJsonClientRequest;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpBackOffUnsuccessfulResponseHandler;
import com.google.api.client.http.HttpResponseException;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.util.ExponentialBackOff;
import com.mashape.unirest.http.Unirest;
import com.meterware.httpunit.WebConversation;
import com.sun.jersey.api.client.Client;
import com.sun.jersey.api.client.UniformInterfaceException;
import com.rometools.rome.io.SyndFeedInput;
import com.rometools.rome.io.XmlReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.ws.rs.GET;
import javax.ws.rs.WebApplicationException;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.soap.MessageFactory;
import javax.xml.soap.SOAPConnectionFactory;
import javax.xml.soap.SOAPConstants;
import javax.xml.soap.SOAPMessage;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import javax.xml.ws.Dispatch;
import javax.xml.ws.Service;
import javax.xml.ws.soap.SOAPBinding;
import javax.xml.ws.soap.SOAPFaultException;

public class Clients {
  interface Call {
    String see(String url) throws Exception;
  }

  record Exhibit(String client, String version, String speaks, Call call) {}

  private static final List<Exhibit> EXHIBITS = new ArrayList<>();
  private static final String JAVA = System.getProperty("java.version");
  private static final int SIDE_BY_SIDE = 4;
  private static final String ORDER = "<GetOrder xmlns=\"urn:example:orders:types\"><id>7</id></GetOrder>";

  /** What the call throws is seen too. */
  private static void exhibit(String client, String version, String speaks, Call call) {
    EXHIBITS.add(new Exhibit(client, version, speaks, call));
  }

  /** As the name of its file in /usr/share/java says. */
  private static String versionOf(String jar) {
    Pattern name = Pattern.compile(Pattern.quote(jar) + "-(v?\\d[\\w.+-]*)\\.jar");
    return Stream.of(new File("/usr/share/java").list()).map(name::matcher).filter(Matcher::matches)
        .map(found -> found.group(1)).findFirst().orElseThrow(() -> new IllegalStateException(jar));
  }

  private static String text(InputStream stream) throws IOException {
    return stream == null ? "none" : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String thrown(Throwable error) {
    return error.getClass().getName() + ": " + error.getMessage();
  }

  private static void show(Exhibit one, String url) {
    String seen;
    try {
      seen = one.call.see(url);
    } catch (Exception error) {
      seen = thrown(error);
    } catch (LinkageError error) {
      error.printStackTrace();
      System.exit(1);
      return;
    }
    System.out.println(String.join("\t", "exhibit", url, one.client, one.version, one.speaks,
                                   String.valueOf(seen).replaceAll("\\s+", " ")));
  }

  public static void main(String[] arguments) throws Exception {
    LogManager.getLogManager().reset();
    Logger.getLogger("").setLevel(Level.OFF);
    platform();
    libraries();
    apache();
    google();
    services();
    procedures();
    soap();
    documents();
    var pool = Executors.newFixedThreadPool(SIDE_BY_SIDE);
    String[] urls = System.getenv("CLIENT_URLS").split(" ");
    for (int i = 0; i < EXHIBITS.size(); ++i) {
      Exhibit one = EXHIBITS.get(i);
      String url = urls[i];
      pool.submit(() -> show(one, url));
    }
    pool.shutdown();
    pool.awaitTermination(3, TimeUnit.MINUTES);
    // Some clients have threads of their own that never end.
    System.exit(0);
  }

  private static void platform() {
    exhibit("HttpURLConnection (Java)", JAVA, "REST", url -> {
      var connection = (HttpURLConnection) new URL(url + "/v1/orders").openConnection();
      try {
        return text(connection.getInputStream());
      } catch (IOException error) {
        return thrown(error) + "; getErrorStream(): " + text(connection.getErrorStream());
      }
    });
    exhibit("HttpURLConnection (Java)", JAVA, "REST, POST of JSON", url -> {
      var connection = (HttpURLConnection) new URL(url + "/v1/orders").openConnection();
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      connection.getOutputStream().write("{\"id\":7}".getBytes(StandardCharsets.UTF_8));
      return connection.getResponseCode() + " " + connection.getResponseMessage() + "; getErrorStream(): "
          + text(connection.getErrorStream());
    });
    exhibit("URL.openStream (Java)", JAVA, "REST", url -> text(new URL(url + "/v1/orders").openStream()));
    exhibit("java.net.http.HttpClient", JAVA, "REST", url -> {
      var answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(url + "/v1/orders")).build(),
                                                   BodyHandlers.ofString());
      return answer.statusCode() + "; body: " + answer.body();
    });
    exhibit("java.net.http.WebSocket", JAVA, "WebSocket", url -> {
      try {
        HttpClient.newHttpClient().newWebSocketBuilder()
            .buildAsync(URI.create(url.replace("http:", "ws:") + "/updates"), new WebSocket.Listener() {}).join();
        return "connected";
      } catch (CompletionException error) {
        var refused = (WebSocketHandshakeException) error.getCause();
        return thrown(refused) + ", " + refused.getResponse().statusCode() + "; body: " + refused.getResponse().body();
      }
    });
    exhibit("DocumentBuilder (Java)", JAVA, "XML documents", url ->
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(url + "/orders.xml").toString());
  }

  private static void libraries() {
    String spring = org.springframework.core.SpringVersion.getVersion();
    exhibit("RestTemplate", spring, "REST", url ->
        new org.springframework.web.client.RestTemplate().getForObject(url + "/v1/orders", String.class));
    exhibit("RestTemplate", spring, "REST, POST of JSON", url -> {
      try {
        return new org.springframework.web.client.RestTemplate()
            .postForObject(url + "/v1/orders", java.util.Map.of("id", 7), String.class);
      } catch (org.springframework.web.client.HttpServerErrorException error) {
        return error.getMessage() + "; getResponseBodyAsString(): " + error.getResponseBodyAsString();
      }
    });
    exhibit("AsyncRestTemplate", spring, "REST", url -> {
      try {
        return new org.springframework.web.client.AsyncRestTemplate().getForEntity(url + "/v1/orders", String.class)
            .get().getBody();
      } catch (ExecutionException error) {
        return thrown(error.getCause());
      }
    });
    exhibit("OkHttp", versionOf("okhttp"), "REST", url -> {
      var request = new okhttp3.Request.Builder().url(url + "/v1/orders").build();
      try (var answer = new okhttp3.OkHttpClient().newCall(request).execute()) {
        return answer.code() + " " + answer.message() + "; body: " + answer.body().string();
      }
    });
    exhibit("OkHttp", versionOf("okhttp"), "WebSocket", url -> {
      var seen = new ArrayList<String>();
      var ended = new CountDownLatch(1);
      var request = new okhttp3.Request.Builder().url(url + "/updates").build();
      new okhttp3.OkHttpClient().newWebSocket(request, new okhttp3.WebSocketListener() {
        @Override
        public void onFailure(okhttp3.WebSocket socket, Throwable error, okhttp3.Response answer) {
          try {
            seen.add(error.getMessage() + "; body: " + answer.body().string());
          } catch (IOException unread) {
            seen.add(thrown(unread));
          }
          ended.countDown();
        }
      });
      ended.await(30, TimeUnit.SECONDS);
      return String.join("; ", seen);
    });
    exhibit("Jetty client", versionOf("jetty9-client"), "REST", url -> {
      var client = new org.eclipse.jetty.client.HttpClient();
      client.start();
      try {
        var answer = client.GET(url + "/v1/orders");
        return answer.getStatus() + " " + answer.getReason() + "; content: " + answer.getContentAsString();
      } finally {
        client.stop();
      }
    });
    exhibit("Unirest (Java)", versionOf("unirest-java"), "REST", url -> {
      var answer = Unirest.get(url + "/v1/orders").asString();
      return answer.getStatus() + " " + answer.getStatusText() + "; getBody(): " + answer.getBody();
    });
    exhibit("Jersey client", versionOf("jersey1-client"), "REST", url -> {
      try {
        return Client.create().resource(url + "/v1/orders").get(String.class);
      } catch (UniformInterfaceException error) {
        return thrown(error) + "; getEntity(): " + error.getResponse().getEntity(String.class);
      }
    });
    var resteasy = versionOf("resteasy-client");
    exhibit("RESTEasy client", resteasy, "REST", url -> {
      try {
        return new org.jboss.resteasy.client.jaxrs.ResteasyClientBuilder().build().target(url + "/v1/orders").request()
            .get(String.class);
      } catch (WebApplicationException error) {
        return thrown(error) + "; readEntity(): " + error.getResponse().readEntity(String.class);
      }
    });
    exhibit("RESTEasy proxy", resteasy, "REST", url ->
        new org.jboss.resteasy.client.jaxrs.ResteasyClientBuilder().build().target(url).proxy(Orders.class).list());
    exhibit("robust-http-client", versionOf("robust-http-client"), "downloads", url ->
        text(new org.jvnet.robust_http_client.RetryableHttpStream(new URL(url + "/orders.pdf"))));
  }

  /** The service as RESTEasy's proxies and others like them want it. */
  @javax.ws.rs.Path("/v1/orders")
  public interface Orders {
    @GET
    String list();
  }

  private static void apache() {
    String four = versionOf("httpclient");
    exhibit("Apache HttpClient 4", four, "REST", url -> {
      try (var client = org.apache.http.impl.client.HttpClients.createDefault();
           var answer = client.execute(new org.apache.http.client.methods.HttpGet(url + "/v1/orders"))) {
        return answer.getStatusLine() + "; entity: " + text(answer.getEntity().getContent());
      }
    });
    exhibit("Apache HttpClient 4, fluent", four, "REST", url ->
        org.apache.http.client.fluent.Request.Get(url + "/v1/orders").execute().returnContent().asString());
    exhibit("Apache HttpClient 4, DefaultServiceUnavailableRetryStrategy", four, "REST", url -> {
      var strategy = new org.apache.http.impl.client.DefaultServiceUnavailableRetryStrategy(1, 100);
      try (var client = org.apache.http.impl.client.HttpClients.custom()
                            .setServiceUnavailableRetryStrategy(strategy).build();
           var answer = client.execute(new org.apache.http.client.methods.HttpGet(url + "/v1/orders"))) {
        return answer.getStatusLine().getStatusCode() + ", after one more try";
      }
    });
    exhibit("Apache HttpAsyncClient 4", versionOf("httpasyncclient"), "REST", url -> {
      try (var client = org.apache.http.impl.nio.client.HttpAsyncClients.createDefault()) {
        client.start();
        var answer = client.execute(new org.apache.http.client.methods.HttpGet(url + "/v1/orders"), null).get();
        return answer.getStatusLine() + "; entity: " + text(answer.getEntity().getContent());
      }
    });
    String five = versionOf("httpclient5");
    exhibit("Apache HttpClient 5", five, "REST", url -> {
      try (var client = org.apache.hc.client5.http.impl.classic.HttpClients.createDefault()) {
        return client.execute(new org.apache.hc.client5.http.classic.methods.HttpGet(url + "/v1/orders"), answer ->
            answer.getCode() + " " + answer.getReasonPhrase() + "; entity: " + text(answer.getEntity().getContent()));
      }
    });
    exhibit("Apache HttpClient 5, fluent", five, "REST", url ->
        org.apache.hc.client5.http.fluent.Request.get(url + "/v1/orders").execute().returnContent().asString());
    exhibit("Commons HttpClient", versionOf("commons-httpclient"), "REST", url -> {
      var get = new org.apache.commons.httpclient.methods.GetMethod(url + "/v1/orders");
      new org.apache.commons.httpclient.HttpClient().executeMethod(get);
      return get.getStatusLine() + "; body: " + text(get.getResponseBodyAsStream());
    });
    exhibit("Maven Wagon", versionOf("wagon-http"), "downloads", url -> {
      var wagon = new org.apache.maven.wagon.providers.http.HttpWagon();
      wagon.connect(new org.apache.maven.wagon.repository.Repository("orders", url));
      wagon.get("orders-1.0.jar", File.createTempFile("orders", ".jar"));
      return "fetched";
    });
  }

  private static void google() {
    String version = versionOf("google-http-client");
    exhibit("google-http-client", version, "REST", url -> {
      try {
        return new NetHttpTransport().createRequestFactory().buildGetRequest(new GenericUrl(url + "/v1/orders"))
            .execute().parseAsString();
      } catch (HttpResponseException error) {
        return thrown(error);
      }
    });
    exhibit("google-http-client, ExponentialBackOff", version, "REST", url -> {
      var request = new NetHttpTransport().createRequestFactory().buildGetRequest(new GenericUrl(url + "/v1/orders"));
      request.setNumberOfRetries(1);
      request.setThrowExceptionOnExecuteError(false);
      request.setUnsuccessfulResponseHandler(new HttpBackOffUnsuccessfulResponseHandler(new ExponentialBackOff()));
      return request.execute().getStatusCode() + ", after one more try";
    });
    exhibit("google-api-client", versionOf("google-api-client"), "Google's APIs", url -> {
      try {
        return new GoogleFiles(url).list();
      } catch (GoogleJsonResponseException error) {
        return "getDetails().getMessage(): " + (error.getDetails() == null ? "none" : error.getDetails().getMessage());
      }
    });
  }

  /** As Google's generator writes clients. Debian's own of Drive wants a newer google-api-client than Debian's. */
  private static final class GoogleFiles extends AbstractGoogleJsonClient {
    private static final class Builder extends AbstractGoogleJsonClient.Builder {
      Builder(String url) {
        super(new NetHttpTransport(), new GsonFactory(), url + "/", "drive/v3/", null, false);
        setApplicationName("orders");
      }

      @Override
      public GoogleFiles build() {
        return new GoogleFiles(this);
      }
    }

    GoogleFiles(String url) {
      this(new Builder(url));
    }

    private GoogleFiles(Builder builder) {
      super(builder);
    }

    String list() throws IOException {
      return new AbstractGoogleJsonClientRequest<GenericJson>(this, "GET", "files", null, GenericJson.class) {}
          .execute().toString();
    }
  }

  private static void services() {
    exhibit("JGit", versionOf("org.eclipse.jgit"), "git", url ->
        org.eclipse.jgit.api.Git.lsRemoteRepository().setRemote(url + "/shop.git").call().toString());
    exhibit("SVNKit", versionOf("svnkit"), "Subversion", url -> {
      org.tmatesoft.svn.core.internal.io.dav.DAVRepositoryFactory.setup();
      return org.tmatesoft.svn.core.io.SVNRepositoryFactory
          .create(org.tmatesoft.svn.core.SVNURL.parseURIEncoded(url + "/svn/orders")).getLatestRevision() + "";
    });
    exhibit("LightCouch", versionOf("lightcouch"), "CouchDB", url -> {
      URI place = URI.create(url);
      var client = new org.lightcouch.CouchDbClient("orders", false, "http", place.getHost(), place.getPort(), null, null);
      return client.find(com.google.gson.JsonObject.class, "7").toString();
    });
  }

  private static void procedures() {
    exhibit("aXMLRPC", versionOf("axmlrpc"), "XML-RPC", url -> {
      try {
        return String.valueOf(new de.timroes.axmlrpc.XMLRPCClient(new URL(url + "/RPC2")).call("orders.get", 7));
      } catch (de.timroes.axmlrpc.XMLRPCServerException error) {
        return "fault " + error.getErrorNr() + ": " + error.getMessage();
      }
    });
    exhibit("dokujclient", versionOf("dokujclient"), "XML-RPC", url ->
        new dw.xmlrpc.DokuJClient(url + "/lib/exe/xmlrpc.php", "jane", "secret").getTitle());
    exhibit("Hessian", versionOf("hessian"), "Hessian", url -> {
      var factory = new com.caucho.hessian.client.HessianProxyFactory();
      return ((Orders) factory.create(Orders.class, url + "/hessian")).list();
    });
  }

  private static void soap() {
    String axis = versionOf("axis");
    for (String speaks : List.of("SOAP 1.1", "SOAP 1.2")) {
      exhibit("Axis", axis, speaks, url -> {
        var call = (org.apache.axis.client.Call) new org.apache.axis.client.Service().createCall();
        call.setTargetEndpointAddress(url + "/soap");
        call.setOperationName(new QName("urn:example:orders", "GetOrder"));
        if (speaks.endsWith("1.2")) call.setSOAPVersion(org.apache.axis.soap.SOAPConstants.SOAP12_CONSTANTS);
        try {
          return String.valueOf(call.invoke(new Object[] {7}));
        } catch (org.apache.axis.AxisFault fault) {
          return "AxisFault " + fault.getFaultCode().getLocalPart() + ": " + fault.getFaultString();
        }
      });
    }
    String metro = versionOf("jaxws-rt");
    for (String speaks : List.of("SOAP 1.1", "SOAP 1.2")) {
      exhibit("JAX-WS", metro, speaks, url -> {
        var port = new QName("urn:example:orders", "Port");
        Service service = Service.create(new QName("urn:example:orders", "OrderService"));
        service.addPort(port, speaks.endsWith("1.2") ? SOAPBinding.SOAP12HTTP_BINDING : SOAPBinding.SOAP11HTTP_BINDING,
                        url + "/soap");
        return invoke(service.createDispatch(port, Source.class, Service.Mode.PAYLOAD));
      });
    }
    exhibit("JAX-WS", metro, "SOAP, from ?wsdl", url -> {
      var service = Service.create(new URL(url + "/soap?wsdl"), new QName("urn:example:orders", "OrderService"));
      return invoke(service.createDispatch(new QName("urn:example:orders", "Port11"), Source.class, Service.Mode.PAYLOAD));
    });
    for (String protocol : List.of(SOAPConstants.SOAP_1_1_PROTOCOL, SOAPConstants.SOAP_1_2_PROTOCOL)) {
      exhibit("SAAJ", versionOf("saaj-impl"), protocol.replace(" Protocol", ""), url -> {
        SOAPMessage message = MessageFactory.newInstance(protocol).createMessage();
        message.getSOAPBody().addBodyElement(new QName("urn:example:orders:types", "GetOrder"));
        SOAPMessage reply = SOAPConnectionFactory.newInstance().createConnection().call(message, url + "/soap");
        return reply == null ? "no reply" : "fault: " + reply.getSOAPBody().getFault().getFaultString();
      });
    }
  }

  private static String invoke(Dispatch<Source> dispatch) {
    try {
      return String.valueOf(dispatch.invoke(new StreamSource(new StringReader(ORDER))));
    } catch (SOAPFaultException error) {
      var detail = error.getFault().getDetail();
      boolean declared = detail != null && detail.getTextContent().contains("SERVICE_UNAVAILABLE");
      return "SOAPFaultException: " + error.getMessage()
          + (declared ? "; ServiceUnavailable, code SERVICE_UNAVAILABLE: "
                 + ((org.w3c.dom.Element) detail.getFirstChild()).getElementsByTagNameNS("*", "message").item(0).getTextContent()
                      : "");
    }
  }

  private static void documents() {
    exhibit("jsoup", versionOf("jsoup"), "page", url -> org.jsoup.Jsoup.connect(url + "/orders").get().title());
    exhibit("HttpUnit", versionOf("httpunit"), "page", url ->
        new WebConversation().getResponse(url + "/orders").getTitle());
    exhibit("ROME", versionOf("rome"), "feeds", url ->
        new SyndFeedInput().build(new XmlReader(new URL(url + "/feed.xml"))).getTitle());
  }
}
