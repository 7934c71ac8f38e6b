#include "cli/client.h"

#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <optional>

#include "base/text.h"

namespace intermission::cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

struct Address {
  std::string host;
  std::string port;
};

std::optional<Address> address_of(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!base::istarts_with(url, kScheme)) return {};
  url.remove_prefix(kScheme.size());
  while (url.ends_with('/')) url.remove_suffix(1);
  const auto bracket = url.rfind(']');
  const auto colon = url.find(':', bracket == std::string_view::npos ? 0 : bracket);
  Address address{std::string(url.substr(0, colon)), "80"};
  if (colon != std::string_view::npos) address.port = url.substr(colon + 1);
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  const auto port = base::parse_number(address.port);
  if (address.host.empty() || !port || *port > 65535) return {};
  return address;
}

std::string authority_of(const Address& address) {
  const bool brackets = address.host.find(':') != std::string::npos;
  return (brackets ? "[" + address.host + "]" : address.host) + ":" + address.port;
}

std::string operator_name() {
  const char* user = std::getenv("USER");
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return base::printable(std::string(user == nullptr ? "" : user) + "@" + host.data(), 100);
}

/// How long to wait: for the whole, or for each step of it.
struct Patience {
  std::chrono::milliseconds lasts;
  bool begins_anew;
};

/// One connection for one call. Throws boost::system::system_error.
class Connection {
 public:
  Connection(const Address& address, const Patience& patience) : patience_(patience), stream_(io_) {
    stream_.expires_after(patience.lasts);
    asio::ip::tcp::resolver resolver(io_);
    const auto found = resolver.resolve(address.host, address.port);
    wait([&](auto done) {
      stream_.async_connect(found, [done](beast::error_code error, const auto&) { done(error); });
    });
  }

  void send(http::request<http::string_body>& request) {
    wait([&](auto done) {
      http::async_write(stream_, request,
                        [done](beast::error_code error, std::size_t) { done(error); });
    });
  }

  template <typename Parser>
  void read_header(Parser& parser) {
    wait([&](auto done) {
      http::async_read_header(stream_, buffer_, parser,
                              [done](beast::error_code error, std::size_t) { done(error); });
    });
  }

  template <typename Parser>
  void read_some(Parser& parser) {
    wait([&](auto done) {
      http::async_read_some(stream_, buffer_, parser,
                            [done](beast::error_code error, std::size_t) { done(error); });
    });
  }

 private:
  template <typename Start>
  void wait(Start start) {
    beast::error_code result;
    if (patience_.begins_anew) stream_.expires_after(patience_.lasts);
    start([&result](beast::error_code error) { result = error; });
    io_.restart();
    io_.run();
    if (result && result != http::error::need_buffer) throw boost::system::system_error(result);
  }

  const Patience patience_;
  asio::io_context io_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
};

http::request<http::string_body> make_request(std::string_view method, const std::string& path,
                                              const std::string& body, const std::string& host,
                                              const std::string& token) {
  http::request<http::string_body> request;
  request.method_string({method.data(), method.size()});
  request.target(path);
  request.set(http::field::host, host);
  request.set(http::field::connection, "close");
  request.set(http::field::authorization, "Bearer " + token);
  request.set("X-Operator", operator_name());
  if (!body.empty()) request.set(http::field::content_type, "application/json");
  request.body() = body;
  request.prepare_payload();
  return request;
}

/// Hands each piece of the body to `take`, until it is over or `take` returns false.
template <typename Parser, typename Take>
void read_pieces(Connection& connection, Parser& parser, Take take) {
  std::array<char, 8192> piece{};
  bool more = true;
  while (more && !parser.is_done()) {
    parser.get().body().data = piece.data();
    parser.get().body().size = piece.size();
    connection.read_some(parser);
    const std::size_t size = piece.size() - parser.get().body().size;
    if (size > 0) more = take(std::string_view(piece.data(), size));
  }
}

base::Error nobody(const std::string& url, const std::string& why) {
  return {"no gateway answers at " + url + " (" + why +
          "): is intermission serve running? --control-url or INTERMISSION_CONTROL_URL sets "
          "another URL"};
}

}  // namespace

base::Result<Reply> Client::call(std::string_view method, const std::string& path,
                                 const std::string& body) const {
  return exchange(method, path, body, {});
}

base::Result<Reply> Client::listen(const std::string& path,
                                   const std::function<bool(std::string_view)>& take) const {
  return exchange("GET", path, {}, take);
}

base::Result<Reply> Client::exchange(std::string_view method, const std::string& path,
                                     const std::string& body,
                                     const std::function<bool(std::string_view)>& take) const {
  const auto address = address_of(url_);
  if (!address) {
    return base::Error{"expected a control URL such as http://127.0.0.1:9099, got \"" +
                       base::printable(url_) + "\""};
  }
  Reply reply;
  try {
    Connection connection(*address, {patience_, take != nullptr});
    auto request = make_request(method, path, body, authority_of(*address), token_);
    connection.send(request);
    http::response_parser<http::buffer_body> parser;
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());
    connection.read_header(parser);
    reply.status = parser.get().result_int();
    read_pieces(connection, parser, [&](std::string_view piece) {
      if (take && reply.good()) return take(piece);
      reply.body += piece;
      return true;
    });
  } catch (const boost::system::system_error& error) {
    return nobody(url_, error.code().message());
  }
  return reply;
}

}  // namespace intermission::cli
