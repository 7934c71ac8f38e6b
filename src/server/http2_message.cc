#include "server/http2_message.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace intermission::server {
namespace {

using Check = int (*)(const std::uint8_t* text, std::size_t size);

bool passes(Check check, std::string_view text) {
  return check(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()) != 0;
}

// scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) (RFC 3986 §3.1)
bool is_scheme(std::string_view text) {
  return !text.empty() && base::is_alpha(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return base::is_alpha(c) || base::is_digit(c) || c == '+' || c == '-' || c == '.';
         });
}

// §8.3.1: absolute-path and query, or an asterisk.
bool is_path(std::string_view text) {
  return (text.starts_with('/') || text == "*") && passes(nghttp2_check_path, text);
}

// A host that is empty names none, and says so oddly.
bool is_authority(std::string_view text) {
  return !text.empty() && passes(nghttp2_check_authority, text);
}

// §8.2.2.
bool concerns_connection(std::string_view name, std::string_view value) {
  return name == "connection" || name == "keep-alive" || name == "proxy-connection" ||
         name == "transfer-encoding" || name == "upgrade" ||
         (name == "te" && !base::iequals(value, "trailers"));
}

}  // namespace

void Http2Message::take_field(std::string_view name, std::string_view value) {
  if (!passes(nghttp2_check_header_name, name)) {
    malformed_ = true;
  } else if (name.front() == ':') {
    take_pseudo(name, value);
  } else {
    take_regular(name, value);
  }
}

void Http2Message::take_once(Seen what, bool is_valid) {
  require(is_valid && !is_seen(what));
  seen_ |= what;
}

void Http2Message::take_pseudo(std::string_view name, std::string_view value) {
  require(!head_ended_ && !is_seen(kRegular) && !is_seen(kHost));
  if (name == ":method") {
    is_connect_ = value == "CONNECT";
    is_options_ = value == "OPTIONS";
    take_once(kMethod, passes(nghttp2_check_method, value));
  } else if (name == ":scheme") {
    take_once(kScheme, is_scheme(value));
  } else if (name == ":path") {
    path_is_asterisk_ = value == "*";
    take_once(kPath, is_path(value));
  } else if (name == ":authority") {
    take_once(kAuthority, is_authority(value));
  } else {
    malformed_ = true;
  }
}

void Http2Message::take_regular(std::string_view name, std::string_view value) {
  require(passes(nghttp2_check_header_value_rfc9113, value) && !concerns_connection(name, value));
  if (name == "host") return take_once(kHost, is_authority(value));
  seen_ |= kRegular;
  if (name != "content-length" || head_ended_) return;
  require(!announced_);
  announced_ = base::parse_number(value);
  require(announced_.has_value());
}

void Http2Message::end_head() {
  head_ended_ = true;
  require(is_seen(kMethod));
  if (is_connect_) {  // §8.5
    require(!is_seen(kScheme) && !is_seen(kPath) && is_seen(kAuthority));
    announced_.reset();
  } else {
    require(is_seen(kScheme) && is_seen(kPath) && (!path_is_asterisk_ || is_options_));
  }
}

void Http2Message::take_data(std::uint64_t size) {
  received_ += size;
  require(!announced_ || received_ <= *announced_);
}

void Http2Message::end_trailers(bool ends_stream) {
  require(ends_stream);
}

void Http2Message::end() {
  require(!announced_ || received_ == *announced_);
}

}  // namespace intermission::server
