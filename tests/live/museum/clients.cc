// Clients in C++ and C, and what each shows its user: see tests/support/museum_program.py. soapcpp2
// writes the stubs of gSOAP from the service's WSDL when the test runs. Not the macro U of cpprest,
// which other headers take badly.
#define _TURN_OFF_PLATFORM_STRING
#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPStreamFactory.h>
#include <Poco/Net/WebSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <Poco/Version.h>
#include <cpprest/http_client.h>
#include <cpprest/version.h>
#include <cpprest/ws_client.h>
#include <curl/curl.h>
#include <httplib.h>
#include <jsonrpccpp/client.h>
#include <jsonrpccpp/client/connectors/httpclient.h>
#include <jsonrpccpp/version.h>
#include <libsoup/soup.h>
#include <ne_basic.h>
#include <ne_props.h>
#include <ne_session.h>
#include <ne_utils.h>
#include <xmlrpc-c/client.h>

#include <QCoreApplication>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <curlpp/Easy.hpp>
#include <curlpp/Options.hpp>
#include <curlpp/cURLpp.hpp>
#include <functional>
#include <iostream>
#include <memory>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "Orders11.nsmap"
#include "soapOrders11Proxy.h"

namespace {

std::istringstream urls(std::getenv("CLIENT_URLS"));

// What the call throws is seen too.
void exhibit(const std::string& client, const std::string& version, const std::string& speaks,
             const std::function<std::string(const std::string&)>& call) {
  std::string url;
  std::string sees;
  urls >> url;
  try {
    sees = call(url);
  } catch (const std::exception& error) {
    sees = error.what();
  }
  sees = std::regex_replace(sees, std::regex("\\s+"), " ");
  std::cout << "exhibit\t" << url << '\t' << client << '\t' << version << '\t' << speaks << '\t'
            << sees << std::endl;
}

std::string authority(const std::string& url) {
  return url.substr(url.find("//") + 2);
}
std::string host(const std::string& url) {
  return authority(url).substr(0, authority(url).find(':'));
}
std::string port(const std::string& url) {
  return url.substr(url.rfind(':') + 1);
}

std::size_t keep(char* data, std::size_t size, std::size_t count, void* out) {
  static_cast<std::string*>(out)->append(data, size * count);
  return size * count;
}

std::string curl(const std::string& url, bool fail_on_error) {
  std::string body;
  char why[CURL_ERROR_SIZE] = "";
  long status = 0;
  CURL* handle = curl_easy_init();
  curl_easy_setopt(handle, CURLOPT_URL, (url + "/v1/orders").c_str());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, why);
  curl_easy_setopt(handle, CURLOPT_FAILONERROR, fail_on_error ? 1L : 0L);
  curl_easy_perform(handle);
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_cleanup(handle);
  return fail_on_error ? why : std::to_string(status) + "; body: " + body;
}

void curls() {
  const std::string version = curl_version_info(CURLVERSION_NOW)->version;
  exhibit("libcurl", version, "REST", [](const std::string& url) { return curl(url, false); });
  exhibit("libcurl, CURLOPT_FAILONERROR", version, "REST",
          [](const std::string& url) { return curl(url, true); });
  exhibit("curlpp", LIBCURLPP_VERSION, "REST", [](const std::string& url) {
    std::ostringstream body;
    body << curlpp::options::Url(url + "/v1/orders");
    return "body: " + body.str();
  });
}

void cpprest() {
  const std::string version = std::to_string(CPPREST_VERSION_MAJOR) + "." +
                              std::to_string(CPPREST_VERSION_MINOR) + "." +
                              std::to_string(CPPREST_VERSION_REVISION);
  exhibit("cpprestsdk", version, "REST", [](const std::string& url) {
    auto answer =
        web::http::client::http_client(url).request(web::http::methods::GET, "/v1/orders").get();
    return std::to_string(answer.status_code()) + " " + answer.reason_phrase() +
           "; extract_json(): " + answer.extract_json().get().at("detail").as_string();
  });
  exhibit("cpprestsdk", version, "WebSocket", [](const std::string& url) {
    web::websockets::client::websocket_client().connect("ws:" + url.substr(5) + "/updates").get();
    return std::string("connected");
  });
}

std::string poco_version() {
  return std::to_string(POCO_VERSION >> 24) + "." + std::to_string(POCO_VERSION >> 16 & 255) + "." +
         std::to_string(POCO_VERSION >> 8 & 255);
}

template <typename Call>
std::string poco(const Call& call) {
  try {
    return call();
  } catch (const Poco::Exception& error) {
    return error.displayText();
  }
}

void pocos() {
  exhibit("Poco, HTTPClientSession", poco_version(), "REST", [](const std::string& url) {
    const Poco::URI uri(url);
    Poco::Net::HTTPClientSession session(uri.getHost(), uri.getPort());
    Poco::Net::HTTPRequest request("GET", "/v1/orders", "HTTP/1.1");
    Poco::Net::HTTPResponse response;
    std::string body;
    session.sendRequest(request);
    Poco::StreamCopier::copyToString(session.receiveResponse(response), body);
    return std::to_string(response.getStatus()) + " " + response.getReason() + "; body: " + body;
  });
  exhibit("Poco, HTTPStreamFactory", poco_version(), "downloads", [](const std::string& url) {
    return poco([&] {
      std::unique_ptr<std::istream> stream(
          Poco::Net::HTTPStreamFactory().open(Poco::URI(url + "/orders.pdf")));
      return std::string("opened");
    });
  });
  exhibit("Poco, WebSocket", poco_version(), "WebSocket", [](const std::string& url) {
    return poco([&] {
      const Poco::URI uri(url);
      Poco::Net::HTTPClientSession session(uri.getHost(), uri.getPort());
      Poco::Net::HTTPRequest request("GET", "/updates", "HTTP/1.1");
      Poco::Net::HTTPResponse response;
      Poco::Net::WebSocket socket(session, request, response);
      return std::string("connected");
    });
  });
}

void beast() {
  namespace http = boost::beast::http;
  const std::string version =
      std::to_string(BOOST_VERSION / 100000) + "." + std::to_string(BOOST_VERSION / 100 % 1000);
  const auto connected = [](boost::asio::io_context& context, const std::string& url) {
    boost::asio::ip::tcp::socket socket(context);
    boost::asio::connect(socket,
                         boost::asio::ip::tcp::resolver(context).resolve(host(url), port(url)));
    return socket;
  };
  exhibit("Boost.Beast", version, "REST", [&](const std::string& url) {
    boost::asio::io_context context;
    auto socket = connected(context, url);
    http::request<http::empty_body> request(http::verb::get, "/v1/orders", 11);
    request.set(http::field::host, authority(url));
    http::write(socket, request);
    boost::beast::flat_buffer buffer;
    http::response<http::string_body> response;
    http::read(socket, buffer, response);
    return std::to_string(response.result_int()) + " " + std::string(response.reason()) +
           "; body: " + response.body();
  });
  exhibit("Boost.Beast", version, "WebSocket", [&](const std::string& url) {
    boost::asio::io_context context;
    boost::beast::websocket::stream<boost::asio::ip::tcp::socket> stream(connected(context, url));
    boost::beast::websocket::response_type response;
    boost::system::error_code error;
    stream.handshake(response, authority(url), "/updates", error);
    return error.message() + "; " + std::to_string(response.result_int()) + " " +
           std::string(response.reason());
  });
}

std::string neon(const std::string& url, const std::function<int(ne_session*)>& ask) {
  ne_session* session =
      ne_session_create("http", host(url).c_str(), static_cast<unsigned>(std::stoul(port(url))));
  const std::string sees = ask(session) == NE_OK ? "taken for success" : ne_get_error(session);
  ne_session_destroy(session);
  return sees;
}

void neons() {
  const std::string version =
      std::regex_replace(ne_version_string(), std::regex("^neon ([0-9.]+).*"), "$1");
  exhibit("neon, ne_simple_propfind", version, "WebDAV", [](const std::string& url) {
    return neon(url, [](ne_session* session) {
      return ne_simple_propfind(
          session, "/files/", NE_DEPTH_ONE, nullptr,
          [](void*, const ne_uri*, const ne_prop_result_set*) {}, nullptr);
    });
  });
  exhibit("neon, ne_options2", version, "WebDAV", [](const std::string& url) {
    return neon(url, [](ne_session* session) {
      unsigned capabilities = 0;
      return ne_options2(session, "/files/", &capabilities);
    });
  });
}

void others(int argc, char** argv) {
  exhibit("cpp-httplib", CPPHTTPLIB_VERSION, "REST", [](const std::string& url) {
    const auto answer = httplib::Client(url).Get("/v1/orders");
    return std::to_string(answer->status) + " " + answer->reason + "; body: " + answer->body;
  });
  exhibit("libsoup",
          std::to_string(soup_get_major_version()) + "." + std::to_string(soup_get_minor_version()),
          "REST", [](const std::string& url) {
            SoupSession* session = soup_session_new();
            SoupMessage* message = soup_message_new("GET", (url + "/v1/orders").c_str());
            soup_session_send_message(session, message);
            const std::string sees = std::to_string(message->status_code) + " " +
                                     message->reason_phrase +
                                     "; response_body: " + message->response_body->data;
            g_object_unref(message);
            g_object_unref(session);
            return sees;
          });
  exhibit("QNetworkAccessManager", qVersion(), "REST", [&](const std::string& url) {
    QCoreApplication application(argc, argv);
    QNetworkAccessManager manager;
    QNetworkReply* reply =
        manager.get(QNetworkRequest(QUrl(QString::fromStdString(url + "/v1/orders"))));
    QObject::connect(reply, &QNetworkReply::finished, &application, &QCoreApplication::quit);
    QCoreApplication::exec();
    return reply->errorString().toStdString() + "; readAll(): " + reply->readAll().toStdString();
  });
}

void procedures() {
  exhibit("xmlrpc-c",
          std::to_string(xmlrpc_version_major) + "." + std::to_string(xmlrpc_version_minor) + "." +
              std::to_string(xmlrpc_version_point),
          "XML-RPC", [](const std::string& url) {
            xmlrpc_env env;
            xmlrpc_env_init(&env);
            xmlrpc_client_init2(&env, XMLRPC_CLIENT_NO_FLAGS, "orders", "1.0", nullptr, 0);
            xmlrpc_client_call(&env, (url + "/RPC2").c_str(), "orders.get", "(i)", 7);
            std::string sees = "fault " + std::to_string(env.fault_code) + ": " +
                               (env.fault_occurred != 0 ? env.fault_string : "none");
            xmlrpc_env_clean(&env);
            xmlrpc_client_cleanup();
            return sees;
          });
  exhibit(
      "libjson-rpc-cpp",
      std::to_string(JSONRPC_CPP_MAJOR_VERSION) + "." + std::to_string(JSONRPC_CPP_MINOR_VERSION) +
          "." + std::to_string(JSONRPC_CPP_PATCH_VERSION),
      "JSON-RPC", [](const std::string& url) {
        jsonrpc::HttpClient connector(url + "/rpc");
        return jsonrpc::Client(connector).CallMethod("orders.get", Json::Value()).toStyledString();
      });
}

std::string gsoap(const std::string& url, bool twelve) {
  const std::string endpoint = url + "/soap";
  Orders11Proxy proxy(endpoint.c_str());
  ns2__ById order;
  _ns2__OrderState state;
  order.id = "7";
  // The table that soapcpp2 writes names SOAP 1.2 where a WSDL has ports of both.
  std::vector<Namespace> names;
  for (const Namespace* name = namespaces; name->id != nullptr; ++name) names.push_back(*name);
  names.push_back({});
  if (!twelve) {
    names[0].ns = "http://schemas.xmlsoap.org/soap/envelope/";
    names[1].ns = "http://schemas.xmlsoap.org/soap/encoding/";
    soap_set_namespaces(proxy.soap, names.data());
  }
  if ((twelve ? proxy.GetOrder_(&order, state) : proxy.GetOrder(&order, state)) == SOAP_OK)
    return "taken for success";
  std::string sees = std::string(soap_fault_string(proxy.soap));
  const SOAP_ENV__Detail* detail =
      twelve ? proxy.soap->fault->SOAP_ENV__Detail : proxy.soap->fault->detail;
  if (detail != nullptr && detail->ns2__ServiceUnavailable != nullptr) {
    sees += "; ServiceUnavailable: " + detail->ns2__ServiceUnavailable->message;
  }
  return sees;
}

void gsoaps() {
  const std::string version = std::to_string(GSOAP_VERSION / 100000) + "." +
                              std::to_string(GSOAP_VERSION / 1000 % 100) + "." +
                              std::to_string(GSOAP_VERSION % 1000);
  exhibit("gSOAP", version, "SOAP 1.1", [](const std::string& url) { return gsoap(url, false); });
  exhibit("gSOAP", version, "SOAP 1.2", [](const std::string& url) { return gsoap(url, true); });
}

}  // namespace

int main(int argc, char** argv) {
  curls();
  cpprest();
  pocos();
  beast();
  neons();
  others(argc, argv);
  procedures();
  gsoaps();
  // Some clients have threads of their own that never end.
  std::quick_exit(0);
}
