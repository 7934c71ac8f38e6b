#include "server/plain_head.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/limits.h"
#include "server/request_parser.h"
#include "support/request_cases.h"
#include "support/request_text.h"

namespace intermission::server {
namespace {

using testing::text_of;

constexpr std::string_view kBrowser =
    "GET /orders?x=%20y HTTP/1.1\r\n"
    "Host: orders.example.com\r\n"
    "Connection: keep-alive\r\n"
    "sec-ch-ua: \"Chromium\";v=\"126\"\r\n"
    "Accept:\ttext/html, */*;q=0.8 \r\n"
    "X-Empty:\r\n"
    "X-Obs-Text: caf\xc3\xa9\r\n"
    "Cookie: a=b; c:d\r\n"
    "\r\n";

bool is_plain(std::string_view head) {
  http::Request request;
  return read_plain_head(head, http::Limits(), request) > 0;
}

std::string with(std::string_view from, std::string_view to) {
  std::string head(kBrowser);
  const auto at = head.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return head.replace(at, from.size(), to);
}

// `head` is complete, as HeadScanner finds it.
void expect_as_beast_reads_it(std::string_view head) {
  const http::Limits limits;
  http::Request plain;
  Fault fault;
  RequestParser without(limits);
  const std::size_t size = without.read_plain_head(head, plain, fault);
  if (size == 0) return;
  http::Request request;
  RequestParser parser(limits);
  EXPECT_EQ(size, head.size());
  EXPECT_EQ(parser.read_head(head, request).why, fault.why) << head;
  EXPECT_EQ(text_of(plain), text_of(request)) << head;
  EXPECT_FALSE(!fault && parser.has_body()) << head;
}

TEST(PlainHead, TakesWhatABrowserSends) {
  http::Request request;
  http::Limits limits;
  limits.header_count = 7;
  limits.header_bytes = kBrowser.size();
  ASSERT_EQ(read_plain_head(kBrowser, limits, request), kBrowser.size());
  EXPECT_EQ(request.method(), "GET");
  EXPECT_EQ(request.path(), "/orders");
  EXPECT_EQ(request.query(), "x=%20y");
  EXPECT_EQ(request.version(), 11);
  EXPECT_EQ(request.value(http::Field::kAccept), "text/html, */*;q=0.8");
  EXPECT_EQ(request.value("Sec-CH-UA"), "\"Chromium\";v=\"126\"");
  EXPECT_EQ(request.value("x-empty"), "");
  EXPECT_EQ(request.value("X-Obs-Text"), "caf\xc3\xa9");
  EXPECT_EQ(request.value(http::Field::kCookie), "a=b; c:d");
  EXPECT_EQ(request.fields().size(), 7U);
  expect_as_beast_reads_it(kBrowser);
}

TEST(PlainHead, LeavesEveryDoubtToBeast) {
  const std::vector<std::string> heads = {
      with("HTTP/1.1", "HTTP/1.0"),
      with("HTTP/1.1", "HTTP/1.2"),
      with(" HTTP/1.1", "  HTTP/1.1"),
      with(" HTTP/1.1", "\tHTTP/1.1"),
      with("/orders", "orders"),
      with("/orders", "http://orders.example.com/"),
      with("/orders", "/or\tders"),
      with("/orders",
           "/or\x7f"
           "ders"),
      with("/orders", "/caf\xc3\xa9"),
      with("GET", "G(T"),
      with("GET", ""),
      with("Host:", "Host :"),
      with("X-Empty:", ":"),
      with("X-Empty:", "X-Empty"),
      with("X-Empty:", "X(Empty:"),
      with("X-Empty:", " X-Empty:"),
      with("X-Empty:", "\tX-Empty:"),
      with("X-Empty:", "X-\xc3\xa9mpty:"),
      with("a=b", std::string("a\0b", 3)),
      with("a=b", "a\rb"),
      with("a=b", "a\nb"),
      with("a=b",
           "a\x01"
           "b"),
      with("a=b",
           "a\x7f"
           "b"),
      with("a=b; c:d\r\n", "a=b\r\r\n"),
      with("a=b; c:d\r\n", "a=b\n"),
      with("keep-alive", "keep-alive, TE"),
      with("keep-alive", ""),
      with("keep-alive", "(keep-alive)"),
      with("X-Empty:", "Content-Length: 0"),
      with("X-Empty:", "Content-Length:"),
      with("X-Empty:", "content-length: 0"),
      with("X-Empty:", "Transfer-Encoding: chunked"),
      with("X-Empty:", "transfer-encoding:"),
      with("X-Empty:", "Proxy-Connection: (odd)"),
      with("X-Empty:", "proxy-connection: close"),
      std::string(kBrowser).substr(0, kBrowser.size() - 2),
      std::string(kBrowser).substr(0, kBrowser.size() - 1),
      "\r\n" + std::string(kBrowser),
      "",
  };
  for (const std::string& head : heads) EXPECT_FALSE(is_plain(head)) << head;
}

TEST(PlainHead, LeavesTooMuchToBeast) {
  http::Request request;
  http::Limits limits;
  limits.header_count = 6;
  EXPECT_EQ(read_plain_head(kBrowser, limits, request), 0U);
  limits.header_count = 7;
  EXPECT_EQ(read_plain_head(kBrowser, limits, request), kBrowser.size());
  limits.header_bytes = kBrowser.size() - 1;
  EXPECT_EQ(read_plain_head(kBrowser, limits, request), 0U);
}

TEST(PlainHead, EndsWithItsEmptyLineWhateverFollows) {
  http::Request request;
  for (const std::string_view next : {"GET / HTTP/1.0\r\n\r\n", "\r\n", "\x01", "G"}) {
    EXPECT_EQ(read_plain_head(std::string(kBrowser) + std::string(next), http::Limits(), request),
              kBrowser.size());
  }
}

// A control character hides nowhere: not at the edges of the blocks that are counted at once.
TEST(PlainHead, SeesAControlCharacterAtEveryPlace) {
  const std::string long_value(1000, 'v');
  const std::string head = "GET / HTTP/1.1\r\nHost: h\r\nX: " + long_value + "\r\n\r\n";
  ASSERT_TRUE(is_plain(head));
  const std::size_t start = head.find(long_value);
  for (std::size_t i = 0; i < long_value.size(); ++i) {
    for (const char control : {'\0', '\r', '\n', '\x1f', '\x7f'}) {
      std::string broken = head;
      broken[start + i] = control;
      EXPECT_FALSE(is_plain(broken)) << i;
    }
  }
}

// Nor does a line end, whichever block its CR and its LF stand in.
TEST(PlainHead, SeesALineEndAtEveryPlace) {
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string value(size, 'v');
    const std::string head = "GET / HTTP/1.1\r\nHost: h\r\nX: " + value + "\r\nY: z\r\n\r\n";
    const std::string bytes = head + "G";
    http::Request request;
    ASSERT_EQ(read_plain_head(bytes, http::Limits(), request), head.size()) << size;
    EXPECT_EQ(request.value("X"), value);
    EXPECT_EQ(request.value("Y"), "z");
    for (const std::string_view end : {"\r", "\n", "\n\r", "\r\r", "\n\n"}) {
      std::string broken = head;
      broken.replace(head.find("Y: z") - 2, 2, end);
      EXPECT_FALSE(is_plain(broken)) << size;
    }
  }
}

// Every byte in every place of a head: what is taken is what Beast reads.
TEST(PlainHead, ReadsAsBeastDoesWhateverOneByteIs) {
  std::size_t taken = 0;
  for (std::size_t i = 0; i < kBrowser.size(); ++i) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string head(kBrowser);
      head[i] = static_cast<char>(byte);
      if (head.find("\r\n\r\n") + 4 != head.size()) continue;  // the scanner hands over whole heads
      taken += is_plain(head) ? 1U : 0U;
      expect_as_beast_reads_it(head);
    }
  }
  EXPECT_GT(taken, 10'000U);
}

TEST(PlainHead, ReadsAsBeastDoesTheNamedRequests) {
  std::size_t taken = 0;
  for (const testing::RequestCase& one : testing::request_cases()) {
    const std::string_view bytes = one.bytes;
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) continue;
    const std::string_view head = bytes.substr(0, end + 4);
    taken += is_plain(head) ? 1U : 0U;
    expect_as_beast_reads_it(head);
  }
  EXPECT_GT(taken, 20U);
}

}  // namespace
}  // namespace intermission::server
