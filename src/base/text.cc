#include "base/text.h"

#include <algorithm>
#include <charconv>

#include "base/load.h"

namespace intermission::base {
namespace {

// Greedy matching with one point to return to: linear in practice, never exponential.
template <typename Equal>
bool glob(std::string_view pattern, std::string_view text, Equal equal) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t retry = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = t;
    } else if (p < pattern.size() && equal(pattern[p], text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

constexpr bool same_letter(char a, char b) {
  return ascii_lower(a) == ascii_lower(b);
}

// ascii_lower() of eight bytes at once. In each byte, without its top bit, adding the distance
// from a letter to 0x80 sets the top bit for all from that letter on; a byte that is one from 'A'
// on and none from '[' on is a capital, and gets the bit that makes it small.
constexpr std::uint64_t eight_lower(std::uint64_t bytes) {
  constexpr std::uint64_t kEach = 0x0101'0101'0101'0101;
  const std::uint64_t low = bytes & kEach * 0x7f;
  const std::uint64_t from_a = low + kEach * (0x80 - 'A');
  const std::uint64_t beyond_z = low + kEach * (0x80 - 'Z' - 1);
  const std::uint64_t capitals = from_a & ~beyond_z & ~bytes & kEach * 0x80;
  return bytes | capitals >> 2;
}

// All bytes of a text of sizeof(Word) to twice as many, some of them twice.
template <typename Word>
std::uint64_t load_both_ends(const char* text, std::size_t size) {
  return load<Word>(text) << (8 * sizeof(Word)) | load<Word>(text + size - sizeof(Word));
}

// All bytes of a text of less than eight.
std::uint64_t load_few(const char* text, std::size_t size) {
  if (size >= sizeof(std::uint32_t)) return load_both_ends<std::uint32_t>(text, size);
  if (size >= sizeof(std::uint16_t)) return load_both_ends<std::uint16_t>(text, size);
  return size == 0 ? 0 : load<std::uint8_t>(text);
}

// Most are spelled alike.
constexpr bool same_eight(std::uint64_t a, std::uint64_t b) {
  return a == b || eight_lower(a) == eight_lower(b);
}

}  // namespace

bool same_letters(const char* a, const char* b, std::size_t size) {
  using Eight = std::uint64_t;
  if (size < sizeof(Eight)) return same_eight(load_few(a, size), load_few(b, size));
  // The last eight overlap those before them, so no bytes are left over.
  const std::size_t last = size - sizeof(Eight);
  for (std::size_t i = 0; i < last; i += sizeof(Eight)) {
    if (!same_eight(load<Eight>(a + i), load<Eight>(b + i))) return false;
  }
  return same_eight(load<Eight>(a + last), load<Eight>(b + last));
}

bool istarts_with(std::string_view text, std::string_view prefix) {
  return iequals(text.substr(0, prefix.size()), prefix);
}

bool icontains(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same_letter) !=
             text.end() ||
         part.empty();
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), ascii_lower);
  return out;
}

bool matches_glob(std::string_view pattern, std::string_view text) {
  return glob(pattern, text, [](char a, char b) { return a == b; });
}

bool imatches_glob(std::string_view pattern, std::string_view text) {
  return glob(pattern, text, same_letter);
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return {};
  return value;
}

std::string printable(std::string_view text, std::size_t limit) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (const char c : text.substr(0, limit)) {
    if (c >= ' ' && c <= '~') {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  if (text.size() > limit) out += "...";
  return out;
}

}  // namespace intermission::base
