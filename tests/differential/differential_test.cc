// The same bytes for our server and for nginx. A verdict is the class of each answer, and
// whether a further request on the connection is answered. Where the verdicts differ, a row of
// kDifferences says which section of the standard decides; without one the test fails, and so
// it does for a row that does not hold any more.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "server/server.h"
#include "support/http1_harness.h"
#include "support/nginx.h"
#include "support/request_cases.h"
#include "support/wire_client.h"

namespace intermission::testing {
namespace {

struct Difference {
  std::string_view name;  // of the RequestCase
  std::string_view ours;  // verdicts, see verdict()
  std::string_view nginx;
  std::string_view section;
  std::string_view why;
};

constexpr Difference kDifferences[] = {
    {"any_method_token", "2xx open", "4xx closed", "RFC 9110 §9.1",
     "a method is any token; nginx takes only A to Z, \"_\" and \"-\""},
    {"method_in_lower_case", "2xx open", "4xx closed", "RFC 9110 §9.1",
     "a method is any token, in any case"},
    {"asterisk_form", "2xx open", "4xx closed", "RFC 9112 §3.2.4",
     "OPTIONS * asks about the server itself, and is well-formed"},
    {"connect_is_answered_and_closed", "2xx closed", "4xx closed", "RFC 9110 §9.3.6",
     "the handler decides the status (the mirror says 200 to everything); the end is the same"},
    {"empty_host", "2xx open", "4xx closed", "RFC 9112 §3.2",
     "a target without authority comes with an empty Host"},
    {"tab_after_colon", "2xx open", "4xx closed", "RFC 9112 §5",
     "OWS around a value is spaces and tabs, and no part of it"},
    {"content_length_repeated_equal", "2xx open", "4xx closed", "RFC 9112 §6.3",
     "equal lengths may be taken as one or refused; nothing is in doubt"},
    {"content_length_in_a_list_of_equals", "2xx 2xx open", "4xx closed", "RFC 9112 §6.3",
     "equal lengths may be taken as one or refused; nothing is in doubt"},
    {"expect_without_body", "2xx open", "1xx 2xx open", "RFC 9110 §10.1.1",
     "100 is left out where there is no content to wait for"},
    {"expect_is_answered_at_once", "2xx closed", "1xx 2xx open", "RFC 9110 §10.1.1",
     "the final answer may come instead of 100; then the content must not be waited for"},
    {"dot_segments_above_the_root", "2xx open", "4xx closed", "RFC 3986 §5.2.4",
     "what leads above the root is removed; a gateway that answers for everything opens no file"},
    {"escaped_nul_in_target", "2xx open", "4xx closed", "RFC 9112 §3.2",
     "the target is well-formed; nothing here hands it to C"},
    {"percent_that_is_no_escape", "2xx open", "4xx closed", "RFC 9112 §3",
     "400 is a SHOULD; the service is down whatever the target means, and the answer says so"},
    {"announced_body_too_large", "2xx closed", "4xx closed", "RFC 9112 §9.3",
     "a body that is not read means a closed connection, not another answer; 413 is a MAY"},
    {"chunked_body_too_large", "2xx closed", "4xx closed", "RFC 9112 §9.3",
     "a body that is not read means a closed connection, not another answer; 413 is a MAY"},
    {"chunk_of_absurd_size", "2xx closed", "4xx closed", "RFC 9112 §7.1",
     "the size is well-formed, and just a body that is too large"},
    {"half_a_line", "4xx closed", "closed", "RFC 9112 §8",
     "a request that ends early MAY be told so; silence is allowed, too"},
    {"half_a_blank_line", "4xx closed", "closed", "RFC 9112 §8",
     "a request that ends early MAY be told so; silence is allowed, too"},
    {"half_a_head", "4xx closed", "closed", "RFC 9112 §8",
     "a request that ends early MAY be told so; silence is allowed, too"},
    {"half_a_body", "4xx closed", "2xx closed", "RFC 9112 §8",
     "fewer bytes than announced are an incomplete request; nginx had answered before"},
    {"half_a_chunk", "4xx closed", "2xx closed", "RFC 9112 §8",
     "a chunked body without its last chunk is incomplete; nginx had answered before"},
    {"last_chunk_without_its_end", "4xx closed", "2xx closed", "RFC 9112 §8",
     "a chunked body without its end is incomplete; nginx had answered before"},
    {"leading_bare_lf", "4xx closed", "2xx open", "RFC 9112 §2.2",
     "only CRLF is ignored before a request line; LF as a line's end is a MAY that smuggles"},
    {"bare_lf_between_requests", "2xx 4xx closed", "2xx 2xx open", "RFC 9112 §2.2",
     "only CRLF is ignored before a request line; LF as a line's end is a MAY that smuggles"},
    {"leading_bare_cr", "4xx closed", "2xx open", "RFC 9112 §2.2", "a CR alone is invalid"},
    {"too_many_blank_lines", "4xx closed", "2xx open", "RFC 9112 §2.2",
     "at least one blank line is ignored; eight are enough, and no bound is a way to stay for "
     "ever"},
    {"http09", "4xx closed", "0.9 closed", "RFC 9112 §3",
     "a request line has a version; HTTP/0.9 is not spoken"},
    {"http09_with_space", "4xx closed", "0.9 closed", "RFC 9112 §3",
     "a request line has a version; HTTP/0.9 is not spoken"},
    {"long_version", "4xx closed", "2xx open", "RFC 9112 §2.3", "a minor version is one digit"},
    {"version_1_2", "5xx closed", "2xx open", "RFC 9110 §2.5",
     "to read it as 1.1 is a SHOULD that we do not follow: there is no such version, and what "
     "writes it is no client"},
    {"version_0_9", "5xx closed", "4xx closed", "RFC 9110 §15.6.6",
     "a major version that is not spoken is a 505"},
    {"http2_preface", "5xx closed", "4xx closed", "RFC 9110 §15.6.6",
     "a major version that is not spoken is a 505"},
    {"two_spaces", "4xx closed", "2xx open", "RFC 9112 §3",
     "exactly one space; to be lenient is a MAY, and a known way to smuggle"},
    {"trailing_space", "4xx closed", "2xx open", "RFC 9112 §3",
     "nothing stands behind the version; to be lenient is a MAY, and a known way to smuggle"},
    {"bare_lf", "4xx closed", "2xx 4xx closed", "RFC 9112 §2.2",
     "LF as a line's end is a MAY that smuggles: here nginx sees two requests"},
    {"bare_lf_everywhere", "4xx closed", "2xx open", "RFC 9112 §2.2",
     "LF as a line's end is a MAY that smuggles"},
    {"no_colon", "4xx closed", "2xx open", "RFC 9112 §5",
     "a field line has a colon; nginx drops the line and goes on"},
    {"quotes_in_name", "4xx closed", "2xx open", "RFC 9110 §5.1",
     "a field name is a token; nginx drops the line and goes on"},
    {"control_in_value", "4xx closed", "2xx open", "RFC 9110 §5.5",
     "control characters are invalid, and values reach logs"},
    {"delete_in_value", "4xx closed", "2xx open", "RFC 9110 §5.5",
     "control characters are invalid, and values reach logs"},
    {"host_with_user", "4xx closed", "2xx open", "RFC 9112 §3.2",
     "a Host that is no uri-host [ \":\" port ] MUST be a 400"},
    {"head_too_large", "4xx closed", "2xx open", "RFC 6585 §5",
     "bounds are each server's own: ours counts the whole head, nginx's each line"},
    {"too_many_fields", "4xx closed", "2xx open", "RFC 6585 §5",
     "bounds are each server's own: this nginx has none on the number of lines"},
    {"gzip_and_length", "4xx closed", "5xx closed", "RFC 9112 §6.3",
     "a length beside a transfer coding is an error before the coding is looked at"},
    {"vertical_tab_before_chunked", "4xx closed", "5xx closed", "RFC 9110 §5.5",
     "a control character in a value is invalid before the coding is looked at"},
    {"chunk_with_bare_lf", "4xx closed", "2xx 2xx open", "RFC 9112 §7.1",
     "a chunk's lines end in CRLF; where LF is taken, two servers see two bodies"},
    {"chunk_extension_with_open_quote", "4xx closed", "2xx open", "RFC 9112 §7.1.1",
     "a quoted-string ends on its line; nginx reads over extensions"},
    {"last_chunk_with_open_quote", "4xx closed", "2xx open", "RFC 9112 §7.1.1",
     "a quoted-string ends on its line; nginx reads over extensions"},
    {"trailers_too_large", "4xx closed", "2xx open", "RFC 9110 §6.5",
     "bounds are each server's own: this nginx has none on trailers"},
    {"trailers_that_would_frame", "4xx closed", "2xx open", "RFC 9110 §6.5.1",
     "fields that frame MUST NOT be sent in trailers; a sender that does means harm"},
    {"trailer_malformed", "4xx closed", "2xx open", "RFC 9112 §7.1.2",
     "trailers are field lines; nginx reads over them"},
    {"trailer_folded", "4xx closed", "2xx 2xx open", "RFC 9112 §5.2",
     "obs-fold is invalid in trailers as in heads; nginx reads over trailers"},
    {"trailer_folded_with_tab", "4xx closed", "2xx open", "RFC 9112 §5.2",
     "obs-fold is invalid in trailers as in heads; nginx reads over trailers"},
    {"first_trailer_folded", "4xx closed", "2xx 2xx open", "RFC 9112 §5.2",
     "obs-fold is invalid in trailers as in heads; nginx reads over trailers"},
    {"trailer_of_white_space", "4xx closed", "2xx 2xx open", "RFC 9112 §5.2",
     "obs-fold is invalid in trailers as in heads; nginx reads over trailers"},
    {"trailer_with_bare_lf", "4xx closed", "2xx 2xx open", "RFC 9112 §2.2",
     "LF as a line's end is a MAY that smuggles; nginx takes it"},
    {"trailers_end_with_bare_lf", "4xx closed", "2xx 2xx open", "RFC 9112 §2.2",
     "LF as a line's end is a MAY that smuggles; nginx takes it"},
    {"last_chunk_ends_with_bare_lf", "4xx closed", "2xx 2xx open", "RFC 9112 §2.2",
     "LF as a line's end is a MAY that smuggles; nginx takes it"},
    {"trailer_with_nul", "4xx closed", "2xx open", "RFC 9110 §5.5",
     "control characters are invalid; nginx reads over trailers"},
    {"trailer_with_nul_in_name", "4xx closed", "2xx open", "RFC 9110 §5.5",
     "control characters are invalid; nginx reads over trailers"},
    {"trailer_without_name", "4xx closed", "2xx open", "RFC 9112 §5.1",
     "a field name is a token with the colon behind it; nginx reads over trailers"},
    {"trailer_with_space_before_colon", "4xx closed", "2xx open", "RFC 9112 §5.1",
     "a field name is a token with the colon behind it; nginx reads over trailers"},
};

// The limits of small_limits(), as near as nginx can say them.
constexpr const char* kNginx =
    "    client_header_buffer_size 1k; large_client_header_buffers 1 1k;\n"
    "    client_max_body_size 64; lingering_timeout 100ms; default_type text/plain; server_tokens "
    "off;\n"
    "    location / { return 200 ok; }\n"
    "    location = /further { return 200 further-answer; }\n";

const std::string kFurther = "GET /further HTTP/1.1\r\nHost: h\r\n\r\n";

class FurtherHandler final : public MirrorHandler {
 public:
  http::Handled answer(const http::Request& request, http::Response& response) override {
    http::Handled handled = MirrorHandler::answer(request, response);
    if (request.path() != "/further") return handled;
    response.body.own() = "further-answer";
    return handled;
  }
};

// A request that we reject before its end is sent to its end, or other servers could not answer.
std::string whole_head(const RequestCase& one) {
  const bool refused = one.phase == server::Http1Session::Phase::kClosing;
  const bool whole = one.bytes.find("\r\n\r\n") != std::string::npos ||
                     one.bytes.find("\n\n") != std::string::npos;
  if (!refused || whole) return one.bytes;
  return one.bytes + (one.bytes.ends_with("\r\n") ? "Host: h\r\n\r\n" : "\r\nHost: h\r\n\r\n");
}

bool is_unfinished(const RequestCase& one) {
  return one.phase == server::Http1Session::Phase::kHead ||
         one.phase == server::Http1Session::Phase::kBody;
}

// "2xx 4xx closed"; "0.9" for bytes that are no HTTP/1 response at all.
std::string verdict(std::uint16_t port, const RequestCase& one) {
  WireClient client(port);
  client.send(is_unfinished(one) ? one.bytes : whole_head(one) + kFurther);
  client.finish();
  const std::string sent = client.until_close();
  if (sent.ends_with("(timeout)")) return "hangs";
  const bool open = sent.find("\r\n\r\nfurther-answer") != std::string::npos;
  std::string out;
  for (std::size_t at = sent.find("HTTP/1.1 "); at != std::string::npos;
       at = sent.find("HTTP/1.1 ", at + 1)) {
    // Words of a fault may name the version, too.
    if (std::isdigit(static_cast<unsigned char>(sent[at + 9])) == 0) continue;
    out += sent.substr(at + 9, 1) + "xx ";
  }
  if (out.empty() && !sent.empty()) out = "0.9 ";
  if (open) out.erase(out.size() - 4);
  return out + (open ? "open" : "closed");
}

const Difference* find_difference(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kDifferences), std::end(kDifferences),
                                         [&](const auto& row) { return row.name == name; });
  return found == std::end(kDifferences) ? nullptr : found;
}

class Differential : public ::testing::TestWithParam<RequestCase> {
 protected:
  static void SetUpTestSuite() {
    nginx_ = std::make_unique<Nginx>(kNginx);
    server::Options options;
    options.address = "127.0.0.1";
    options.port = 0;
    options.limits = small_limits();
    auto started =
        server::Server::start(options, [] { return std::make_unique<FurtherHandler>(); });
    if (!started) throw std::runtime_error(started.error().text());
    ours_ = std::move(*started);
  }
  static void TearDownTestSuite() {
    nginx_.reset();
    ours_.reset();
  }

  static inline std::unique_ptr<Nginx> nginx_;
  static inline std::unique_ptr<server::Server> ours_;
};

TEST_P(Differential, HasTheSameVerdictOrAReason) {
  const RequestCase& one = GetParam();
  const std::string ours = verdict(ours_->port(), one);
  const std::string theirs = verdict(nginx_->port(), one);
  const Difference* row = find_difference(one.name);
  if (row == nullptr) {
    EXPECT_EQ(ours, theirs) << "ours and nginx's differ, and no row of kDifferences says why";
    return;
  }
  EXPECT_NE(ours, theirs) << "they agree; the row in kDifferences is not needed any more";
  EXPECT_EQ(ours, row->ours) << row->section << ": " << row->why;
  EXPECT_EQ(theirs, row->nginx);
}

INSTANTIATE_TEST_SUITE_P(Requests, Differential, ::testing::ValuesIn(request_cases()),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(Differences, AreOfCasesThatExist) {
  const auto cases = request_cases();
  EXPECT_GE(cases.size(), 120U);
  for (const Difference& row : kDifferences) {
    EXPECT_TRUE(std::any_of(cases.begin(), cases.end(), [&](const auto& one) {
      return one.name == row.name;
    })) << row.name;
    EXPECT_FALSE(row.section.empty() || row.why.empty()) << row.name;
  }
}

}  // namespace
}  // namespace intermission::testing
