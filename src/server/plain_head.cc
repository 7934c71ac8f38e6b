#include "server/plain_head.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "http/media_type.h"

namespace intermission::server {
namespace {

using http::Field;

constexpr std::string_view kLineEnd = "\r\n";

// CTL of RFC 5234 without HTAB: what no field line may hold (RFC 9110 §5.5).
constexpr bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && byte != '\t') || byte == 0x7f;
}

// Counted in blocks of which each fits one byte, so that compilers count many bytes at once.
std::size_t count_controls(std::string_view text) {
  constexpr std::size_t kBlock = 240;
  std::size_t count = 0;
  while (!text.empty()) {
    const std::string_view block = text.substr(0, kBlock);
    std::uint8_t in_block = 0;
    for (const char c : block) in_block = static_cast<std::uint8_t>(in_block + is_control(c));
    count += in_block;
    text.remove_prefix(block.size());
  }
  return count;
}

// VCHAR only.
bool is_visible(std::string_view text) {
  bool visible = true;
  for (const char c : text) visible &= c > ' ' && c < 0x7f;
  return visible;
}

// Cuts the next line off `rest`, without its CR LF; false where it does not end so.
bool next_line(std::string_view& rest, std::string_view& line) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos || end == 0 || rest[end - 1] != '\r') return false;
  line = rest.substr(0, end - 1);
  rest.remove_prefix(end + 1);
  return true;
}

// request-line = method SP request-target SP HTTP-version             RFC 9112 §3
bool read_request_line(std::string_view line, http::Request& request) {
  const std::size_t method_end = line.find(' ');
  if (method_end == std::string_view::npos) return false;
  const std::string_view method = line.substr(0, method_end);
  line.remove_prefix(method_end + 1);
  if (!line.starts_with('/') || !line.ends_with(" HTTP/1.1") || !http::is_token(method)) {
    return false;
  }
  const std::string_view target = line.substr(0, line.rfind(' '));
  if (!is_visible(target)) return false;
  request.reset(method, target, 11);
  return true;
}

// Whether a line that has been added is one that says nothing of framing, or no more than
// whether the connection may be used again.
bool is_plain(Field field, std::string_view name, std::string_view value) {
  switch (field) {
    case Field::kContentLength:
    case Field::kTransferEncoding:
      return false;
    case Field::kConnection:
      return http::is_token(value);
    case Field::kOther:
      return http::is_token(name) && !base::iequals(name, "Proxy-Connection");
    default:
      return true;  // known, and so a token
  }
}

// field-line = field-name ":" OWS field-value OWS                      RFC 9112 §5
bool read_field(std::string_view line, http::Request& request) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = base::trim(line.substr(colon + 1));
  return is_plain(request.add_field(name, value), name, value);
}

}  // namespace

std::size_t read_plain_head(std::string_view bytes, const http::Limits& limits,
                            http::Request& request) {
  std::string_view rest = bytes.substr(0, limits.header_bytes);
  std::string_view line;
  if (!next_line(rest, line) || !read_request_line(line, request)) return 0;
  for (std::size_t lines = 1; next_line(rest, line); ++lines) {
    if (line.empty()) {
      const auto size = static_cast<std::size_t>(rest.data() - bytes.data());
      // Each line has shown its CR LF, the empty one too; more controls are inside of one.
      const std::size_t ends = (lines + 1) * kLineEnd.size();
      return count_controls(bytes.substr(0, size)) == ends ? size : 0;
    }
    if (lines > limits.header_count || !read_field(line, request)) return 0;
  }
  return 0;
}

}  // namespace intermission::server
