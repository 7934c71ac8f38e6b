#include "server/exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/request_parser.h"
#include "support/exchange_harness.h"

namespace intermission::server {
namespace {

using testing::ExchangeHarness;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Phase = Exchange::Phase;

http::Limits small_limits() {
  http::Limits limits;
  limits.header_bytes = 1024;
  limits.header_count = 16;
  limits.body_peek = 16;
  limits.body_discard = 64;
  return limits;
}

// The status codes of all responses, in order, each with "!" if it closes the connection.
std::string statuses(const std::string& sent) {
  std::string out;
  std::size_t at = 0;
  while ((at = sent.find("HTTP/1.1 ", at)) != std::string::npos) {
    if (std::isdigit(static_cast<unsigned char>(sent[at + 9])) == 0) break;  // words of a fault
    const std::string head = sent.substr(at, sent.find("\r\n\r\n", at) - at);
    out += (out.empty() ? "" : " ") + head.substr(9, 3);
    if (head.find("\r\nConnection: close") != std::string::npos) out += '!';
    at += 9;
  }
  return out;
}

std::string fields(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "A: b\r\n";
  return out;
}

struct Case {
  const char* name;
  std::string bytes;
  const char* statuses;  // as above
  Phase phase;
};

const std::string kHost = "Host: h\r\n";
const std::string kPost = "POST / HTTP/1.1\r\n" + kHost;
const std::string kChunked = kPost + "Transfer-Encoding: chunked\r\n\r\n";
const std::string kGet = "GET / HTTP/1.1\r\n" + kHost + "\r\n";

using std::string_literals::operator""s;

std::vector<Case> cases() {
  return {
      // ---- legal
      {"get", kGet, "200", Phase::kIdle},
      {"any_method_token", "M-SEARCH!#$%&'*+.^_`|~ / HTTP/1.1\r\n" + kHost + "\r\n", "200",
       Phase::kIdle},
      {"absolute_form", "GET http://a.example:80/b?c HTTP/1.1\r\n" + kHost + "\r\n", "200",
       Phase::kIdle},
      {"asterisk_form", "OPTIONS * HTTP/1.1\r\n" + kHost + "\r\n", "200", Phase::kIdle},
      {"connect_is_answered_and_closed", "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\nTLS", "200!",
       Phase::kClosing},
      {"target_bytes_above_ascii", "GET /\xc3\xa9 HTTP/1.1\r\n" + kHost + "\r\n", "200",
       Phase::kIdle},
      {"value_bytes_above_ascii", "GET / HTTP/1.1\r\n" + kHost + "A: \xff\r\n\r\n", "200",
       Phase::kIdle},
      {"empty_value", "GET / HTTP/1.1\r\n" + kHost + "A:\r\n\r\n", "200", Phase::kIdle},
      {"empty_host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "200", Phase::kIdle},
      {"host_with_ipv6_and_port", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "200", Phase::kIdle},
      {"no_space_after_colon", "GET / HTTP/1.1\r\nHost:h\r\n\r\n", "200", Phase::kIdle},
      {"tab_after_colon", "GET / HTTP/1.1\r\nHost:\th\t\r\n\r\n", "200", Phase::kIdle},
      {"http10_closes", "GET / HTTP/1.0\r\n\r\n", "200!", Phase::kClosing},
      {"http10_keep_alive", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "200",
       Phase::kIdle},
      {"http10_close_beats_keep_alive", "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
       "200!", Phase::kClosing},
      {"connection_close", "GET / HTTP/1.1\r\n" + kHost + "Connection: foo, Close\r\n\r\n", "200!",
       Phase::kClosing},
      {"nothing_after_close_is_answered",
       "GET / HTTP/1.1\r\n" + kHost + "Connection: close\r\n\r\n" + kGet, "200!", Phase::kClosing},
      {"blank_lines_first", "\r\n\r\n" + kGet, "200", Phase::kIdle},
      {"blank_line_between", kGet + "\r\n" + kGet, "200 200", Phase::kIdle},
      {"pipelined", kGet + kGet + kGet, "200 200 200", Phase::kIdle},
      {"pipelined_with_bodies",
       kPost + "Content-Length: 3\r\n\r\nabc" + kChunked + "1\r\na\r\n0\r\n\r\n" + kGet,
       "200 200 200", Phase::kIdle},
      {"content_length_zero", kPost + "Content-Length: 0\r\n\r\n", "200", Phase::kIdle},
      {"content_length_repeated_equal", kPost + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
       "200", Phase::kIdle},
      {"body_of_get", "GET / HTTP/1.1\r\n" + kHost + "Content-Length: 1\r\n\r\na" + kGet, "200 200",
       Phase::kIdle},
      {"chunked", kChunked + "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n" + kGet, "200 200",
       Phase::kIdle},
      {"chunked_any_case", kPost + "Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n", "200",
       Phase::kIdle},
      {"chunked_leading_zeros", kChunked + "0003\r\nabc\r\n000\r\n\r\n", "200", Phase::kIdle},
      {"chunk_extensions", kChunked + "3;a=b;c=\"d;\\\"\"\r\nabc\r\n0;x\r\n\r\n" + kGet, "200 200",
       Phase::kIdle},
      {"trailers", kChunked + "0\r\nHost: evil\r\nX: y\r\n\r\n" + kGet, "200 200", Phase::kIdle},
      {"expect_without_body", "GET / HTTP/1.1\r\n" + kHost + "Expect: 100-continue\r\n\r\n", "200",
       Phase::kIdle},
      {"expect_of_http10_is_ignored",
       "POST / HTTP/1.0\r\nConnection: keep-alive\r\nExpect: 100-continue\r\n"
       "Content-Length: 1\r\n\r\na",
       "200", Phase::kIdle},
      {"upgrade_is_not_followed",
       "GET / HTTP/1.1\r\n" + kHost + "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n" + kGet,
       "200 200", Phase::kIdle},
      {"head_at_the_limit",
       "GET / HTTP/1.1\r\n" + kHost + "A: " + std::string(1024 - 32, 'a') + "\r\n\r\n", "200",
       Phase::kIdle},
      {"fields_at_the_limit", "GET / HTTP/1.1\r\n" + kHost + fields(15) + "\r\n", "200",
       Phase::kIdle},
      // ---- answered at once
      {"expect_is_answered_at_once",
       kPost + "Expect: 100-Continue\r\nContent-Length: 9\r\n\r\nGET / HT", "200!",
       Phase::kClosing},
      {"announced_body_too_large", kPost + "Content-Length: 65\r\n\r\n" + kGet, "200!",
       Phase::kClosing},
      {"announced_body_at_the_limit", kPost + "Content-Length: 64\r\n\r\n" + std::string(64, 'a'),
       "200", Phase::kIdle},
      {"chunked_body_too_large", kChunked + "40\r\n" + std::string(64, 'a') + "\r\n1\r\na", "200!",
       Phase::kClosing},
      {"chunk_of_absurd_size", kChunked + "ffffffffffffffff\r\n", "200!", Phase::kClosing},
      // ---- unfinished
      {"nothing", "", "", Phase::kIdle},
      {"half_a_line", "GET / HT", "", Phase::kHead},
      {"half_a_blank_line", "\r", "", Phase::kHead},
      {"only_blank_lines", "\r\n\r\n", "", Phase::kIdle},
      {"half_a_head", "GET / HTTP/1.1\r\nHost: h\r\n", "", Phase::kHead},
      {"half_a_body", kPost + "Content-Length: 3\r\n\r\nab", "", Phase::kBody},
      {"half_a_chunk", kChunked + "3\r\nab", "", Phase::kBody},
      {"last_chunk_without_its_end", kChunked + "0\r\n", "", Phase::kBody},
      // ---- hostile request lines
      {"tls_client_hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, "400!",
       Phase::kClosing},
      {"leading_space", " GET / HTTP/1.1\r\n", "400!", Phase::kClosing},
      {"leading_nul", "\0GET / HTTP/1.1\r\n"s, "400!", Phase::kClosing},
      {"leading_bare_lf", "\n" + kGet, "400!", Phase::kClosing},
      {"leading_bare_cr", "\rGET / HTTP/1.1\r\n", "400!", Phase::kClosing},
      {"too_many_blank_lines", "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n" + kGet, "400!",
       Phase::kClosing},
      {"http09", "GET /\r\n", "400!", Phase::kClosing},
      {"http09_with_space", "GET / \r\n", "400!", Phase::kClosing},
      {"short_version", "GET / HTTP/1\r\n", "400!", Phase::kClosing},
      {"lower_case_version", "GET / http/1.1\r\n", "400!", Phase::kClosing},
      {"long_version", "GET / HTTP/1.10\r\n", "400!", Phase::kClosing},
      {"http2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505!", Phase::kClosing},
      {"version_1_2", "GET / HTTP/1.2\r\n", "505!", Phase::kClosing},
      {"version_0_9", "GET / HTTP/0.9\r\n", "505!", Phase::kClosing},
      {"version_before_broken_fields", "GET / HTTP/3.0\r\nA\n", "505!", Phase::kClosing},
      {"space_in_target", "GET /a b HTTP/1.1\r\n", "400!", Phase::kClosing},
      {"two_spaces", "GET  / HTTP/1.1\r\n", "400!", Phase::kClosing},
      {"trailing_space", "GET / HTTP/1.1 \r\n", "400!", Phase::kClosing},
      {"tab_for_space", "GET\t/ HTTP/1.1\r\n", "400!", Phase::kClosing},
      {"nul_in_target", "GET /\0 HTTP/1.1\r\n"s, "400!", Phase::kClosing},
      {"control_in_target", "GET /\x1b HTTP/1.1\r\n", "400!", Phase::kClosing},
      {"cr_in_request_line", "GET / HTTP/1.1\rX\r\n", "400!", Phase::kClosing},
      {"no_target", "GET HTTP/1.1\r\n", "400!", Phase::kClosing},
      {"method_with_colon", "GE:T / HTTP/1.1\r\n", "400!", Phase::kClosing},
      {"request_line_too_long", "GET /" + std::string(1100, 'a'), "414!", Phase::kClosing},
      // ---- hostile fields
      {"bare_lf", "GET / HTTP/1.1\r\nHost: h\n\r\n", "400!", Phase::kClosing},
      {"bare_lf_everywhere", "GET / HTTP/1.1\nHost: h\n\n", "400!", Phase::kClosing},
      {"bare_cr_in_value", "GET / HTTP/1.1\r\n" + kHost + "A: b\rc\r\n\r\n", "400!",
       Phase::kClosing},
      {"nul_in_value", "GET / HTTP/1.1\r\n" + kHost + "A: b\0c\r\n\r\n"s, "400!", Phase::kClosing},
      {"nul_in_name", "GET / HTTP/1.1\r\n" + kHost + "A\0: b\r\n\r\n"s, "400!", Phase::kClosing},
      {"space_before_colon", "GET / HTTP/1.1\r\nHost : h\r\n\r\n", "400!", Phase::kClosing},
      {"empty_name", "GET / HTTP/1.1\r\n" + kHost + ": b\r\n\r\n", "400!", Phase::kClosing},
      {"no_colon", "GET / HTTP/1.1\r\n" + kHost + "A\r\n\r\n", "400!", Phase::kClosing},
      {"obs_fold", "GET / HTTP/1.1\r\n" + kHost + "A: b\r\n c\r\n\r\n", "400!", Phase::kClosing},
      {"obs_fold_of_nothing", "GET / HTTP/1.1\r\n" + kHost + "A:\r\n\tb\r\n\r\n", "400!",
       Phase::kClosing},
      {"white_space_before_the_first_field", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", "400!",
       Phase::kClosing},
      {"control_in_value", "GET / HTTP/1.1\r\n" + kHost + "A: \x01\r\n\r\n", "400!",
       Phase::kClosing},
      {"no_host", "GET / HTTP/1.1\r\n\r\n", "400!", Phase::kClosing},
      {"two_hosts", "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", "400!", Phase::kClosing},
      {"two_hosts_in_http10", "GET / HTTP/1.0\r\nHost: h\r\nHost: h\r\n\r\n", "400!",
       Phase::kClosing},
      {"host_with_space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400!", Phase::kClosing},
      {"host_with_slash", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400!", Phase::kClosing},
      {"host_with_user", "GET / HTTP/1.1\r\nHost: u@h\r\n\r\n", "400!", Phase::kClosing},
      {"head_too_large",
       "GET / HTTP/1.1\r\n" + kHost + "A: " + std::string(1024 - 31, 'a') + "\r\n\r\n", "431!",
       Phase::kClosing},
      {"too_many_fields", "GET / HTTP/1.1\r\n" + kHost + fields(16) + "\r\n", "431!",
       Phase::kClosing},
      // ---- hostile framing
      {"length_and_chunked", kPost + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
       "400!", Phase::kClosing},
      {"chunked_and_length", kPost + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
       "400!", Phase::kClosing},
      {"gzip_and_length", kPost + "Transfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", "400!",
       Phase::kClosing},
      {"lengths_that_differ", kPost + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n", "400!",
       Phase::kClosing},
      {"lengths_in_a_list_that_differ", kPost + "Content-Length: 3, 4\r\n\r\n", "400!",
       Phase::kClosing},
      {"negative_length", kPost + "Content-Length: -1\r\n\r\n", "400!", Phase::kClosing},
      {"length_with_plus", kPost + "Content-Length: +1\r\n\r\na", "400!", Phase::kClosing},
      {"hexadecimal_length", kPost + "Content-Length: 0x1\r\n\r\na", "400!", Phase::kClosing},
      {"empty_length", kPost + "Content-Length:\r\n\r\n", "400!", Phase::kClosing},
      {"length_beyond_64_bits", kPost + "Content-Length: 18446744073709551616\r\n\r\n", "400!",
       Phase::kClosing},
      {"length_with_space", kPost + "Content-Length: 1 1\r\n\r\n", "400!", Phase::kClosing},
      {"gzip", kPost + "Transfer-Encoding: gzip\r\n\r\n", "501!", Phase::kClosing},
      {"gzip_then_chunked", kPost + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501!",
       Phase::kClosing},
      {"chunked_then_identity", kPost + "Transfer-Encoding: chunked, identity\r\n\r\n", "501!",
       Phase::kClosing},
      {"identity", kPost + "Transfer-Encoding: identity\r\n\r\n", "501!", Phase::kClosing},
      {"empty_transfer_encoding", kPost + "Transfer-Encoding:\r\n\r\n", "501!", Phase::kClosing},
      {"chunked_in_quotes", kPost + "Transfer-Encoding: \"chunked\"\r\n\r\n", "501!",
       Phase::kClosing},
      {"chunked_twice", kPost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
       "400!", Phase::kClosing},
      {"chunked_in_http10", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "400!",
       Phase::kClosing},
      {"chunk_size_missing", kChunked + "\r\nabc\r\n", "400!", Phase::kClosing},
      {"chunk_size_negative", kChunked + "-1\r\na", "400!", Phase::kClosing},
      {"chunk_size_beyond_64_bits", kChunked + "10000000000000000\r\n", "400!", Phase::kClosing},
      {"chunk_size_with_space", kChunked + "3 \r\nabc\r\n", "400!", Phase::kClosing},
      {"chunk_size_with_prefix", kChunked + "0x3\r\nabc\r\n0\r\n\r\n", "400!", Phase::kClosing},
      {"chunk_longer_than_announced", kChunked + "1\r\nabc\r\n0\r\n\r\n", "400!", Phase::kClosing},
      {"chunk_with_bare_lf", kChunked + "3\nabc\n0\n\n" + kGet, "400!", Phase::kClosing},
      {"chunk_line_with_bare_cr", kChunked + "3\rabc\r\n", "400!", Phase::kClosing},
      {"chunk_extension_with_line_feed", kChunked + "3;a=\"\n\"\r\nabc\r\n", "400!",
       Phase::kClosing},
      {"chunk_extension_with_open_quote", kChunked + "3;a=\"b\r\nabc\r\n0;\"\r\n\r\n", "400!",
       Phase::kClosing},
      {"last_chunk_with_open_quote", kChunked + "0;a=\"\r\nT: \"\r\n\r\n", "400!", Phase::kClosing},
      {"chunk_extension_too_long",
       kChunked + "3;a=" + std::string(kMaxChunkFraming, 'a') + "\r\nabc\r\n", "400!",
       Phase::kClosing},
      {"chunk_extensions_too_long_together",
       [] {
         std::string bytes = kChunked;
         for (int i = 0; i < 5; ++i) bytes += "1;a=" + std::string(4000, 'a') + "\r\na\r\n";
         return bytes;
       }(),
       "400!", Phase::kClosing},
      {"chunk_of_zeros_without_end", kChunked + std::string(kMaxChunkFraming + 1, '0'), "400!",
       Phase::kClosing},
      {"trailers_too_large",
       kChunked + "1\r\na\r\n0\r\nA: " + std::string(kMaxChunkFraming, 'a') + "\r\n\r\n", "431!",
       Phase::kClosing},
      {"trailer_malformed", kChunked + "0\r\nA b\r\n\r\n", "400!", Phase::kClosing},
  };
}

class EveryCase : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Exchange, EveryCase, ::testing::ValuesIn(cases()),
                         [](const auto& one) { return std::string(one.param.name); });

// A copy of exactly its own size, so that reading beyond a segment is an error.
void feed(ExchangeHarness& harness, std::string_view segment) {
  harness.feed(std::string(segment));
}

TEST_P(EveryCase, AsOneSegment) {
  ExchangeHarness harness(small_limits());
  feed(harness, GetParam().bytes);
  EXPECT_EQ(statuses(harness.sent()), GetParam().statuses) << harness.sent();
  EXPECT_EQ(harness.phase(), GetParam().phase);
}

TEST_P(EveryCase, CutOnceAnywhere) {
  const std::string& bytes = GetParam().bytes;
  ExchangeHarness whole(small_limits());
  feed(whole, bytes);
  const std::size_t step = bytes.size() > 2000 ? 37 : 1;
  for (std::size_t cut = 1; cut < bytes.size(); cut += step) {
    ExchangeHarness harness(small_limits());
    feed(harness, bytes.substr(0, cut));
    feed(harness, bytes.substr(cut));
    ASSERT_EQ(harness.sent(), whole.sent()) << "cut at " << cut;
    ASSERT_EQ(harness.phase(), whole.phase()) << "cut at " << cut;
  }
}

TEST_P(EveryCase, ByteByByte) {
  ExchangeHarness whole(small_limits());
  feed(whole, GetParam().bytes);
  ExchangeHarness harness(small_limits());
  for (const char c : GetParam().bytes) feed(harness, {&c, 1});
  EXPECT_EQ(harness.sent(), whole.sent());
  EXPECT_EQ(harness.phase(), whole.phase());
}

std::string talk(const std::string& bytes) {
  ExchangeHarness harness(small_limits());
  feed(harness, bytes);
  return harness.sent();
}

TEST(ExchangeAnswers, StandWithDateAndLength) {
  EXPECT_EQ(talk("GET /a HTTP/1.1\r\nHost: h\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Length: 22\r\n\r\nGET|/a|h|11|1|h||whole");
}

TEST(ExchangeAnswers, TellHttp10ThatTheConnectionStays) {
  EXPECT_THAT(talk("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
              HasSubstr("\r\nConnection: keep-alive\r\n"));
}

TEST(ExchangeAnswers, HeadHasTheLengthOfGetAndNoBody) {
  const std::string get = talk("GET /abc HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string head = talk("HEAD /ab HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(head, get.substr(0, get.find("\r\n\r\n") + 4));
}

TEST(ExchangeAnswers, FaultsOfHeadHaveNoBodyEither) {
  const std::string sent = talk("HEAD / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n");
  EXPECT_THAT(sent, StartsWith("HTTP/1.1 501 "));
  EXPECT_TRUE(sent.ends_with("\r\n\r\n")) << sent;
}

TEST(ExchangeAnswers, FaultsArePlainAndNeverStored) {
  const std::string sent = talk("GET / HTTP/1.1\r\n\r\n");
  EXPECT_THAT(sent, StartsWith("HTTP/1.1 400 Bad Request\r\nDate: "));
  EXPECT_THAT(sent, HasSubstr("\r\nContent-Type: text/plain; charset=utf-8\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nCache-Control: no-store\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\n\r\n400 Bad Request: the request has no Host.\n"));
}

// The request before it is gone, bytes and all, when a broken line is looked at.
TEST(ExchangeAnswers, ABrokenLineKnowsNothingOfTheRequestBefore) {
  ExchangeHarness harness(small_limits());
  feed(harness, "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  feed(harness, "GET / HTTP/1.1\rX: y\r\n\r\n");
  EXPECT_EQ(statuses(harness.sent()), "200 400!");
  EXPECT_TRUE(harness.sent().ends_with(".\n")) << "the answer to HEAD was meant before";
}

TEST(ExchangeAnswers, PipelinedInOrder) {
  std::string bytes;
  for (int i = 0; i < 100; ++i) {
    bytes += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }
  const std::string sent = talk(bytes);
  std::size_t at = 0;
  for (int i = 0; i < 100; ++i) {
    at = sent.find("GET|/" + std::to_string(i) + "|", at);
    ASSERT_NE(at, std::string::npos) << i;
  }
}

TEST(ExchangeBodies, AreKeptOnlyWhereAskedFor) {
  const std::string body = "Content-Length: 4\r\n\r\nbody";
  EXPECT_THAT(talk("POST /peek HTTP/1.1\r\nHost: h\r\n" + body), HasSubstr("|body|whole"));
  EXPECT_THAT(talk("POST / HTTP/1.1\r\nHost: h\r\n" + body), HasSubstr("||part"));
}

TEST(ExchangeBodies, AreKeptToTheirBoundAndTheRestIsThrownAway) {
  const std::string sent = talk(
      "POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 20\r\n\r\n"
      "0123456789abcdefWXYZ" +
      kGet);
  EXPECT_THAT(sent, HasSubstr("|0123456789abcdef|part"));
  EXPECT_EQ(statuses(sent), "200 200");
}

TEST(ExchangeBodies, ThatJustFitAreWhole) {
  EXPECT_THAT(talk("POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 16\r\n\r\n0123456789abcdef"),
              HasSubstr("|0123456789abcdef|whole"));
}

TEST(ExchangeBodies, ComeDecodedFromChunks) {
  const std::string head = "POST /peek HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_THAT(talk(head + "2\r\nbo\r\n2;x=y\r\ndy\r\n0\r\nHost: evil\r\n\r\n"),
              HasSubstr("POST|/peek|h|11|2|h|chunked|body|whole"));
}

TEST(ExchangeBodies, ThatGrowTooLargeAreAnsweredWithWhatWasKept) {
  const std::string head = "POST /peek HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string sent = talk(head + "14\r\n0123456789abcdefWXYZ\r\nfff\r\n");
  EXPECT_THAT(sent, HasSubstr("|0123456789abcdef|part"));
  EXPECT_EQ(statuses(sent), "200!");
}

TEST(ExchangeBodies, ThatAreNotWaitedForAreEmpty) {
  EXPECT_THAT(talk("POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n"
                   "Expect: 100-continue\r\n\r\nbody"),
              HasSubstr("|4|100-continue||part"));
}

// The head must still be there when its body arrives long after, and others were served.
TEST(ExchangeBodies, FindTheirHeadAgain) {
  ExchangeHarness harness(small_limits());
  feed(harness, "POST /peek HTTP/1.1\r\nHost: mine\r\nContent-Length: 4\r\n\r\nbo");
  harness.desk().request.reset("GET", "/other", 11);
  harness.desk().kept_body = "other";
  feed(harness, "dy");
  EXPECT_THAT(harness.sent(), HasSubstr("POST|/peek|mine|11|2|mine|4|body|whole"));
}

TEST(ExchangeEnd, IsQuietWhenAllIsSaid) {
  ExchangeHarness harness(small_limits());
  harness.finish();
  EXPECT_EQ(harness.sent(), "");
  EXPECT_EQ(harness.phase(), Phase::kClosing);
}

TEST(ExchangeEnd, InsideAHeadOrBodyIsAFault) {
  for (const std::string& bytes : {std::string("GET / HTTP/1.1\r\n"), kChunked + "3\r\na"}) {
    ExchangeHarness harness(small_limits());
    feed(harness, bytes);
    harness.finish();
    EXPECT_EQ(statuses(harness.sent()), "400!") << bytes;
  }
}

TEST(ExchangeTimeOut, IsToldToWhoeverHasBegun) {
  ExchangeHarness idle(small_limits());
  idle.time_out();
  EXPECT_EQ(idle.sent(), "");
  EXPECT_EQ(idle.phase(), Phase::kClosing);
  for (const std::string& bytes : {std::string("G"), kChunked + "3\r\na"}) {
    ExchangeHarness harness(small_limits());
    feed(harness, bytes);
    harness.time_out();
    EXPECT_EQ(statuses(harness.sent()), "408!") << bytes;
  }
}

TEST(ExchangeDraining, ClosesAfterTheNextAnswer) {
  ExchangeHarness harness(small_limits());
  harness.desk().draining = true;
  feed(harness, kGet + kGet);
  EXPECT_EQ(statuses(harness.sent()), "200!");
}

// A handler that does what it should not.
class RudeHandler : public Handler {
 public:
  BodyUse body_use(const http::Request& head) override {
    if (head.path() == "/body") throw std::runtime_error("rude\n");
    return BodyUse::kDiscard;
  }
  void answer(const http::Request& request, http::Response& response) override {
    response.text = "half of an answ";
    response.add_field("X-Half", "yes");
    response.body_from_text();
    response.status = 200;
    if (request.path() == "/throw") throw std::runtime_error("rude");
    if (request.path() == "/int") throw 7;
    if (request.path() == "/status") response.status = 100;
    if (request.path() == "/101") response.status = 101;
    if (request.path() == "/204") response.status = 204;
    if (request.path() == "/304") response.status = 304;
  }
};

std::string rude(const std::string& bytes, std::vector<std::string>* reports = nullptr) {
  const http::Limits limits = small_limits();
  RudeHandler handler;
  Desk desk{limits,
            handler,
            [&](std::string_view text) {
              if (reports != nullptr) reports->emplace_back(text);
            },
            {},
            false,
            {},
            {},
            {},
            {}};
  Exchange exchange;
  exchange.receive(bytes, desk, desk.output);
  return desk.output.bytes();
}

TEST(ExchangeHandlerFailures, AreAPlain503) {
  for (const char* path : {"/throw", "/int", "/status"}) {
    const std::string sent = rude("GET " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(statuses(sent), "503!") << path;
    EXPECT_THAT(sent, HasSubstr("\r\nRetry-After: 120\r\n"));
    EXPECT_THAT(sent, Not(HasSubstr("half"))) << path;
    EXPECT_THAT(sent, Not(HasSubstr("X-Half"))) << path;
  }
  EXPECT_EQ(statuses(rude("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na")), "503!");
}

TEST(ExchangeHandlerFailures, AreReportedPrintable) {
  std::vector<std::string> reports;
  rude("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na", &reports);
  EXPECT_THAT(reports, ::testing::ElementsAre("a handler failed: rude\\x0a"));
}

TEST(ExchangeStatuses, WithoutBody) {
  for (const char* path : {"/204", "/304"}) {
    const std::string sent = rude("GET " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(sent.ends_with("\r\n\r\n")) << sent;
    EXPECT_THAT(sent, Not(HasSubstr("Content-Length"))) << path;
  }
}

TEST(ExchangeStatuses, SwitchingProtocolsSpeaksOnceAndCloses) {
  const std::string sent = rude("GET /101 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(sent, StartsWith("HTTP/1.1 101 Switching Protocols\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nConnection: Upgrade\r\n"));
  EXPECT_THAT(sent, Not(HasSubstr("Content-Length")));
  EXPECT_TRUE(sent.ends_with("\r\n\r\nhalf of an answ"));
}

}  // namespace
}  // namespace intermission::server
