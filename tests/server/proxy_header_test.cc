#include "server/proxy_header.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/server.h"
#include "support/eventually.h"
#include "support/http1_harness.h"
#include "support/request_cases.h"
#include "support/wire_client.h"

namespace intermission::server {
namespace {

using Verdict = ProxyHeader::Verdict;

std::string version_2(char command, char family, const std::string& addresses) {
  std::string header("\r\n\r\n\0\r\nQUIT\n", 12);
  header += {command, family, static_cast<char>(addresses.size() >> 8),
             static_cast<char>(addresses.size() & 0xff)};
  return header + addresses;
}

const std::string kWholeHeaders[] = {
    "PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n",
    "PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n",
    "PROXY TCP4 192.0.2.1 198.51.100.7 65535 0\r\n",
    "PROXY UNKNOWN\r\n",
    "PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n",
    version_2('\x21', '\x11', std::string(12, 'a')),
    version_2('\x21', '\x21', std::string(36, 'a')),
    version_2('\x21', '\x11', std::string(12, 'a') + std::string(300, 't')),  // with TLVs
    version_2('\x20', '\0', ""),                                              // LOCAL
    version_2('\x21', '\x7f', std::string(5, 'x')),                           // unknown family
};

TEST(ProxyHeader, IsWholeAtItsLastByteAndNotBefore) {
  for (const std::string& header : kWholeHeaders) {
    for (std::size_t n = 0; n < header.size(); ++n) {
      EXPECT_EQ(read_proxy_header(header.substr(0, n)).verdict, Verdict::kMore) << header << n;
    }
    const ProxyHeader whole = read_proxy_header(header + "GET / HTTP/1.1\r\n");
    EXPECT_EQ(whole.verdict, Verdict::kWhole) << header;
    EXPECT_EQ(whole.size, header.size()) << header;
  }
}

TEST(ProxyHeader, IsReadNoFurtherThanItHasCome) {
  const std::string mark = version_2('\xff', '\x11', "").substr(0, 13);
  EXPECT_EQ(read_proxy_header(mark).verdict, Verdict::kNone);
  EXPECT_EQ(read_proxy_header(std::string_view(mark).substr(0, 12)).verdict, Verdict::kMore);
}

TEST(ProxyHeader, AnythingElseIsNone) {
  for (const std::string& bytes :
       {std::string("GET / HTTP/1.1\r\n"), std::string("PROXY\r\n"), std::string("PROXY TCP4\r\n"),
        std::string("PROXY TCP4 192.0.2.1 198.51.100.7 56324\r\n"),
        std::string("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443 1\r\n"),
        std::string("PROXY TCP4 192.0.2.1 198.51.100.7 56324 65536\r\n"),
        std::string("PROXY TCP4  192.0.2.1 198.51.100.7 1 2\r\n"),
        std::string("PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n"),
        std::string("PROXY TCP6 192.0.2.1 198.51.100.7 1 2\r\n"),
        "PROXY UNKNOWN" + std::string(100, 'x'),
        version_2('\x11', '\x11', std::string(12, 'a')),  // version 1 in the shape of 2
        version_2('\x22', '\x11', std::string(12, 'a')),  // no such command
        version_2('\x21', '\x11', std::string(5000, 'a'))}) {
    EXPECT_EQ(read_proxy_header(bytes).verdict, Verdict::kNone) << bytes;
  }
}

// The source that a header names; "none" where it names none.
std::string source_of(const std::string& header) {
  const auto source = read_proxy_header(header).source;
  return source ? source->text() : "none";
}

TEST(ProxyHeader, NamesTheClient) {
  EXPECT_EQ(source_of("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n"), "192.0.2.1");
  EXPECT_EQ(source_of("PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n"), "2001:db8::1");
  const std::string inet("\xc0\0\2\1\xc6\x33\x64\7\xdc\4\1\xbb", 12);
  EXPECT_EQ(source_of(version_2('\x21', '\x11', inet)), "192.0.2.1");
  EXPECT_EQ(source_of(version_2('\x21', '\x12', inet)), "192.0.2.1") << "a datagram's";
  EXPECT_EQ(source_of(version_2('\x21', '\x21', "\x20\x01" + std::string(34, '\1'))),
            "2001:101:101:101:101:101:101:101");
}

TEST(ProxyHeader, NamesNoClientWithoutAnAddress) {
  EXPECT_EQ(source_of("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"), "none");
  EXPECT_EQ(source_of(version_2('\x20', '\x11', std::string(12, 'a'))), "none") << "LOCAL";
  EXPECT_EQ(source_of(version_2('\x21', '\x31', std::string(216, 'a'))), "none") << "Unix";
  EXPECT_EQ(source_of(version_2('\x21', '\x11', std::string(11, 'a'))), "none") << "cut short";
  EXPECT_EQ(source_of(version_2('\x21', '\x21', std::string(35, 'a'))), "none") << "cut short";
}

// ---------------------------------------------------------------- over a socket

// Answers with the address of the client.
class PeerHandler final : public testing::MirrorHandler {
 public:
  http::Handled answer(const http::Request& request, http::Response& response) override {
    response.status = 200;
    const auto sender = request.sender();
    response.body.own() =
        request.peer().value().text() + " " + (sender ? sender->text() : "nobody");
    return {};
  }
};

const std::vector<http::Network> kLocal = {http::Network::parse("127.0.0.0/8").value()};

class ProxiedServer : public ::testing::Test {
 protected:
  void SetUp() override {
    Options options;
    options.address = "127.0.0.1";
    options.port = 0;
    options.limits.head_timeout_ms = 100;
    options.proxy_protocol = kLocal;
    options.report = [this](std::string_view trouble) { reported_ = trouble; };
    auto server = Server::start(options, [] { return std::make_unique<testing::MirrorHandler>(); });
    ASSERT_TRUE(server) << server.error().text();
    server_ = std::move(*server);
  }
  testing::WireClient client() const { return testing::WireClient(server_->port()); }

  std::string reported_;  // by the one worker; read after stop()
  std::unique_ptr<Server> server_;
};

const std::string kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

TEST_F(ProxiedServer, AnswersBehindEveryHeader) {
  for (const std::string& header : kWholeHeaders) {
    auto router = client();
    router.send(header + kGet);
    EXPECT_EQ(testing::status_of(router.response()), 200) << header;
    router.send(kGet);
    EXPECT_EQ(testing::status_of(router.response()), 200) << "only the connection starts with one";
  }
}

TEST(ProxiedPeer, IsWhomTheHeaderNamesForTheWholeConnection) {
  Options options;
  options.address = "127.0.0.1";
  options.port = 0;
  options.proxy_protocol = kLocal;
  auto server = Server::start(options, [] { return std::make_unique<PeerHandler>(); });
  ASSERT_TRUE(server) << server.error().text();
  const std::string get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  testing::WireClient named((*server)->port());
  named.send("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n");
  testing::WireClient nameless((*server)->port());
  nameless.send("PROXY UNKNOWN\r\n" + get);
  EXPECT_EQ(testing::body_of(nameless.response()), "127.0.0.1 nobody");
  for (int i = 0; i < 2; ++i) {
    named.send(get);
    EXPECT_EQ(testing::body_of(named.response()), "127.0.0.1 192.0.2.1");
  }
}

// Not whom the connection comes from, which is the router for all of them.
TEST(ProxiedPeer, IsWhoseConnectionsAreCounted) {
  Options options;
  options.address = "127.0.0.1";
  options.port = 0;
  options.proxy_protocol = kLocal;
  options.limits.connections_per_address = 1;
  auto server = Server::start(options, [] { return std::make_unique<PeerHandler>(); });
  ASSERT_TRUE(server) << server.error().text();
  const auto connect = [&](const std::string& source) {
    auto router = std::make_unique<testing::WireClient>((*server)->port());
    router->send("PROXY TCP4 " + source + " 198.51.100.7 56324 443\r\n" + kGet);
    return router;
  };
  auto first = connect("192.0.2.1");
  EXPECT_TRUE(first->response().ends_with(" 192.0.2.1"));
  EXPECT_TRUE(connect("192.0.2.2")->response().ends_with(" 192.0.2.2"));
  EXPECT_EQ(connect("192.0.2.1")->until_close(), "(reset)");
  first.reset();
  EXPECT_TRUE(testing::eventually([&] { return (*server)->connections() == 0; }));
  EXPECT_TRUE(connect("192.0.2.1")->response().ends_with(" 192.0.2.1"));
}

TEST(ProxiedPeer, CountsAsItsSocketUntilItNamesItself) {
  Options options;
  options.address = "127.0.0.1";
  options.port = 0;
  options.proxy_protocol = kLocal;
  options.limits.connections_per_address = 2;
  auto server = Server::start(options, [] { return std::make_unique<PeerHandler>(); });
  ASSERT_TRUE(server) << server.error().text();
  testing::WireClient first((*server)->port());
  testing::WireClient second((*server)->port());
  ASSERT_TRUE(testing::eventually([&] { return (*server)->connections() == 2; }));
  EXPECT_TRUE(testing::WireClient((*server)->port()).closed_silently());
  first.send("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n" + kGet);
  EXPECT_EQ(testing::status_of(first.response()), 200);
  second.send("PROXY UNKNOWN\r\n" + kGet);
  EXPECT_EQ(testing::status_of(second.response()), 200) << "still counts as its socket";
  testing::WireClient third((*server)->port());
  third.send("PROXY TCP4 192.0.2.1 198.51.100.7 56325 443\r\n" + kGet);
  EXPECT_EQ(testing::status_of(third.response()), 200);
}

// The same bytes from a peer that the configuration does not list.
TEST(ProxyHeaderFromElsewhere, IsNoHttpAndIsNeverBelieved) {
  Options options;
  options.address = "127.0.0.1";
  options.port = 0;
  options.proxy_protocol = {http::Network::parse("10.0.0.0/8").value()};
  auto server = Server::start(options, [] { return std::make_unique<PeerHandler>(); });
  ASSERT_TRUE(server) << server.error().text();
  for (const std::string& header : kWholeHeaders) {
    testing::WireClient forger((*server)->port());
    forger.send(header + kGet);
    EXPECT_EQ(testing::statuses(forger.until_close()), "400!") << header;
  }
  testing::WireClient direct((*server)->port());
  direct.send(kGet);
  EXPECT_EQ(testing::body_of(direct.response()), "127.0.0.1 127.0.0.1");
}

TEST_F(ProxiedServer, TheHeaderMayComeInPieces) {
  auto router = client();
  for (const char c : kWholeHeaders[0] + kGet) router.send(std::string(1, c));
  EXPECT_EQ(testing::status_of(router.response()), 200);
}

TEST_F(ProxiedServer, WithoutAHeaderNoClientIsAnswered) {
  auto direct = client();
  direct.send(kGet);
  EXPECT_EQ(direct.until_close(), "(reset)");
  server_->stop();
  EXPECT_EQ(reported_,
            "a connection from 127.0.0.1 was closed: it does not begin with a PROXY header, as "
            "listen.proxy_protocol demands of that address");
}

TEST_F(ProxiedServer, HalfAHeaderIsNotWaitedForLong) {
  auto half = client();
  half.send("PROXY TCP4 ");
  EXPECT_TRUE(half.closed_silently());
  auto ended = client();
  ended.send("PROXY TCP4 ");
  ended.finish();
  EXPECT_EQ(ended.until_close(), "(reset)");
}

}  // namespace
}  // namespace intermission::server
