#include "server/request_parser.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "http/media_type.h"
#include "http/target.h"
#include "server/plain_head.h"

namespace intermission::server {
namespace {

namespace beast = boost::beast;
using http::Field;

std::string_view std_view(beast::string_view text) {
  return {text.data(), text.size()};
}

// What our own callbacks refuse travels out of Beast as one of its error codes that it does
// not raise itself on this way.
constexpr auto kTooManyFields = beast::http::error::buffer_overflow;
constexpr auto kTooLarge = beast::http::error::body_limit;

// "0" CRLF CRLF
constexpr std::size_t kShortestFraming = 5;

// HTTP-version = "HTTP" "/" DIGIT "." DIGIT          (RFC 9112 §2.3)
// A version that is well-formed but not ours is a 505, and anything else in its place a 400.
Fault version_fault(std::string_view line) {
  line = line.substr(0, line.find("\r\n"));
  const std::size_t target = line.find(' ') + 1;
  const std::string_view version = line.substr(line.find(' ', target) + 1);
  const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") &&
                           base::is_digit(version[5]) && version[6] == '.' &&
                           base::is_digit(version[7]);
  if (well_formed) return {505, "only HTTP/1.1 and HTTP/1.0 are supported"};
  return {400, "the request line does not end with an HTTP version"};
}

Fault fault_of(beast::error_code code, std::string_view head) {
  using Error = beast::http::error;
  if (code == kTooManyFields) return {431, "the request has too many field lines"};
  // In a complete head only the version can look for bytes that are not there.
  if (code == Error::bad_version || code == Error::need_more) return version_fault(head);
  if (code == Error::bad_method) return {400, "the request does not start with a method"};
  if (code == Error::bad_target) return {400, "the request target is malformed"};
  if (code == Error::bad_content_length)
    return {400, "Content-Length is malformed or contradictory"};
  if (code == Error::bad_transfer_encoding) return {400, "Transfer-Encoding is contradictory"};
  return {400, "a field line is malformed"};
}

// The line of a chunk's size without its CRLF; empty until it is complete. From the second
// chunk on, the end of the data before it comes first.
std::string_view chunk_line(std::string_view framing) {
  if (framing.starts_with("\r\n")) framing.remove_prefix(2);
  const std::size_t end = framing.find("\r\n");
  return end == std::string_view::npos ? std::string_view() : framing.substr(0, end);
}

// Beast looks for the end of a quoted-string behind the end of its line, and counts the chunk
// once more each time it comes back.
bool has_open_quote(std::string_view line) {
  bool open = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') open = !open;
    if (line[i] == '\\' && open) ++i;
  }
  return open;
}

bool is_last_chunk(std::string_view line) {
  const std::string_view size = line.substr(0, line.find_first_not_of('0'));
  return !size.empty() && (size.size() == line.size() || base::hex_value(line[size.size()]) < 0);
}

// field-line = field-name ":" OWS field-value OWS, without obs-fold       RFC 9112 §5
bool is_field_line(std::string_view line) {
  return http::is_token(line.substr(0, line.find(':'))) && line.find(':') != std::string_view::npos;
}

// Whether what has come of the trailers behind a last chunk is already wrong. Beast reads them as
// leniently as it reads heads.
bool has_broken_trailers(std::string_view framing) {
  const std::string_view last = chunk_line(framing);
  if (!is_last_chunk(last)) return false;
  std::string_view rest(last.end() + 2, framing.end());
  for (;;) {
    const auto end = std::find_if(rest.begin(), rest.end(),
                                  [](char c) { return c != '\t' && base::is_control(c); });
    const std::string_view line(rest.begin(), end);
    if (line.starts_with(' ') || line.starts_with('\t')) return true;
    rest.remove_prefix(line.size());
    if (rest.empty() || rest == "\r") return false;
    if (!rest.starts_with("\r\n")) return true;
    if (line.empty()) return false;
    if (!is_field_line(line)) return true;
    rest.remove_prefix(2);
  }
}

bool lists(http::FieldValues values, std::string_view token) {
  for (const std::string_view value : values) {
    http::Splitter members(value, ',');
    std::string_view member;
    while (members.next(member)) {
      if (base::iequals(member, token)) return true;
    }
  }
  return false;
}

std::ptrdiff_t count(http::FieldValues values) {
  return std::distance(values.begin(), values.end());
}

}  // namespace

RequestParser::RequestParser(const http::Limits& limits) : limits_(&limits) {
  // The scanner has kept the bounds already, and none() would mean "no body at all" here.
  header_limit(std::numeric_limits<std::uint32_t>::max());
  body_limit(std::numeric_limits<std::uint64_t>::max());
}

std::size_t RequestParser::read_plain_head(std::string_view bytes, http::Request& request,
                                           Fault& fault) {
  const std::size_t size = server::read_plain_head(bytes, *limits_, request);
  plain_ = size > 0;
  if (plain_) fault = check_framing(request);
  return size;
}

Fault RequestParser::read_head(std::string_view head, http::Request& request) {
  request_ = &request;
  error_code error;
  put(boost::asio::const_buffer(head.data(), head.size()), error);
  request_ = nullptr;
  if (!error) return check_framing(request);
  // What it held before were views into bytes that may be gone.
  if (!line_read_) request.reset({}, {}, 11);
  return fault_of(error, head);
}

Fault RequestParser::check_request_line(std::string_view line) {
  const http::Limits any;
  http::Request request;
  RequestParser parser(any);
  parser.request_ = &request;
  error_code error;
  const auto used = parser.put(boost::asio::const_buffer(line.data(), line.size()), error);
  if (used == line.size()) return {};
  return fault_of(error, line);
}

// RFC 9112 §3.2 and §6.1 to §6.3, in the order in which a doubt is settled.
Fault RequestParser::check_framing(const http::Request& request) {
  const auto hosts = count(request.values(Field::kHost));
  if (hosts > 1) return {400, "the request has more than one Host"};
  if (hosts == 0 && request.version() == 11) return {400, "the request has no Host"};
  if (!http::is_host_field(request.value(Field::kHost))) return {400, "Host is malformed"};
  if (request.has(Field::kTransferEncoding)) {
    if (request.has(Field::kContentLength)) {
      return {400, "the request has both Content-Length and Transfer-Encoding"};
    }
    if (request.version() < 11) return {400, "HTTP/1.0 has no Transfer-Encoding"};
    if (!base::iequals(request.value(Field::kTransferEncoding), "chunked")) {
      return {501, "the only supported transfer coding is chunked"};
    }
  }
  // Beast has made sure that all members of all lines are the same number.
  std::string_view length;
  http::Splitter(request.value(Field::kContentLength), ',').next(length);
  announced_size_ = base::parse_number(length).value_or(0);
  const auto connection = request.values(Field::kConnection);
  // A client that asks for a tunnel gets an answer, but nothing after it can be trusted to be
  // a request (RFC 9110 §9.3.6).
  asks_to_close_ = lists(connection, "close");
  keep_alive_ = !asks_to_close_ && request.method() != "CONNECT" &&
                (request.version() == 11 || lists(connection, "keep-alive"));
  expects_continue_ = request.version() == 11 && has_body() &&
                      lists(request.values(Field::kExpect), "100-continue");
  return {};
}

RequestParser::BodyStep RequestParser::read_body(std::string_view bytes, std::size_t keep,
                                                 std::string& kept) {
  kept_ = &kept;
  keep_ = keep;
  std::size_t consumed = 0;
  while (consumed < bytes.size()) {
    // Framing is shown to Beast through a window, so that what is too long is too long however
    // it was cut into segments.
    const bool framing = chunked() && chunk_left_ == 0;
    std::string_view part = bytes.substr(consumed);
    if (framing) part = part.substr(0, kMaxChunkFraming);
    // Beast asserts this when a last chunk comes in pieces; no body ends with less.
    if (framing && part.size() < kShortestFraming) break;
    if (framing && (has_open_quote(chunk_line(part)) || has_broken_trailers(part))) {
      return {BodyProgress::kBroken, {400, "the chunked body is malformed"}, consumed};
    }
    error_code error;
    const std::size_t used = put(boost::asio::const_buffer(part.data(), part.size()), error);
    consumed += used;
    if (error == beast::http::error::need_more) {
      if (part.size() >= kMaxChunkFraming) return {BodyProgress::kBroken, too_long(part), consumed};
      break;
    }
    if (error) return stop_body(consumed, error);
    if (is_done()) return {BodyProgress::kComplete, {}, consumed};
  }
  return {BodyProgress::kMore, {}, consumed};
}

RequestParser::BodyStep RequestParser::stop_body(std::size_t consumed, error_code error) const {
  if (error == kTooLarge) return {BodyProgress::kTooLarge, {}, consumed};
  return {BodyProgress::kBroken, {400, "the chunked body is malformed"}, consumed};
}

// A last chunk whose own line is complete waits for its trailers; everything else for the end
// of a line.
Fault RequestParser::too_long(std::string_view framing) const {
  if (!chunk_line(framing).empty()) return {431, "the trailers are too large"};
  return {400, "a chunk's size line is too long"};
}

std::size_t RequestParser::keep(string_view body) {
  if (kept_->size() < keep_) {
    kept_->append(body.data(), std::min(body.size(), keep_ - kept_->size()));
  }
  decoded_ += body.size();
  return body.size();
}

void RequestParser::on_request_impl(beast::http::verb, string_view method, string_view target,
                                    int version, error_code&) {
  request_->reset(std_view(method), std_view(target), version);
  line_read_ = true;
}

void RequestParser::on_field_impl(beast::http::field, string_view name, string_view value,
                                  error_code& error) {
  // Trailers come the same way as fields; nothing here may depend on them.
  if (request_ == nullptr) return;
  if (request_->fields().size() >= limits_->header_count) {
    error = kTooManyFields;
    return;
  }
  request_->add_field(std_view(name), std_view(value));
}

void RequestParser::on_chunk_header_impl(std::uint64_t size, string_view extensions,
                                         error_code& error) {
  extensions_ += extensions.size();
  if (extensions_ > kMaxChunkExtensions ||
      std::any_of(extensions.begin(), extensions.end(), base::is_control)) {
    error = beast::http::error::bad_chunk_extension;
  } else if (size > limits_->body_discard - std::min(decoded_, limits_->body_discard)) {
    error = kTooLarge;
  }
  chunk_left_ = size;
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t remain, string_view body, error_code&) {
  chunk_left_ = remain - body.size();
  return keep(body);
}

}  // namespace intermission::server
