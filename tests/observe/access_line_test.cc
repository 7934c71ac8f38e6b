#include "observe/access_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <vector>

namespace intermission::observe {
namespace {

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

struct Asked {
  std::string_view method = "GET";
  std::string_view target = "/orders/7?x=1";
  Fields fields = {};
  std::optional<http::Address> peer = http::Address::parse("10.0.0.3");
  std::optional<http::Address> client = http::Address::parse("192.0.2.7");
  std::optional<std::string_view> told = {};  // the client's target, as a proxy tells
  int version = 11;
};

std::string line_of(void (*append)(std::string&, const gateway::Answered&), const Asked& asked) {
  http::Request request;
  request.reset(asked.method, asked.target, asked.version);
  for (const auto& [name, value] : asked.fields) request.add_field(name, value);
  request.set_peer(asked.peer);
  http::Response response;
  response.body.refer("0123456789");
  const gateway::Outcome outcome{.service = "orders",
                                 .kind = "problem",
                                 .client = asked.client,
                                 .target = asked.told.value_or(asked.target)};
  std::string line;
  append(line, {request, response, outcome, base::TimePoint{base::Seconds{1'796'164'200}}, {}});
  return line;
}

const Fields kCurl = {{"Host", "orders.example.com:8080"}, {"User-Agent", "curl/7.88.1"}};

TEST(AccessLine, CombinedIsAsApacheWritesIt) {
  EXPECT_EQ(
      line_of(append_combined, {.fields = kCurl}),
      "192.0.2.7 - - [01/Dec/2026:22:30:00 +0000] \"GET /orders/7?x=1 HTTP/1.1\" 503 10 \"-\" "
      "\"curl/7.88.1\"\n");
}

TEST(AccessLine, CombinedCannotBeForged) {
  EXPECT_EQ(
      line_of(append_combined, {.target = "/", .fields = {{"User-Agent", "a\" 200 \\\t\xff"}}}),
      "192.0.2.7 - - [01/Dec/2026:22:30:00 +0000] \"GET / HTTP/1.1\" 503 10 \"-\" "
      "\"a\\x22 200 \\x5c\\x09\\xff\"\n");
}

TEST(AccessLine, BeginsWithTheClientElseThePeer) {
  const auto client_in = [](const Asked& asked) {
    const std::string line = line_of(append_combined, asked);
    return line.substr(0, line.find(' '));
  };
  EXPECT_EQ(client_in({}), "192.0.2.7");
  EXPECT_EQ(client_in({.client = {}}), "10.0.0.3");
  EXPECT_EQ(client_in({.peer = {}, .client = {}}), "-");
  EXPECT_EQ(client_in({.client = http::Address::parse("2001:db8::7")}), "2001:db8::7");
}

constexpr std::string_view kPass = "1796167800.y18cgDvip9o2DhScWPoihDU9A9Bi5XKFWIPUc97CJp8";

// Of a pass nothing may be seen: not in a field that carries the URL, and not where a long text is
// cut short in the middle of it.
TEST(AccessLine, ShowsNoPass) {
  const std::string link = "/orders?intermission-bypass=" + std::string(kPass);
  const std::string coded = "/orders?intermission%2Dbypass=" + std::string(kPass) + "&x=1";
  const std::string cut =
      "/" + std::string(360, 'x') + "?intermission-bypass=" + std::string(kPass);
  const std::string url = "https://orders.example.com" + link;
  const std::string in_path = "/" + std::string(370, 'x') + "/" + std::string(kPass);
  for (const std::string& target : {link, coded, cut, in_path, "/" + std::string(kPass)}) {
    const Fields fields = {{"Host", "orders.example.com"},
                           {"Referer", url},
                           {"User-Agent", url},
                           {"X-Request-Id", kPass},
                           {"X-Original-URL", url}};
    for (const auto append : {append_combined, append_json}) {
      const std::string line = line_of(append, {.target = target, .fields = fields, .told = link});
      EXPECT_THAT(line, ::testing::Not(::testing::HasSubstr("1796167800.y18"))) << line;
      EXPECT_THAT(line, ::testing::HasSubstr("(hidden)"));
    }
  }
}

TEST(AccessLine, OfWhatCouldNotBeReadHasNoRequest) {
  const Asked nothing{.method = "", .target = ""};
  EXPECT_THAT(line_of(append_combined, nothing), ::testing::HasSubstr("+0000] \"-\" 503 10 "));
  EXPECT_THAT(line_of(append_json, nothing), ::testing::Not(::testing::HasSubstr("method")));
}

TEST(AccessLine, OfHalfARequestLineHasWhatWasRead) {
  const auto request_in = [](const Asked& asked) {
    const std::string line = line_of(append_combined, asked);
    const auto quote = line.find('"');
    return line.substr(quote, line.find('"', quote + 1) + 1 - quote);
  };
  EXPECT_EQ(request_in({.method = "GET", .target = "/a\"\n", .version = 0}), R"("GET /a\x22\x0a")");
  EXPECT_EQ(request_in({.method = "GET", .target = "", .version = 0}), R"("GET")");
}

TEST(AccessLine, JsonNamesThePeerWhereItIsAnother) {
  const auto begins = [](const Asked& asked) {
    const std::string line = line_of(append_json, asked);
    return line.substr(0, line.find(",\"service"));
  };
  const std::string time = R"({"time":"2026-12-01T22:30:00Z")";
  EXPECT_EQ(begins({}), time + R"(,"client":"192.0.2.7","peer":"10.0.0.3")");
  EXPECT_EQ(begins({.client = {}}), time + R"(,"peer":"10.0.0.3")");
  EXPECT_EQ(begins({.client = http::Address::parse("10.0.0.3")}), time + R"(,"client":"10.0.0.3")");
  EXPECT_EQ(begins({.peer = {}, .client = {}}), time);
  EXPECT_EQ(begins({.peer = {}}), time + R"(,"client":"192.0.2.7")");
}

TEST(AccessLine, JsonNamesWhatTheClientAskedForWhereAProxyTells) {
  const Asked gate{.target = "/.well-known/intermission/gate", .told = "/orders/7?x=1"};
  EXPECT_THAT(line_of(append_json, gate),
              ::testing::HasSubstr(R"("target":"/.well-known/intermission/gate",)"
                                   R"("asked":"/orders/7?x=1",)"));
  EXPECT_THAT(line_of(append_json, {}), ::testing::Not(::testing::HasSubstr("asked")));
}

TEST(AccessLine, JsonNamesServiceKindAndIds) {
  Fields fields = kCurl;
  fields.insert(fields.end(), {{"Referer", "https://shop.example/"},
                               {"X-Request-Id", "7f3c-42"},
                               {"X-Vcap-Request-Id", "2d5e"},
                               {"traceparent", "00-4bf9-00f0-01"}});
  EXPECT_EQ(line_of(append_json, {.fields = fields}),
            R"({"time":"2026-12-01T22:30:00Z","client":"192.0.2.7","peer":"10.0.0.3",)"
            R"("service":"orders","kind":"problem","method":"GET",)"
            R"("host":"orders.example.com","target":"/orders/7?x=1","status":503,"bytes":10,)"
            R"("referer":"https://shop.example/","userAgent":"curl/7.88.1","requestId":"7f3c-42",)"
            R"("vcapRequestId":"2d5e","traceparent":"00-4bf9-00f0-01"})"
            "\n");
}

TEST(AccessLine, JsonStaysJsonWhateverTheBytes) {
  const std::string line = line_of(append_json, {.fields = {{"User-Agent", "\"},\x01\xc3"}}});
  rapidjson::Document document;
  document.Parse(line);
  ASSERT_FALSE(document.HasParseError());
  EXPECT_STREQ(document["userAgent"].GetString(), "\"},\\x01\\xc3");
}

TEST(AccessLine, AnswersToHeadHaveNoBody) {
  EXPECT_NE(line_of(append_combined, {.method = "HEAD"}).find(" 503 0 "), std::string::npos);
}

TEST(AccessLine, IsNeverTooLongForAPipe) {
  const std::string long_text(5000, '\xff');
  const std::string target = "/" + long_text;
  const Fields fields = {{"Host", long_text},        {"Referer", long_text},
                         {"User-Agent", long_text},  {"X-Request-Id", long_text},
                         {"traceparent", long_text}, {"X-Vcap-Request-Id", long_text}};
  const Asked asked{.method = target, .target = target, .fields = fields};
  EXPECT_LT(line_of(append_combined, asked).size(), kLongestAccessLine);
  EXPECT_LT(line_of(append_json, asked).size(), 2 * kLongestAccessLine);
}

// The text after `before`, up to the quotation mark.
std::string text_after(const std::string& line, const std::string& before) {
  const auto at = line.find(before);
  if (at == std::string::npos) return "(none)";
  return line.substr(at + before.size(), line.find('"', at + before.size()) - at - before.size());
}

TEST(AccessLine, SaysWhereATextIsCut) {
  for (const std::size_t size : {119U, 120U, 121U}) {
    const std::string agent(size, 'a');
    const std::string expected = size <= 120 ? agent : std::string(120, 'a') + "...";
    EXPECT_EQ(text_after(line_of(append_combined, {.fields = {{"User-Agent", agent}}}), "\"-\" \""),
              expected);
    EXPECT_EQ(
        text_after(line_of(append_json, {.fields = {{"User-Agent", agent}}}), "userAgent\":\""),
        expected);
  }
  for (const std::size_t size : {399U, 400U, 401U}) {
    const std::string target = "/" + std::string(size - 1, 'a');
    const std::string expected = size <= 400 ? target : target.substr(0, 400) + "...";
    EXPECT_EQ(text_after(line_of(append_combined, {.target = target}), "\"GET "),
              expected + " HTTP/1.1");
    EXPECT_EQ(text_after(line_of(append_json, {.target = target}), "target\":\""), expected);
  }
}

TEST(AccessLine, NamesTheVersionThatWasSpoken) {
  EXPECT_THAT(line_of(append_combined, {.version = 10}), ::testing::HasSubstr(" HTTP/1.0\" "));
  EXPECT_THAT(line_of(append_combined, {.version = 11}), ::testing::HasSubstr(" HTTP/1.1\" "));
}

TEST(AccessLine, OfNoServiceNamesNone) {
  http::Request request;
  request.reset("GET", "/", 11);
  http::Response response;
  std::string line;
  append_json(line, {request, response, {"", "reserved"}, base::TimePoint{}, {}});
  EXPECT_THAT(line, ::testing::Not(::testing::HasSubstr("service")));
}

}  // namespace
}  // namespace intermission::observe
