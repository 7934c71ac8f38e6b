#include "server/http2_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>

#include "server/preamble.h"
#include "support/http2_harness.h"
#include "support/request_cases.h"

namespace intermission::server {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::Http2Client;
using testing::Http2Harness;
using ::testing::Pair;
using ::testing::StartsWith;
using Fields = Http2Client::Fields;

http::Limits limits() {
  return testing::small_limits();
}

Fields post(const std::string& path) {
  return {{":method", "POST"}, {":scheme", "http"}, {":path", path}, {":authority", "h"}};
}

Fields with(Fields fields, const std::string& name, const std::string& value) {
  fields.emplace_back(name, value);
  return fields;
}

// A frame as bytes (RFC 9113 §4.1).
std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                  std::string_view payload) {
  std::string out;
  for (const int shift : {16, 8, 0}) out += static_cast<char>(payload.size() >> shift & 0xff);
  out += static_cast<char>(type);
  out += static_cast<char>(flags);
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(stream >> shift & 0xff);
  return out.append(payload);
}

// A field line as HPACK's literal without indexing (RFC 7541 §6.2.2), shorter than 127 bytes.
std::string literal(const std::string& name, const std::string& value) {
  std::string out(1, '\0');
  for (const std::string& text : {name, value}) out += static_cast<char>(text.size()) + text;
  return out;
}

// How many frames of that type there are.
int frames(std::uint8_t type, std::string_view sent) {
  int count = 0;
  while (sent.size() >= 9) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(sent[at]); };
    const std::size_t size = std::size_t{byte(0)} << 16 | std::size_t{byte(1)} << 8 | byte(2);
    if (byte(3) == type) ++count;
    sent.remove_prefix(std::min(sent.size(), 9 + size));
  }
  return count;
}

// The error codes of all GOAWAY frames.
std::vector<std::uint32_t> goaways(std::string_view sent) {
  std::vector<std::uint32_t> codes;
  while (sent.size() >= 9) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(sent[at]); };
    const std::size_t size = std::size_t{byte(0)} << 16 | std::size_t{byte(1)} << 8 | byte(2);
    if (byte(3) == NGHTTP2_GOAWAY) codes.push_back(byte(16));
    sent.remove_prefix(9 + size);
  }
  return codes;
}

constexpr std::uint8_t kWhole = NGHTTP2_FLAG_END_HEADERS | NGHTTP2_FLAG_END_STREAM;

// One request to a server with small limits.
Http2Client::Answer ask(const Fields& fields, std::string_view body = {}) {
  Http2Harness harness(limits());
  const auto id = harness.client.request(fields, body);
  harness.exchange();
  return harness.client.answer(id);
}

// ------------------------------------------------------------------ messages (RFC 9113 §8)

TEST(Http2Requests, AreTheSameAsThoseOfHttp1) {
  const auto answer = ask({{":method", "GET"},
                           {":scheme", "http"},
                           {":path", "/a?b=c"},
                           {":authority", "orders.example.com"},
                           {"accept", "text/html"}});
  EXPECT_EQ(answer.status(), "200");
  EXPECT_EQ(answer.body, "GET|/a?b=c|orders.example.com|20|2|orders.example.com|text/html||whole");
  EXPECT_EQ(answer.value("content-length"), std::to_string(answer.body.size()));
  EXPECT_EQ(answer.value("date"), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_TRUE(answer.ended);
  EXPECT_FALSE(answer.reset);
}

TEST(Http2Requests, HaveTheirLinesInOrder) {
  EXPECT_EQ(ask(with(with(post("/"), "a", "1"), "long-name", "22")).body,
            "POST|/|h|20|3|h|1|22||whole");
}

TEST(Http2Requests, HaveTheirHostFromHostWhereThereIsNoAuthority) {
  const auto answer =
      ask({{":method", "GET"}, {":scheme", "http"}, {":path", "/"}, {"host", "shop"}});
  EXPECT_EQ(answer.body, "GET|/|shop|20|1|shop||whole");
}

// Routers make such requests of HTTP/1.0.
TEST(Http2Requests, MayNameNoHost) {  // §8.3.1
  const auto answer = ask({{":method", "GET"}, {":scheme", "http"}, {":path", "/"}});
  EXPECT_EQ(answer.body, "GET|/||20|0||whole");
}

TEST(Http2Requests, MayNameTheSameHostTwice) {
  const auto answer = ask(with(post("/"), "host", "H"));
  EXPECT_EQ(answer.body, "POST|/|H|20|1|H||whole");
}

TEST(Http2Requests, ThatNameTwoHostsAreMalformed) {  // §8.3.1
  const auto answer = ask(with(post("/"), "host", "other"));
  EXPECT_EQ(answer.reset, NGHTTP2_PROTOCOL_ERROR);
  EXPECT_EQ(answer.status(), "");
}

TEST(Http2Requests, WhoseHostCouldNotBeOneAre400) {
  const auto answer =
      ask({{":method", "GET"}, {":scheme", "http"}, {":path", "/"}, {"host", "user@h"}});
  EXPECT_EQ(answer.status(), "400");
  EXPECT_THAT(answer.body, HasSubstr("Host is malformed"));
}

TEST(Http2Requests, HaveOneCookieFieldHoweverItWasCut) {  // §8.2.3
  Fields fields = post("/");
  for (const char* crumb : {"a=1", "b=2", "c=3"}) fields.emplace_back("cookie", crumb);
  EXPECT_EQ(ask(fields).body, "POST|/|h|20|2|h|a=1; b=2; c=3||whole");
}

TEST(Http2Requests, OfHeadHaveTheLengthAndNoBody) {
  const auto answer =
      ask({{":method", "HEAD"}, {":scheme", "http"}, {":path", "/"}, {":authority", "h"}});
  EXPECT_EQ(answer.status(), "200");
  EXPECT_NE(answer.value("content-length"), "0");
  EXPECT_EQ(answer.body, "");
  EXPECT_TRUE(answer.ended);
}

TEST(Http2Requests, OfConnectAreAnswered) {  // §8.5
  const auto answer = ask({{":method", "CONNECT"}, {":authority", "h:443"}});
  EXPECT_THAT(answer.body, StartsWith("CONNECT|h:443|h|20|"));
}

TEST(Http2Requests, BeyondTheLimitsAre431) {
  EXPECT_EQ(ask(with(post("/"), "a", std::string(1100, 'x'))).status(), "431");
  Fields many = post("/");
  for (int i = 0; i < 16; ++i) many.emplace_back("a", "b");
  EXPECT_EQ(ask(many).status(), "200");
  many.emplace_back("a", "b");
  EXPECT_EQ(ask(many).status(), "431");
}

TEST(Http2Requests, ThatAreCutIntoCrumbsOfCookiesAreBoundedToo) {
  Fields many = post("/");
  for (int i = 0; i < 17; ++i) many.emplace_back("cookie", "a=b");
  EXPECT_EQ(ask(many).status(), "431");
}

class Http2Malformed : public ::testing::TestWithParam<std::pair<const char*, Fields>> {};

TEST_P(Http2Malformed, IsReset) {
  Http2Harness harness(limits(), {.checks_messages = false, .initial_window = {}});
  const auto wrong = harness.client.request(GetParam().second);
  const auto right = harness.client.get("/");
  harness.exchange();
  EXPECT_EQ(harness.client.answer(wrong).reset, NGHTTP2_PROTOCOL_ERROR);
  EXPECT_EQ(harness.client.answer(wrong).status(), "");
  EXPECT_EQ(harness.client.answer(right).status(), "200") << "the connection goes on";
}

INSTANTIATE_TEST_SUITE_P(
    Section8, Http2Malformed,
    ::testing::Values(
        std::pair{"8.2.1 CR in a value", with(post("/"), "a", "b\rc")},
        std::pair{"8.2.1 LF in a value", with(post("/"), "a", "b\nc")},
        std::pair{"8.2.1 NUL in a value", with(post("/"), "a", std::string("b\0c", 3))},
        std::pair{"8.2.1 a space in a name", with(post("/"), "a b", "c")},
        std::pair{"8.2.1 an empty name", with(post("/"), "", "c")},
        std::pair{"8.2.2 Connection", with(post("/"), "connection", "close")},
        std::pair{"8.2.2 Keep-Alive", with(post("/"), "keep-alive", "timeout=5")},
        std::pair{"8.2.2 Proxy-Connection", with(post("/"), "proxy-connection", "close")},
        std::pair{"8.2.2 Transfer-Encoding", with(post("/"), "transfer-encoding", "chunked")},
        std::pair{"8.2.2 Upgrade", with(post("/"), "upgrade", "websocket")},
        std::pair{"8.2.2 TE", with(post("/"), "te", "gzip")},
        std::pair{"8.3 a pseudo-header field behind others",
                  Fields{{":method", "GET"}, {":scheme", "http"}, {"a", "b"}, {":path", "/"}}},
        std::pair{"8.3 one of an answer", with(post("/"), ":status", "200")},
        std::pair{"8.3 an unknown pseudo-header field",
                  Fields{{":method", "GET"},
                         {":scheme", "http"},
                         {":path", "/"},
                         {":protocol", "websocket"}}},
        std::pair{"8.3.1 no method", Fields{{":scheme", "http"}, {":path", "/"}}},
        std::pair{"8.3.1 no path", Fields{{":method", "GET"}, {":scheme", "http"}}},
        std::pair{
            "8.3.1 an empty authority",
            Fields{{":method", "GET"}, {":scheme", "http"}, {":path", "/"}, {":authority", ""}}},
        std::pair{"8.5 CONNECT without an authority", Fields{{":method", "CONNECT"}}},
        std::pair{"8.3.1 a host that could not be one",
                  Fields{{":method", "GET"}, {":scheme", "http"}, {":path", "/"}, {"host", "a b"}}},
        std::pair{"8.3.1 no scheme", Fields{{":method", "GET"}, {":path", "/"}}},
        std::pair{"8.3.1 an empty path",
                  Fields{{":method", "GET"}, {":scheme", "http"}, {":path", ""}}},
        std::pair{"8.3.1 a path without a slash",
                  Fields{{":method", "GET"}, {":scheme", "http"}, {":path", "a"}}},
        std::pair{"8.3.1 an asterisk without OPTIONS",
                  Fields{{":method", "GET"}, {":scheme", "http"}, {":path", "*"}}},
        std::pair{
            "8.3.1 two paths",
            Fields{{":method", "GET"}, {":scheme", "http"}, {":path", "/a"}, {":path", "/b"}}},
        std::pair{"8.3.1 two authorities", Fields{{":method", "GET"},
                                                  {":scheme", "http"},
                                                  {":path", "/"},
                                                  {":authority", "a"},
                                                  {":authority", "b"}}},
        std::pair{"8.3.1 two hosts", with(with(post("/"), "host", "h"), "host", "h")},
        std::pair{
            "8.5 CONNECT with a path",
            Fields{
                {":method", "CONNECT"}, {":scheme", "http"}, {":path", "/"}, {":authority", "h"}}},
        std::pair{"8.1.1 two lengths",
                  with(with(post("/"), "content-length", "0"), "content-length", "1")},
        std::pair{"8.1.1 a length that is no number", with(post("/"), "content-length", "x")},
        std::pair{"8.1.1 a length that does not come", with(post("/"), "content-length", "5")}));

TEST(Http2Requests, WithNamesInUpperCaseAreReset) {  // §8.2.1
  Http2Harness harness(limits());
  const auto id = static_cast<std::uint32_t>(harness.client.get("/"));
  harness.client.to_send();
  std::string block;
  for (const auto& [name, value] : with(post("/"), "Accept", "a")) block += literal(name, value);
  harness.receive(std::string(kHttp2Preface) + frame(NGHTTP2_SETTINGS, 0, 0, ""));
  harness.receive(frame(NGHTTP2_HEADERS, kWhole, id, block));
  EXPECT_EQ(harness.client.answer(static_cast<std::int32_t>(id)).reset, NGHTTP2_PROTOCOL_ERROR);
}

TEST(Http2Requests, WithMoreBodyThanAnnouncedAreReset) {  // §8.1.1
  Http2Harness harness(limits(), {.checks_messages = false, .initial_window = {}});
  const auto id = harness.client.request(with(post("/peek"), "content-length", "2"), "abc");
  harness.exchange();
  EXPECT_EQ(harness.client.answer(id).reset, NGHTTP2_PROTOCOL_ERROR);
}

// ------------------------------------------------------------------ bodies

TEST(Http2Bodies, AreKeptWhereAskedFor) {
  EXPECT_THAT(ask(post("/peek"), "0123456789").body, EndsWith("|0123456789|whole"));
  EXPECT_THAT(ask(post("/"), "0123456789").body, EndsWith("||part"));
  EXPECT_THAT(ask(post("/")).body, EndsWith("||whole"));
}

TEST(Http2Bodies, AreKeptToTheirBound) {
  EXPECT_THAT(ask(post("/peek"), "0123456789abcdef").body, EndsWith("|0123456789abcdef|whole"));
  EXPECT_THAT(ask(post("/peek"), "0123456789abcdefg").body, EndsWith("|0123456789abcdef|part"));
}

TEST(Http2Bodies, ThatAreTooLargeOrThatNobodyReadsAreNotWaitedFor) {
  for (const auto& fields :
       {with(post("/peek"), "content-length", "65"), with(post("/"), "expect", "100-continue"),
        with(with(post("/peek"), "content-length", "65"), "expect", "100-continue"),
        post("/refuse"), with(post("/refuse"), "expect", "100-continue")}) {
    Http2Harness harness(limits());
    const auto id = harness.client.request(fields, {}, false);
    harness.exchange();
    EXPECT_THAT(harness.client.answer(id).body, EndsWith("||part"));
    EXPECT_TRUE(harness.client.answer(id).ended);
    EXPECT_EQ(harness.client.answer(id).status(), "200");
    EXPECT_FALSE(harness.client.answer(id).reset) << "its client may still be sending";
  }
}

TEST(Http2Bodies, ThatAreReadAreAskedFor) {
  Http2Harness harness(limits());
  const auto id = harness.client.request(with(post("/peek"), "expect", "100-continue"), {}, false);
  harness.exchange();
  const auto& answer = harness.client.answer(id);
  EXPECT_THAT(answer.fields, ElementsAre(Pair(":status", "100")));
  EXPECT_FALSE(answer.ended);
  harness.client.send_more(id, "body", true);
  harness.exchange();
  EXPECT_THAT(answer.fields, Contains(Pair(":status", "200")));
  EXPECT_THAT(answer.body, EndsWith("|body|whole"));
  EXPECT_TRUE(answer.ended);
}

// Some routers take an answer before the end of the request for a failure.
TEST(Http2Bodies, WhoseLengthIsAnnouncedAreWaitedFor) {
  for (const auto& [path, body] :
       {std::pair{"/", "||part"}, std::pair{"/peek", "|0123456789abcdef|part"}}) {
    Http2Harness harness(limits());
    const auto id = harness.client.request(with(post(path), "content-length", "20"),
                                           "0123456789abcdefghi", false);
    harness.exchange();
    EXPECT_EQ(harness.client.answer(id).status(), "");
    harness.client.send_more(id, "j", true);
    harness.exchange();
    EXPECT_THAT(harness.client.answer(id).body, EndsWith(body));
    EXPECT_TRUE(harness.client.answer(id).closed);
  }
}

TEST(Http2Bodies, AreAnsweredBeforeTheirEndWhereTheyAreNotNeeded) {
  Http2Harness harness(limits());
  const auto id = harness.client.request(post("/"), "a", false);
  harness.exchange();
  EXPECT_TRUE(harness.client.answer(id).ended);
  EXPECT_FALSE(harness.client.answer(id).closed);
  harness.client.send_more(id, "b", true);
  harness.exchange();
  EXPECT_TRUE(harness.client.answer(id).closed);
  EXPECT_TRUE(harness.session().is_idle());
}

TEST(Http2Bodies, WithoutEndAreReset) {  // §8.1: NO_ERROR, once the answer is complete
  Http2Harness harness(limits());
  const auto id = harness.client.request(post("/"), std::string(64, 'a'), false);
  harness.exchange();
  EXPECT_FALSE(harness.client.answer(id).reset);
  harness.client.send_more(id, "b", false);
  harness.exchange();
  EXPECT_EQ(harness.client.answer(id).reset, NGHTTP2_NO_ERROR);
  EXPECT_EQ(harness.client.answer(id).status(), "200");
}

TEST(Http2Bodies, ThatAreLongAndWholeAreNotReset) {
  Http2Harness harness(limits());
  const auto id = harness.client.request(post("/"), std::string(200, 'a'));
  harness.exchange();
  EXPECT_EQ(harness.client.answer(id).status(), "200");
  EXPECT_TRUE(harness.client.answer(id).closed);
  EXPECT_FALSE(harness.client.answer(id).reset);
}

TEST(Http2Bodies, ThatDoNotComeInTimeAre408) {
  Http2Harness harness(limits());
  const auto id = harness.client.request(post("/peek"), "a", false);
  harness.exchange();
  EXPECT_EQ(harness.session().waits_for(), TimerClass::kBody);
  harness.pass(limits().body_timeout_ms - 1);
  harness.time_out();
  EXPECT_EQ(harness.client.answer(id).status(), "");
  harness.pass(1);
  harness.time_out();
  EXPECT_EQ(harness.client.answer(id).status(), "408");
  EXPECT_EQ(harness.client.answer(id).reset, NGHTTP2_NO_ERROR);
}

TEST(Http2Bodies, OfAnsweredRequestsEndInTimeOrAreReset) {
  Http2Harness harness(limits());
  const auto id = harness.client.request(post("/"), "a", false);
  harness.exchange();
  EXPECT_EQ(harness.session().waits_for(), TimerClass::kBody);
  harness.pass(limits().body_timeout_ms);
  harness.time_out();
  EXPECT_EQ(harness.client.answer(id).reset, NGHTTP2_NO_ERROR);
}

TEST(Http2Bodies, HaveTrailersThatChangeNothing) {
  Http2Harness harness(limits());
  const auto id = harness.client.request(post("/peek"), "abc", true);
  harness.exchange();
  EXPECT_THAT(harness.client.answer(id).body, EndsWith("|abc|whole"));
}

// ------------------------------------------------------------------ answers

TEST(Http2Answers, ComeInAnyOrder) {
  Http2Harness harness(limits());
  const auto slow = harness.client.request(post("/peek"), "a", false);
  const auto quick = harness.client.get("/b");
  harness.exchange();
  EXPECT_EQ(harness.client.answer(slow).status(), "");
  EXPECT_EQ(harness.client.answer(quick).status(), "200");
  harness.client.send_more(slow, "b", true);
  harness.exchange();
  EXPECT_THAT(harness.client.answer(slow).body, EndsWith("|ab|whole"));
}

TEST(Http2Answers, HaveNoMixUpAmongHundred) {
  Http2Harness harness(limits());
  std::vector<std::int32_t> ids;
  for (int i = 0; i < 100; ++i) ids.push_back(harness.client.get("/" + std::to_string(i)));
  harness.exchange();
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(harness.client.answer(ids[static_cast<std::size_t>(i)]).body,
                StartsWith("GET|/" + std::to_string(i) + "|"));
  }
}

TEST(Http2Answers, HaveNoMoreFramesThanTheyNeed) {
  Http2Harness harness(limits());
  harness.client.get("/");
  harness.exchange();
  EXPECT_EQ(frames(NGHTTP2_HEADERS, harness.sent()), 1);
  EXPECT_EQ(frames(NGHTTP2_DATA, harness.sent()), 1);
  harness.client.get("/trailers");
  harness.exchange();
  EXPECT_EQ(frames(NGHTTP2_HEADERS, harness.sent()), 3);
}

TEST(Http2Answers, MayHaveTrailers) {  // §8.1
  const auto answer = ask(post("/trailers"));
  EXPECT_THAT(answer.body, EndsWith("|whole"));
  EXPECT_EQ(answer.fields.back(), (std::pair<std::string, std::string>("x-end", "yes")));
  EXPECT_TRUE(answer.ended);
  EXPECT_FALSE(answer.reset);
}

TEST(Http2Answers, AreTakenAsTheWindowAllows) {  // §5.2
  Http2Harness harness(limits(), {.checks_messages = true, .initial_window = 10});
  const auto id = harness.client.get("/a");
  harness.exchange();
  EXPECT_EQ(harness.client.answer(id).body, "GET|/a|h|2");
  EXPECT_EQ(harness.session().waits_for(), TimerClass::kWrite);
  harness.client.open_window(id, 1000);
  harness.exchange();
  EXPECT_THAT(harness.client.answer(id).body, EndsWith("|whole"));
  EXPECT_TRUE(harness.session().is_idle());
}

TEST(Http2Answers, ThatNoClientTakesEnd) {
  for (const std::uint32_t window : {0U, 1U}) {
    Http2Harness harness(limits(), {.checks_messages = true, .initial_window = window});
    const auto id = harness.client.get("/a");
    harness.exchange();
    // A byte at a time is no progress.
    for (int i = 0; i < 10; ++i) {
      harness.pass(limits().write_timeout_ms / 10);
      harness.client.open_window(id, 1);
      harness.exchange();
    }
    EXPECT_EQ(harness.client.answer(id).reset, NGHTTP2_CANCEL);
    EXPECT_TRUE(harness.session().is_idle());
  }
}

// ------------------------------------------------------------------ answers that come with time

// What the handler of a test knows and has seen.
struct World {
  std::set<std::string> known;                       // paths of deferred answers
  std::deque<std::pair<std::string, bool>> words;    // of a stream; whether there are more
  std::vector<std::pair<int, std::string>> refused;  // statuses and targets
  int answered = 0;
};

class Later final : public http::DeferredAnswer {
 public:
  Later(std::string path, const World& world) : path_(std::move(path)), world_(world) {}
  bool take(http::Response& response) override {
    if (!world_.known.contains(path_)) return false;
    response.status = 201;
    response.body.own() = "at last";
    return true;
  }

 private:
  const std::string path_;
  const World& world_;
};

class Words final : public http::Stream {
 public:
  explicit Words(World& world) : world_(world) {}
  bool read(std::string& out) override {
    if (world_.words.empty()) return true;
    const auto [text, more] = world_.words.front();
    world_.words.pop_front();
    out += text;
    return more;
  }

 private:
  World& world_;
};

class WorldHandler final : public testing::MirrorHandler {
 public:
  explicit WorldHandler(World& world) : world_(world) {}
  http::Handled answer(const http::Request& request, http::Response& response) override {
    ++world_.answered;
    http::Handled handled = MirrorHandler::answer(request, response);
    const std::string path(request.path());
    if (path.starts_with("/later")) handled.deferred = std::make_unique<Later>(path, world_);
    if (path == "/stream") response.stream = std::make_unique<Words>(world_);
    if (path == "/long") response.body.own().assign(8000, 'l');
    if (path == "/fails") throw std::runtime_error("on purpose");
    if (path == "/101") response.status = 101;
    if (path == "/204") response.status = 204;
    if (path == "/304") response.status = 304;
    return handled;
  }
  void refused(std::uint16_t status, const http::Request& request) override {
    world_.refused.emplace_back(status, request.target());
  }

 private:
  World& world_;
};

class Http2World : public ::testing::Test {
 protected:
  // To a client that takes so much of each answer.
  Http2Harness& begin(const Http2Client::Settings& settings = {}) {
    harness_.emplace(limits(), settings, std::make_unique<WorldHandler>(world_));
    harness_->exchange();
    return *harness_;
  }
  Http2Harness& begin_with_window(std::uint32_t bytes) {
    return begin({.checks_messages = true, .initial_window = bytes});
  }

  World world_;
  std::optional<Http2Harness> harness_;
};

TEST_F(Http2World, DeferredAnswersAreAskedForUntilTheyAreKnown) {
  Http2Harness& harness = begin();
  const auto first = harness.client.get("/later-a");
  const auto second = harness.client.get("/later-b");
  harness.exchange();
  EXPECT_EQ(harness.session().waits_for(), TimerClass::kStream);
  harness.pass(3'600'000);
  harness.time_out();
  EXPECT_EQ(harness.client.answer(first).status(), "");
  EXPECT_FALSE(harness.client.answer(first).reset) << "it is not the client that is waited for";
  world_.known = {"/later-b"};
  harness.time_out();
  EXPECT_EQ(harness.client.answer(first).status(), "");
  EXPECT_EQ(harness.client.answer(second).status(), "201");
  EXPECT_EQ(harness.client.answer(second).body, "at last");
  EXPECT_EQ(harness.session().waits_for(), TimerClass::kStream);
  world_.known = {"/later-a", "/later-b"};
  harness.time_out();
  EXPECT_EQ(harness.client.answer(first).body, "at last");
  EXPECT_TRUE(harness.session().is_idle());
  EXPECT_EQ(world_.answered, 2);
}

TEST_F(Http2World, ADeferredAnswerIsTakenOnce) {
  Http2Harness& harness = begin_with_window(0);
  const auto id = harness.client.get("/later");
  harness.exchange();
  world_.known = {"/later"};
  harness.time_out();
  EXPECT_EQ(harness.session().waits_for(), TimerClass::kWrite);
  harness.time_out();
  harness.client.open_window(id, 100);
  harness.exchange();
  EXPECT_EQ(harness.client.answer(id).body, "at last");
  EXPECT_FALSE(harness.client.answer(id).reset);
}

TEST_F(Http2World, ABodyBehindADeferredAnswerAsksForNoOther) {
  Http2Harness& harness = begin();
  const auto id = harness.client.request(post("/later?peek"), std::string(17, 'a'), false);
  harness.exchange();
  EXPECT_EQ(world_.answered, 1);
  harness.pass(limits().body_timeout_ms);
  harness.client.send_more(id, "b", true);
  harness.exchange();
  EXPECT_EQ(world_.answered, 1);
  world_.known = {"/later"};
  harness.time_out();
  EXPECT_EQ(harness.client.answer(id).status(), "201");
  EXPECT_TRUE(harness.session().is_idle());
}

TEST_F(Http2World, AStreamSaysItsWordsWithTime) {
  Http2Harness& harness = begin();
  const auto id = harness.client.get("/stream");
  harness.exchange();
  const auto& answer = harness.client.answer(id);
  EXPECT_EQ(answer.status(), "200");
  EXPECT_EQ(answer.value("content-length"), "");
  EXPECT_EQ(harness.session().waits_for(), TimerClass::kStream);
  harness.pass(3'600'000);
  harness.time_out();
  EXPECT_FALSE(answer.reset) << "it had nothing to say";
  for (const char* word : {"one ", "two ", ""}) {
    world_.words.emplace_back(word, true);
    harness.time_out();
  }
  EXPECT_TRUE(answer.body.ends_with("one two ")) << answer.body;
  EXPECT_FALSE(answer.ended);
  harness.pass(3'600'000);
  harness.time_out();
  EXPECT_FALSE(answer.reset);
  world_.words.emplace_back("three", false);
  harness.time_out();
  EXPECT_TRUE(answer.body.ends_with("one two three")) << answer.body;
  EXPECT_TRUE(answer.ended);
  EXPECT_TRUE(harness.session().is_idle());
}

TEST_F(Http2World, AStreamMayEndWithoutAWord) {
  Http2Harness& harness = begin();
  const auto id = harness.client.get("/stream");
  harness.exchange();
  world_.words.emplace_back("", false);
  harness.time_out();
  EXPECT_TRUE(harness.client.answer(id).ended);
  EXPECT_TRUE(harness.session().is_idle());
}

TEST_F(Http2World, AStreamEndsWhereTheServerStops) {
  Http2Harness& harness = begin();
  const auto id = harness.client.get("/stream");
  harness.exchange();
  harness.worker().draining = true;
  harness.time_out();
  EXPECT_TRUE(harness.client.answer(id).ended);
}

TEST_F(Http2World, AClientThatDoesNotTakeTheWordsIsNotToldMore) {
  Http2Harness& harness = begin_with_window(0);
  const auto id = harness.client.get("/stream");
  harness.exchange();
  for (const char* word : {"one ", "two "}) world_.words.emplace_back(word, true);
  harness.time_out();
  harness.time_out();
  const std::size_t left = world_.words.size();
  EXPECT_GE(left, 1U);
  harness.pass(limits().write_timeout_ms - 1);
  harness.time_out();
  EXPECT_FALSE(harness.client.answer(id).reset);
  EXPECT_EQ(world_.words.size(), left);
  harness.pass(1);
  harness.time_out();
  EXPECT_EQ(harness.client.answer(id).reset, NGHTTP2_CANCEL);
}

TEST_F(Http2World, AnswersToHeadHaveNothingOfAStream) {
  Http2Harness& harness = begin();
  const auto id = harness.client.request(
      {{":method", "HEAD"}, {":scheme", "http"}, {":path", "/stream"}, {":authority", "h"}});
  harness.exchange();
  EXPECT_TRUE(harness.client.answer(id).ended);
  EXPECT_TRUE(harness.session().is_idle());
}

// ------------------------------------------------------------------ answers and how they end

TEST_F(Http2World, AnswersWithoutContentHaveNoLengthAndNoBody) {
  for (const char* path : {"/204", "/304"}) {
    Http2Harness& harness = begin();
    const auto id = harness.client.get(path);
    harness.exchange();
    const auto& answer = harness.client.answer(id);
    EXPECT_EQ("/" + answer.status(), path);
    EXPECT_EQ(answer.value("content-length"), "");
    EXPECT_EQ(answer.body, "");
    EXPECT_TRUE(answer.ended);
  }
}

TEST_F(Http2World, WhatHandlersCannotSayIs503) {
  for (const char* path : {"/101", "/fails"}) {
    Http2Harness& harness = begin();
    const auto id = harness.client.get(path);
    harness.exchange();
    EXPECT_EQ(harness.client.answer(id).status(), "503");
    EXPECT_THAT(world_.refused, Contains(Pair(503, path)));
  }
}

TEST_F(Http2World, RequestsThatAreMalformedAreCountedOnce) {
  Http2Harness& harness = begin({.checks_messages = false, .initial_window = {}});
  harness.client.request(with(post("/malformed"), "a b", "c"));
  harness.exchange();
  EXPECT_THAT(world_.refused, ElementsAre(Pair(400, "/malformed")));
  const auto answered =
      harness.client.request(with(post("/answered"), "expect", "100-continue"), {}, false);
  harness.exchange();
  EXPECT_EQ(harness.client.answer(answered).status(), "200");
  std::string block = literal("a b", "c");
  harness.receive(frame(NGHTTP2_HEADERS, kWhole, static_cast<std::uint32_t>(answered), block));
  EXPECT_EQ(harness.client.answer(answered).reset, NGHTTP2_PROTOCOL_ERROR);
  EXPECT_EQ(world_.refused.size(), 1U) << "the handler has counted it";
}

TEST_F(Http2World, ProgressIsSoManyBytesInTime) {
  for (const auto& [bytes, ends] : {std::pair{1023, true}, std::pair{1024, false}}) {
    Http2Harness& harness = begin_with_window(0);
    const auto id = harness.client.get("/long");
    harness.exchange();
    harness.pass(limits().write_timeout_ms - 1);
    harness.client.open_window(id, bytes);
    harness.exchange();
    EXPECT_FALSE(harness.client.answer(id).reset);
    harness.pass(1);
    harness.receive({});
    EXPECT_EQ(harness.client.answer(id).reset.has_value(), ends) << bytes;
    if (ends) continue;
    harness.pass(limits().write_timeout_ms - 2);
    harness.client.open_window(id, 1023);
    harness.exchange();
    EXPECT_FALSE(harness.client.answer(id).reset);
    harness.pass(1);
    harness.receive({});
    EXPECT_EQ(harness.client.answer(id).reset, NGHTTP2_CANCEL)
        << "what was taken before is used up";
  }
}

TEST_F(Http2World, BodiesMayBeSoLongBehindTheirAnswers) {
  for (const auto& [size, reset] : {std::pair{64U, false}, std::pair{65U, true}}) {
    Http2Harness& harness = begin();
    const auto id = harness.client.request(post("/"), std::string(size, 'a'), false);
    harness.exchange();
    EXPECT_EQ(harness.client.answer(id).status(), "200");
    EXPECT_EQ(harness.client.answer(id).reset.has_value(), reset) << size;
  }
}

TEST_F(Http2World, BodiesMayGoOnForAWhileBehindTheirAnswers) {
  Http2Harness& harness = begin();
  const auto id = harness.client.request(post("/"), "a", false);
  harness.exchange();
  EXPECT_TRUE(harness.client.answer(id).ended);
  harness.client.send_more(id, std::string(63, 'b'), false);
  harness.exchange();
  EXPECT_FALSE(harness.client.answer(id).reset);
  harness.client.send_more(id, "c", false);
  harness.exchange();
  EXPECT_EQ(harness.client.answer(id).reset, NGHTTP2_NO_ERROR);
}

// ------------------------------------------------------------------ memory that is short

class Http2Memories : public Http2World {
 protected:
  // So much may still be held, by connections that hold more than a little.
  Http2Harness& begin_with_room(std::uint64_t bytes) {
    Http2Harness& harness = begin();
    budget_.emplace(kLimit);
    budget_->change(0, kLimit / 8 * 7 - bytes);
    harness.worker().budget = &*budget_;
    return harness;
  }

  static constexpr std::uint64_t kLimit = 1024 * 1024;
  std::optional<MemoryBudget> budget_;
};

TEST_F(Http2Memories, RequestsWithoutRoomForTheirHeadsAreRefused) {
  for (const auto& [room, fits] : {std::pair{2048U, true}, std::pair{2047U, false}}) {
    Http2Harness& harness = begin_with_room(room);
    const auto id = harness.client.get("/");
    harness.exchange();
    EXPECT_EQ(harness.client.answer(id).status(), fits ? "200" : "");
    EXPECT_EQ(harness.client.answer(id).reset == NGHTTP2_REFUSED_STREAM, !fits);
    EXPECT_EQ(budget_->shed(), fits ? 0U : 1U);
    EXPECT_EQ(harness.worker().refused_memory, !fits);
    EXPECT_TRUE(harness.session().is_idle());
  }
}

TEST_F(Http2Memories, BodiesWithoutRoomAreNotWaitedFor) {
  for (const auto& [room, fits] : {std::pair{2050U, true}, std::pair{2049U, false}}) {
    Http2Harness& harness = begin_with_room(room);
    const auto id = harness.client.request(post("/peek"), {}, false);
    harness.exchange();
    budget_->change(0, 2048);  // its head
    harness.client.send_more(id, "ab", false);
    harness.exchange();
    EXPECT_EQ(harness.client.answer(id).status(), fits ? "" : "200");
    EXPECT_EQ(budget_->shed(), fits ? 0U : 1U);
    if (!fits) {
      EXPECT_THAT(harness.client.answer(id).body, EndsWith("||part"));
    }
  }
}

TEST_F(Http2World, HoldsNoMoreAfterManyRequests) {
  Http2Harness& harness = begin();
  harness.client.get("/");
  harness.exchange();
  const std::size_t before = harness.session().held();
  for (int i = 0; i < 300; ++i) {
    harness.client.get("/");
    harness.exchange();
  }
  EXPECT_LE(harness.session().held(), before + 256);
}

// ------------------------------------------------------------------ what is waited for, and its
// end

TEST_F(Http2World, EachOldestRequestIsAWaitOfItsOwn) {
  Http2Harness& harness = begin();
  const auto idle = harness.session().wait_number();
  const auto first = harness.client.request(post("/peek"), "a", false);
  harness.client.request(post("/peek"), "b", false);
  harness.exchange();
  const auto of_first = harness.session().wait_number();
  harness.client.send_more(first, "c", false);
  harness.exchange();
  EXPECT_EQ(harness.session().wait_number(), of_first);
  harness.client.send_more(first, "d", true);
  harness.exchange();
  EXPECT_NE(harness.session().wait_number(), of_first);
  harness.pass(limits().body_timeout_ms);
  harness.time_out();
  EXPECT_TRUE(harness.session().is_idle());
  EXPECT_NE(harness.session().wait_number(), idle) << "idle again";
}

TEST_F(Http2World, GivingUpAnswersEveryBodyThatIsWaitedFor) {
  Http2Harness& harness = begin();
  harness.client.get("/later");
  const auto body = harness.client.request(post("/peek"), "abc", false);
  harness.exchange();
  harness.give_up();
  EXPECT_THAT(harness.client.answer(body).body, EndsWith("|abc|part"));
  EXPECT_EQ(harness.client.goaway(), NGHTTP2_NO_ERROR);
  EXPECT_TRUE(harness.session().is_over()) << "whatever else is in hand";
}

TEST_F(Http2World, ItsEndIsSaidOnce) {
  Http2Harness& harness = begin();
  harness.client.request(post("/peek"), "a", false);
  harness.exchange();
  harness.drain();
  const int said = harness.client.goaways();
  harness.drain();
  harness.client.ping();
  harness.exchange();
  EXPECT_EQ(harness.client.goaways(), said);
  EXPECT_EQ(harness.client.pongs(), 1);
}

TEST_F(Http2World, NothingIsSaidBehindTheEnd) {
  Http2Harness& harness = begin();
  harness.time_out();
  ASSERT_TRUE(harness.session().is_over());
  const std::string said = harness.sent();
  harness.drain();
  EXPECT_EQ(harness.sent(), said);
}

TEST_F(Http2World, NothingIsReadBehindTheEnd) {
  Http2Harness& harness = begin();
  harness.session().stop_reading();
  const std::string said = harness.sent();
  harness.client.get("/");
  harness.receive(harness.client.to_send());
  EXPECT_EQ(world_.answered, 0);
  EXPECT_EQ(harness.sent(), said);
}

TEST_F(Http2World, APingOfTheClientDoesNotEndADrain) {
  Http2Harness& harness = begin();
  harness.client.request(post("/peek"), "a", false);
  harness.exchange();
  harness.session().drain();
  harness.receive(frame(NGHTTP2_PING, 0, 0, "12345678"));
  EXPECT_EQ(harness.client.goaways(), 1);
}

TEST_F(Http2World, AnswersThatTheClientHasNoWindowForEndWithItsInput) {
  Http2Harness& harness = begin_with_window(0);
  const auto id = harness.client.get("/");
  harness.exchange();
  EXPECT_EQ(harness.session().waits_for(), TimerClass::kWrite);
  EXPECT_FALSE(harness.session().is_over());
  harness.finish();
  EXPECT_TRUE(harness.session().is_over()) << "it sends no WINDOW_UPDATE any more";
  EXPECT_FALSE(harness.client.answer(id).reset);
}

// ------------------------------------------------------------------ the connection

TEST(Http2Connections, BeginWithSettings) {
  Http2Harness harness(limits());
  harness.exchange();
  EXPECT_EQ(harness.client.remote_setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS),
            Http2Session::kMostStreams);
  EXPECT_EQ(harness.client.remote_setting(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE),
            limits().header_bytes);
  EXPECT_EQ(harness.client.remote_setting(NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL), 0U);
}

TEST(Http2Connections, TakeBytesHoweverTheyAreCut) {
  Http2Harness whole(limits());
  whole.client.request(post("/peek"), "0123456789");
  const std::string bytes = whole.client.to_send();
  whole.receive(bytes);
  Http2Harness pieces(limits());
  for (const char byte : bytes) pieces.receive({&byte, 1});
  EXPECT_EQ(pieces.sent(), whole.sent());
}

TEST(Http2Connections, ThatAreIdleEndWithGoaway) {  // §6.8
  Http2Harness harness(limits());
  harness.client.get("/");
  harness.exchange();
  EXPECT_TRUE(harness.session().is_idle());
  EXPECT_EQ(harness.session().waits_for(), TimerClass::kIdle);
  harness.time_out();
  EXPECT_EQ(harness.client.goaway(), NGHTTP2_NO_ERROR);
  EXPECT_TRUE(harness.session().is_over());
}

TEST(Http2Connections, DrainInTwoSteps) {  // §6.8
  Http2Harness harness(limits());
  const auto before = harness.client.request(post("/peek"), "a", false);
  harness.exchange();
  harness.session().drain();
  harness.receive({});
  EXPECT_EQ(harness.client.goaways(), 1);
  EXPECT_EQ(harness.client.last_stream_of_goaway(), 0x7fff'ffff);
  harness.exchange();
  EXPECT_EQ(harness.client.goaways(), 2);
  EXPECT_EQ(harness.client.last_stream_of_goaway(), before);
  EXPECT_FALSE(harness.session().is_over()) << "a request is in hand";
  harness.client.send_more(before, "b", true);
  harness.exchange();
  EXPECT_THAT(harness.client.answer(before).body, EndsWith("|ab|whole"));
  EXPECT_TRUE(harness.session().is_over());
}

TEST(Http2Connections, ThatAreIdleDrainWithoutWaitingForTheClient) {
  Http2Harness harness(limits());
  harness.client.get("/");
  harness.exchange();
  harness.drain();
  EXPECT_EQ(harness.client.goaway(), NGHTTP2_NO_ERROR);
  EXPECT_TRUE(harness.session().is_over()) << ::testing::PrintToString(harness.sent());
}

TEST(Http2Connections, AnswerWhatWasOnItsWayWhenTheyDrain) {
  Http2Harness harness(limits());
  harness.exchange();
  harness.session().drain();
  const auto crossing = harness.client.get("/crossing");
  const std::string bytes = harness.client.to_send();
  harness.receive({});
  harness.receive(bytes);
  harness.exchange();
  EXPECT_EQ(harness.client.answer(crossing).status(), "200");
  EXPECT_TRUE(harness.session().is_over());
}

TEST(Http2Connections, AnswerWithWhatHasComeWhereRoomIsNeeded) {
  Http2Harness harness(limits());
  const auto id = harness.client.request(post("/peek"), "abc", false);
  harness.exchange();
  harness.give_up();
  EXPECT_THAT(harness.client.answer(id).body, EndsWith("|abc|part"));
  EXPECT_EQ(harness.client.goaway(), NGHTTP2_NO_ERROR);
  EXPECT_TRUE(harness.session().is_over());
}

TEST(Http2Connections, EndWithTheClientsInput) {
  Http2Harness harness(limits());
  harness.client.get("/");
  harness.exchange();
  harness.finish();
  EXPECT_TRUE(harness.session().is_over());
}

TEST(Http2Connections, ResetWhatIsNotWholeWhenTheClientsInputEnds) {
  Http2Harness harness(limits());
  const auto half = harness.client.request(post("/peek"), "abc", false);
  const auto answered = harness.client.get("/");
  harness.exchange();
  harness.finish();
  EXPECT_EQ(harness.client.answer(half).status(), "");
  EXPECT_EQ(harness.client.answer(half).reset, NGHTTP2_CANCEL);
  EXPECT_EQ(harness.client.answer(answered).status(), "200");
  EXPECT_FALSE(harness.client.answer(answered).reset);
}

TEST(Http2Connections, GiveBackWhatTheyHeldForRequests) {
  Http2Harness harness(limits());
  harness.exchange();
  harness.client.get("/");
  harness.exchange();
  const std::size_t idle = harness.session().held();
  harness.client.request(with(post("/peek"), "a", std::string(500, 'x')), "abc", false);
  harness.exchange();
  EXPECT_GE(harness.session().held(), idle + 500);
  EXPECT_LE(idle, 32U * 1024);
}

TEST(Http2Connections, AreVouchedForByARequest) {
  Http2Harness harness(limits());
  harness.client.get("/known");
  harness.exchange();
  EXPECT_FALSE(harness.session().is_vouched_for()) << "nobody asks";
  harness.worker().screens = true;
  harness.client.get("/");
  harness.exchange();
  EXPECT_FALSE(harness.session().is_vouched_for());
  harness.client.get("/known");
  harness.exchange();
  EXPECT_TRUE(harness.session().is_vouched_for());
}

TEST(Http2Connections, EndGentlyWhileTheWorkerIsOverloaded) {
  Http2Harness harness(limits());
  harness.worker().overloaded = true;
  const auto id = harness.client.get("/");
  harness.exchange();
  EXPECT_EQ(harness.client.answer(id).status(), "200");
  EXPECT_EQ(harness.client.goaway(), NGHTTP2_NO_ERROR);
  EXPECT_TRUE(harness.session().is_over());
}

TEST(Http2Connections, EndGentlyWhereAnAnswerAsksForItAndTheyAreNotNew) {
  Http2Harness harness(limits());
  const auto ask = [&](const char* path) {
    const auto id = harness.client.get(path);
    harness.exchange();
    EXPECT_EQ(harness.client.answer(id).status(), "200");
  };
  ask("/close");
  EXPECT_FALSE(harness.client.goaway()) << "it is new";
  harness.pass(Http2Session::kLeastAgeMs);
  ask("/");
  EXPECT_FALSE(harness.client.goaway());
  ask("/close");
  EXPECT_EQ(harness.client.goaway(), NGHTTP2_NO_ERROR);
  EXPECT_TRUE(harness.session().is_over());
}

// ------------------------------------------------------------------ abuse (RFC 9113 §10.5)

TEST(Http2Abuse, ResetsWithoutEndEndTheConnection) {  // CVE-2023-44487
  Http2Harness harness(limits());
  harness.exchange();
  int asked = 0;
  while (!harness.session().is_over() && asked < 5000) {
    const auto id = harness.client.get("/");
    const std::string bytes = harness.client.to_send();
    harness.client.reset(id, NGHTTP2_CANCEL);
    harness.session().receive(bytes + harness.client.to_send(), harness.worker(),
                              harness.worker().output);
    harness.receive({});
    ++asked;
  }
  EXPECT_LT(asked, 1000);
  EXPECT_EQ(harness.client.goaway(), NGHTTP2_ENHANCE_YOUR_CALM);
}

TEST(Http2Abuse, ClientsThatResetWhatTheyHaveTakenAreServed) {
  Http2Harness harness(limits());
  for (int i = 0; i < 5000; ++i) {
    const auto id = harness.client.request(post("/"), "a", false);
    harness.exchange();
    ASSERT_EQ(harness.client.answer(id).status(), "200") << i;
    harness.client.reset(id, NGHTTP2_NO_ERROR);
  }
  EXPECT_FALSE(harness.client.goaway());
}

class Http2Flood : public ::testing::TestWithParam<std::pair<const char*, std::string>> {};

TEST_P(Http2Flood, EndsTheConnection) {
  Http2Harness harness(limits());
  harness.client.request(post("/peek"), "a", false);
  harness.exchange();
  int sent = 0;
  while (!harness.session().is_over() && sent < 20'000) {
    harness.receive(GetParam().second);
    ++sent;
  }
  EXPECT_LT(sent, 5000) << GetParam().first;
  EXPECT_THAT(goaways(harness.sent()), ::testing::ElementsAre(NGHTTP2_ENHANCE_YOUR_CALM));
}

INSTANTIATE_TEST_SUITE_P(
    Frames, Http2Flood,
    ::testing::Values(std::pair{"PING", frame(NGHTTP2_PING, 0, 0, "12345678")},
                      std::pair{"SETTINGS", frame(NGHTTP2_SETTINGS, 0, 0, "")},
                      std::pair{"PRIORITY", frame(NGHTTP2_PRIORITY, 0, 3, std::string(5, '\0'))},
                      std::pair{"empty DATA", frame(NGHTTP2_DATA, 0, 1, "")},
                      std::pair{"WINDOW_UPDATE",
                                frame(NGHTTP2_WINDOW_UPDATE, 0, 0, std::string("\0\0\0\1", 4))}));

TEST(Http2Abuse, FramesThatComeSlowlyAreNoFlood) {
  Http2Harness harness(limits());
  harness.exchange();
  for (int i = 0; i < 10'000; ++i) {
    harness.pass(10);
    harness.receive(frame(NGHTTP2_PING, 0, 0, "12345678"));
  }
  EXPECT_FALSE(harness.client.goaway());
}

TEST(Http2Abuse, ContinuationsWithoutEndEndTheConnection) {  // CVE-2024-28182
  Http2Harness harness(limits());
  harness.exchange();
  harness.receive(frame(NGHTTP2_HEADERS, 0, 1, "\x82"));
  int sent = 0;
  while (!harness.session().is_over() && sent < 1000) {
    harness.receive(frame(NGHTTP2_CONTINUATION, 0, 1, ""));
    ++sent;
  }
  EXPECT_LT(sent, 100);
  EXPECT_TRUE(harness.client.goaway());
}

TEST(Http2Abuse, AHeadThatDoesNotEndEndsTheConnection) {
  Http2Harness harness(limits());
  harness.exchange();
  harness.receive(frame(NGHTTP2_HEADERS, 0, 1, "\x82"));
  EXPECT_EQ(harness.session().waits_for(), TimerClass::kHead);
  harness.pass(limits().head_timeout_ms);
  harness.time_out();
  EXPECT_TRUE(harness.session().is_over());
  EXPECT_TRUE(harness.client.goaway());
}

// How many frames it takes until the connection ends.
template <typename Send>
int frames_until_end(Http2Harness& harness, Send send) {
  int sent = 0;
  while (!harness.session().is_over() && sent < 20'000) {
    send();
    ++sent;
  }
  return sent;
}

TEST(Http2Abuse, AnAnswerPaysForEightFrames) {
  const auto pings = [](int answers) {
    Http2Harness harness(limits());
    harness.exchange();
    for (int i = 0; i < 100; ++i) harness.receive(frame(NGHTTP2_PING, 0, 0, "12345678"));
    for (int i = 0; i < answers; ++i) harness.client.get("/");
    harness.exchange();
    return frames_until_end(harness,
                            [&] { harness.receive(frame(NGHTTP2_PING, 0, 0, "12345678")); });
  };
  EXPECT_EQ(pings(1), pings(0) + 8);
  EXPECT_EQ(pings(5), pings(0) + 40);
}

TEST(Http2Abuse, AnAnswerPaysForOneReset) {
  const auto resets = [](int answers) {
    Http2Harness harness(limits());
    const auto reset = [&] {
      const auto id = harness.client.request(post("/peek"), "a", false);
      const std::string bytes = harness.client.to_send();
      harness.client.reset(id, NGHTTP2_CANCEL);
      harness.receive(bytes + harness.client.to_send());
    };
    for (int i = 0; i < 20; ++i) reset();
    for (int i = 0; i < answers; ++i) harness.client.get("/");
    harness.exchange();
    return frames_until_end(harness, reset);
  };
  EXPECT_EQ(resets(1), resets(0) + 1);
  EXPECT_EQ(resets(5), resets(0) + 5);
}

TEST(Http2Abuse, AFloodInOneSegmentIsAFlood) {
  Http2Harness harness(limits());
  harness.exchange();
  std::string flood;
  for (int i = 0; i < 1500; ++i) flood += frame(NGHTTP2_PING, 0, 0, "12345678");
  harness.receive(flood);
  EXPECT_THAT(goaways(harness.sent()), ElementsAre(NGHTTP2_ENHANCE_YOUR_CALM));
}

// One entry of the dynamic table, named over and over: a few bytes become megabytes.
TEST(Http2Abuse, AnHpackBombIs431AndCostsNoMoreThanTheLimit) {
  Http2Harness harness(limits());
  const auto id = static_cast<std::uint32_t>(harness.client.get("/"));
  harness.client.to_send();
  std::string block = "\x82\x84\x86\x41\x01h";                // GET / http h
  block += "\x40\x01x\x7f\xb9\x16" + std::string(3000, 'b');  // goes into the table
  block += std::string(10'000, '\xbe');
  harness.receive(std::string(kHttp2Preface) + frame(NGHTTP2_SETTINGS, 0, 0, ""));
  harness.receive(frame(NGHTTP2_HEADERS, kWhole, id, block));
  EXPECT_EQ(harness.client.answer(static_cast<std::int32_t>(id)).status(), "431");
  EXPECT_LE(harness.session().held(), 40U * 1024);
}

TEST(Http2Abuse, StreamsBeyondTheLimitEndTheConnection) {  // §5.1.2
  Http2Harness harness(limits());
  harness.exchange();
  std::string block;
  for (const auto& [name, value] : post("/peek")) block += literal(name, value);
  std::string bytes;
  for (std::uint32_t i = 0; i < Http2Session::kMostStreams; ++i) {
    bytes += frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, 2 * i + 1, block);
  }
  harness.receive(bytes);
  EXPECT_EQ(harness.session().waits_for(), TimerClass::kBody);
  harness.receive(
      frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, 2 * Http2Session::kMostStreams + 1, block));
  EXPECT_THAT(goaways(harness.sent()), ::testing::ElementsAre(NGHTTP2_PROTOCOL_ERROR));
  EXPECT_TRUE(harness.session().is_over());
}

TEST(Http2Abuse, BytesThatAreNoFramesEndTheConnection) {
  Http2Harness harness(limits());
  harness.exchange();
  harness.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(harness.session().is_over());
  EXPECT_TRUE(harness.client.goaway());
}

}  // namespace
}  // namespace intermission::server
