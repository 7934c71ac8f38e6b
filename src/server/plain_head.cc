#include "server/plain_head.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/text.h"
#include "http/media_type.h"
#include "server/head_marks.h"

namespace intermission::server {
namespace {

using http::Field;

// Cuts a head into lines.
class Lines {
 public:
  explicit Lines(std::string_view head) : head_(head) {}

  // The next line, without its CR LF; false where none is complete, and where another control
  // character comes first.
  bool next(std::string_view& line) {
    while (controls_ == 0) {
      if (!next_block()) return false;
    }
    const std::size_t end = block_ + static_cast<std::size_t>(std::countr_zero(controls_));
    if (end + 1 >= head_.size() || head_[end] != '\r' || head_[end + 1] != '\n') return false;
    line = {head_.data() + taken_, end - taken_};
    taken_ = end + kLineEnd;
    // The CR, and the LF, which may be the first byte of the next block.
    controls_ &= controls_ - 1;
    if (taken_ > block_end_) skip_ = 1;
    controls_ &= controls_ - 1;
    return true;
  }

  // The size of the lines so far.
  std::size_t taken() const { return taken_; }

 private:
  static constexpr std::size_t kLineEnd = 2;

  bool next_block() {
    if (block_end_ >= head_.size()) return false;
    block_ = block_end_;
    block_end_ += kHeadBlock;
    const char* const block = head_.data() + block_;
    controls_ = (block_end_ <= head_.size() ? find_controls(block) : find_in_last()) & ~skip_;
    skip_ = 0;
    return true;
  }

  std::uint64_t find_in_last() const {
    std::array<char, kHeadBlock> block;
    block.fill(' ');
    std::copy(head_.begin() + static_cast<std::ptrdiff_t>(block_), head_.end(), block.begin());
    return find_controls(block.data());
  }

  std::string_view head_;
  std::size_t taken_ = 0;
  std::size_t block_ = 0;       // where the block stands that was looked at last
  std::size_t block_end_ = 0;   // and where it ends
  std::uint64_t controls_ = 0;  // those in it that are left
  std::uint64_t skip_ = 0;      // those at the start of the next that belong to a line before
};

constexpr std::string_view kVersion = " HTTP/1.1";

// Without a branch for each character.
bool is_visible(std::string_view text) {
  bool visible = true;
  for (const char c : text) visible &= base::is_visible(c);
  return visible;
}

// request-line = method SP request-target SP HTTP-version             RFC 9112 §3
bool read_request_line(std::string_view line, http::Request& request) {
  const std::size_t method_end = line.find(' ');
  if (method_end == std::string_view::npos) return false;
  const std::string_view method = line.substr(0, method_end);
  std::string_view target = line.substr(method_end + 1);
  if (!target.starts_with('/') || !target.ends_with(kVersion)) return false;
  target.remove_suffix(kVersion.size());
  if (!http::is_token(method) || !is_visible(target)) return false;
  request.reset(method, target, 11);
  return true;
}

// Whether a line that has been added is one that says nothing of framing, or no more than
// whether the connection may be used again.
bool is_plain(Field field, std::string_view line, std::string_view name, std::string_view value) {
  switch (field) {
    case Field::kContentLength:
    case Field::kTransferEncoding:
      return false;
    case Field::kConnection:
      return http::is_token(value);
    case Field::kOther:
      return (starts_with_plain_name(line, name.size()) || http::is_token(name)) &&
             !base::iequals(name, "Proxy-Connection");
    default:
      return true;  // known, and so a token
  }
}

// field-line = field-name ":" OWS field-value OWS                      RFC 9112 §5
bool read_field(std::string_view line, http::Request& request) {
  const std::size_t colon = find_colon(line);
  if (colon == std::string_view::npos) return false;
  const std::string_view name(line.data(), colon);
  const std::string_view value = base::trim({line.data() + colon + 1, line.size() - colon - 1});
  return is_plain(request.add_field(name, value), line, name, value);
}

}  // namespace

std::size_t read_plain_head(std::string_view bytes, const http::Limits& limits,
                            http::Request& request) {
  Lines lines(bytes.substr(0, limits.header_bytes));
  std::string_view line;
  if (!lines.next(line) || !read_request_line(line, request)) return 0;
  for (std::size_t fields = 0; lines.next(line); ++fields) {
    if (line.empty()) return lines.taken();
    if (fields == limits.header_count || !read_field(line, request)) return 0;
  }
  return 0;
}

}  // namespace intermission::server
