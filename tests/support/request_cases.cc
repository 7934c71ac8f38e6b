#include "support/request_cases.h"

#include <cctype>

#include "server/request_parser.h"

namespace intermission::testing {

http::Limits small_limits() {
  http::Limits limits;
  limits.header_bytes = 1024;
  limits.header_count = 16;
  limits.body_peek = 16;
  limits.body_discard = 64;
  return limits;
}

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

namespace {

using Phase = server::Http1Session::Phase;

std::string fields(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "A: b\r\n";
  return out;
}

const std::string kHost = "Host: h\r\n";
const std::string kPost = "POST / HTTP/1.1\r\n" + kHost;
const std::string kChunked = kPost + "Transfer-Encoding: chunked\r\n\r\n";
const std::string kGet = "GET / HTTP/1.1\r\n" + kHost + "\r\n";

using std::string_literals::operator""s;

}  // namespace

std::vector<RequestCase> request_cases() {
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
      {"method_in_lower_case", "get / HTTP/1.1\r\n" + kHost + "\r\n", "200", Phase::kIdle},
      {"absolute_form_beats_host", "GET http://a.example/ HTTP/1.1\r\nHost: b.example\r\n\r\n",
       "200", Phase::kIdle},
      {"dot_segments_above_the_root", "GET /../../a HTTP/1.1\r\n" + kHost + "\r\n", "200",
       Phase::kIdle},
      {"escaped_nul_in_target", "GET /a%00b HTTP/1.1\r\n" + kHost + "\r\n", "200", Phase::kIdle},
      {"percent_that_is_no_escape", "GET /%zz HTTP/1.1\r\n" + kHost + "\r\n", "200", Phase::kIdle},
      {"fragment_in_target", "GET /a#b HTTP/1.1\r\n" + kHost + "\r\n", "200", Phase::kIdle},
      {"tab_in_value", "GET / HTTP/1.1\r\n" + kHost + "A: b\tc\r\n\r\n", "200", Phase::kIdle},
      {"underscore_is_no_hyphen",
       kPost + "Transfer_Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc" + kGet, "200 200",
       Phase::kIdle},
      {"close_on_a_line_of_its_own",
       "GET / HTTP/1.1\r\n" + kHost + "Connection: keep-alive\r\nConnection: close\r\n\r\n", "200!",
       Phase::kClosing},
      {"content_length_with_leading_zeros", kPost + "Content-Length: 0001\r\n\r\na" + kGet,
       "200 200", Phase::kIdle},
      {"content_length_in_a_list_of_equals", kPost + "Content-Length: 1, 1\r\n\r\na" + kGet,
       "200 200", Phase::kIdle},
      {"chunk_sizes_in_any_case",
       kChunked + "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n" + kGet, "200 200",
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
      {"version_without_a_number", "GET / HTTP/x.1\r\n", "400!", Phase::kClosing},
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
      {"delete_in_value", "GET / HTTP/1.1\r\n" + kHost + "A: \x7f\r\n\r\n", "400!",
       Phase::kClosing},
      {"bare_lf_between_requests", kGet + "\n" + kGet, "200 400!", Phase::kClosing},
      {"quotes_in_name", "GET / HTTP/1.1\r\n" + kHost + "\"A\": b\r\n\r\n", "400!",
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
      {"vertical_tab_before_chunked",
       kPost + "Transfer-Encoding: \x0b"
               "chunked\r\n\r\n0\r\n\r\n",
       "400!", Phase::kClosing},
      {"chunked_with_empty_member", kPost + "Transfer-Encoding: chunked,\r\n\r\n0\r\n\r\n", "501!",
       Phase::kClosing},
      {"length_in_tens_of_digits", kPost + "Content-Length: 1" + std::string(40, '0') + "\r\n\r\na",
       "400!", Phase::kClosing},
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
       kChunked + "3;a=" + std::string(server::kMaxChunkFraming, 'a') + "\r\nabc\r\n", "400!",
       Phase::kClosing},
      {"chunk_extensions_too_long_together",
       [] {
         std::string bytes = kChunked;
         for (int i = 0; i < 5; ++i) bytes += "1;a=" + std::string(4000, 'a') + "\r\na\r\n";
         return bytes;
       }(),
       "400!", Phase::kClosing},
      {"chunk_of_zeros_without_end", kChunked + std::string(server::kMaxChunkFraming + 1, '0'),
       "400!", Phase::kClosing},
      {"trailers_too_large",
       kChunked + "1\r\na\r\n0\r\nA: " + std::string(server::kMaxChunkFraming, 'a') + "\r\n\r\n",
       "431!", Phase::kClosing},
      {"trailers_that_would_frame",
       kChunked + "0\r\nContent-Length: 9\r\nTransfer-Encoding: gzip\r\n\r\n", "400!",
       Phase::kClosing},
      {"trailer_malformed", kChunked + "0\r\nA b\r\n\r\n", "400!", Phase::kClosing},
      {"trailer_folded", kChunked + "0\r\nA: b\r\n c\r\n\r\n" + kGet, "400!", Phase::kClosing},
      {"trailer_folded_with_tab", kChunked + "3;x\r\nabc\r\n0\r\nA: b\r\n\tc\r\n\r\n", "400!",
       Phase::kClosing},
      {"first_trailer_folded", kChunked + "0\r\n A: b\r\n\r\n" + kGet, "400!", Phase::kClosing},
      {"trailer_of_white_space", kChunked + "0\r\nA: b\r\n \r\n\r\n" + kGet, "400!",
       Phase::kClosing},
      {"trailer_with_bare_lf", kChunked + "0\r\nA: b\nC: d\r\n\r\n" + kGet, "400!",
       Phase::kClosing},
      {"trailers_end_with_bare_lf", kChunked + "0\r\nA: b\r\n\n" + kGet, "400!", Phase::kClosing},
      {"last_chunk_ends_with_bare_lf", kChunked + "0\r\n\n" + kGet, "400!", Phase::kClosing},
      {"trailer_with_bare_cr", kChunked + "0\r\nA: b\rC: d\r\n\r\n", "400!", Phase::kClosing},
      {"trailer_with_nul", kChunked + "0\r\nA: \0\r\n\r\n"s, "400!", Phase::kClosing},
      {"trailer_with_nul_in_name", kChunked + "0\r\nA\0: b\r\n\r\n"s, "400!", Phase::kClosing},
      {"trailer_without_name", kChunked + "0\r\n: b\r\n\r\n", "400!", Phase::kClosing},
      {"trailer_with_space_before_colon", kChunked + "0\r\nA : b\r\n\r\n", "400!", Phase::kClosing},
      {"trailer_with_tab_in_value", kChunked + "00;x=y\r\nA: b\tc\r\n\r\n" + kGet, "200 200",
       Phase::kIdle},
      {"trailer_with_empty_value", kChunked + "1\r\na\r\n0\r\nA:\r\nB: \xff\r\n\r\n" + kGet,
       "200 200", Phase::kIdle},
  };
}

}  // namespace intermission::testing
