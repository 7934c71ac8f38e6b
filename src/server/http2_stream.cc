#include "server/http2_stream.h"

#include <utility>

#include "base/text.h"
#include "http/target.h"
#include "server/heap.h"

namespace intermission::server {
namespace {

constexpr int kVersion20 = 20;

// ": " and CRLF of a field line of HTTP/1.1, in whose bytes the limits are written.
constexpr std::size_t kLineOverhead = 4;

}  // namespace

void Http2Stream::add_field(std::string_view name, std::string_view value,
                            const http::Limits& limits) {
  message.take_field(name, value);
  size_ += name.size() + value.size() + kLineOverhead;
  if (size_ > limits.header_bytes) is_too_large_ = true;
  const bool is_pseudo = name.starts_with(':');
  if (!is_pseudo && ++count_ > limits.header_count) has_too_many_ = true;
  if (is_too_large_ || has_too_many_) return;
  if (is_pseudo) return add_pseudo(name, value);
  if (name == "cookie") {
    if (!cookies_.empty()) cookies_ += "; ";
    cookies_ += value;
    return;
  }
  if (name == "host") {
    has_host_ = true;
    host_ = value;
    return;
  }
  lines_.push_back(
      {static_cast<std::uint32_t>(name.size()), static_cast<std::uint32_t>(value.size())});
  fields_.append(name).append(value);
}

void Http2Stream::add_pseudo(std::string_view name, std::string_view value) {
  if (name == ":method") method_ = value;
  if (name == ":path") target_ = value;
  if (name == ":authority") authority_ = value;
}

void Http2Stream::fill(http::Request& request) const {
  // CONNECT has no :path; its target is in authority-form (RFC 9113 §8.5).
  request.reset(method_, target_.empty() ? authority_ : target_, kVersion20);
  if (has_host_ || !authority_.empty()) request.add_field("host", has_host_ ? host_ : authority_);
  std::string_view rest = fields_;
  for (const Line& line : lines_) {
    request.add_field(rest.substr(0, line.name_size), rest.substr(line.name_size, line.value_size));
    rest.remove_prefix(line.name_size + line.value_size);
  }
  if (!cookies_.empty()) request.add_field("cookie", cookies_);
}

Fault Http2Stream::check_head() const {
  if (is_too_large_) return {431, "the request head is too large"};
  if (has_too_many_) return {431, "the request has too many field lines"};
  const bool has_host = has_host_ || !authority_.empty();
  if (has_host && !http::is_host_field(has_host_ ? host_ : authority_)) {
    return {400, "Host is malformed"};
  }
  return {};
}

bool Http2Stream::has_two_hosts() const {
  return has_host_ && !authority_.empty() && !base::iequals(host_, authority_);
}

void Http2Stream::take_answer(http::Response& response) {
  said_ = std::move(response.body);
  unsent = said_.view();
  source = std::move(response.stream);
  trailers = std::move(response.trailers);
}

void Http2Stream::say(std::string text) {
  said_.own() = std::move(text);
  unsent = said_.view();
}

std::size_t Http2Stream::held() const {
  return sizeof(Http2Stream) + heap_bytes(method_) + heap_bytes(target_) + heap_bytes(authority_) +
         heap_bytes(host_) + heap_bytes(cookies_) + heap_bytes(fields_) +
         lines_.capacity() * sizeof(Line) + heap_bytes(body) + heap_bytes(head) +
         heap_bytes(trailers.text()) + heap_bytes(said_.capacity());
}

}  // namespace intermission::server
