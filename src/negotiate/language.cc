#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <utility>

#include "base/text.h"
#include "negotiate/members.h"
#include "negotiate/negotiate.h"

namespace intermission::negotiate {
namespace {

// Small letters, and "-" for "_".
constexpr std::array<char, 256> make_tag_chars() {
  std::array<char, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    table[i] = i == '_' ? '-' : base::ascii_lower(static_cast<char>(i));
  }
  return table;
}
constexpr auto kTagChars = make_tag_chars();

constexpr char tag_char(char c) {
  return kTagChars[static_cast<unsigned char>(c)];
}
constexpr bool same_char(char a, char b) {
  return tag_char(a) == tag_char(b);
}

bool same_tag(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same_char);
}

// "en" begins "en-GB", but neither "en" nor "eng".
bool begins(std::string_view tag, std::string_view prefix) {
  return tag.size() > prefix.size() && tag_char(tag[prefix.size()]) == '-' &&
         same_tag(tag.substr(0, prefix.size()), prefix);
}

// Without its last subtag, and without a single letter that would then be the last: it only
// introduced what was cut off (RFC 4647 §3.4). Empty if there was one subtag.
std::string_view shortened(std::string_view range) {
  std::size_t end = range.size();
  do {
    if (end == 0) return {};
  } while (tag_char(range[--end]) != '-');
  if (end >= 2 && tag_char(range[end - 2]) == '-') end -= 2;
  return range.substr(0, end);
}

// language-range = (1*8ALPHA *("-" 1*8alphanum)) / "*"                RFC 4647 §2.1
bool is_range(std::string_view text) {
  constexpr std::size_t kLongestSubtag = 8;
  std::size_t length = 0;
  bool primary = true;
  for (const char c : text) {
    if (tag_char(c) == '-') {
      if (length == 0) return false;
      length = 0;
      primary = false;
      continue;
    }
    if (!base::is_alpha(c) && (primary || !base::is_digit(c))) return false;
    if (++length > kLongestSubtag) return false;
  }
  return length > 0;
}

// How directly a range speaks of a tag.
enum Directness : std::uint8_t { kNot, kByLookup, kBeginning, kEqual };

Directness directness(std::string_view range, std::string_view tag) {
  if (same_tag(tag, range)) return kEqual;
  if (begins(tag, range)) return kBeginning;
  return begins(range, tag) ? kByLookup : kNot;
}

template <typename Ranges>
Directness most_direct(Ranges ranges, std::string_view tag) {
  Directness most = kNot;
  for (const auto& range : ranges) most = std::max(most, directness(range.tag(), tag));
  return most;
}

}  // namespace

// ---------------------------------------------------------------- what there is

Languages::Languages(std::vector<std::string_view> tags) : tags_(std::move(tags)) {
  slots_.resize(std::bit_ceil(tags_.size() * 4 + 1));
  for (std::size_t i = 0; i < tags_.size(); ++i) {
    if (find(tags_[i])) continue;
    std::size_t slot = slot_of(tags_[i]);
    while (slots_[slot] != 0) slot = (slot + 1) % slots_.size();
    slots_[slot] = static_cast<std::uint16_t>(i + 1);
  }
}

// By the size and three letters, which are nearly all that tells tags apart.
std::size_t Languages::slot_of(std::string_view tag) const {
  if (tag.empty()) return 0;
  const auto at = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(tag_char(tag[i])));
  };
  const std::size_t last = tag.size() - 1;
  const std::size_t hash = tag.size() * 29 + at(0) * 961 + at(last / 2) * 31 + at(last);
  return (hash ^ hash >> 8) & (slots_.size() - 1);
}

std::optional<std::size_t> Languages::find(std::string_view tag) const {
  if (slots_.empty()) return {};
  for (std::size_t slot = slot_of(tag); slots_[slot] != 0; slot = (slot + 1) % slots_.size()) {
    if (same_tag(tags_[slots_[slot] - 1U], tag)) return slots_[slot] - 1U;
  }
  return {};
}

// ---------------------------------------------------------------- what is asked for

// Accept-Language = [ ( language-range [ weight ] ) *( OWS "," OWS ( language-range [ weight ] ) )
// ]
//                                                                     RFC 9110 §12.5.4
AcceptLanguage::AcceptLanguage(http::FieldValues lines) {
  each_member(lines, [this](const Member& member) {
    if (is_range(member.name)) insert(member.name, member.weight);
  });
}

// Keeps the ranges in the order of their weights, and of their positions among equals.
void AcceptLanguage::insert(std::string_view range, int weight) {
  std::size_t at = size_++;
  for (; at > 0 && ranges_[at - 1].weight < weight; --at) ranges_[at] = ranges_[at - 1];
  ranges_[at] = {range.data(), static_cast<std::uint16_t>(range.size()),
                 static_cast<std::int16_t>(weight)};
  if (weight > 0) ++wanted_;
}

bool AcceptLanguage::refuses(std::string_view tag) const {
  return !refusals().empty() && most_direct(refusals(), tag) > most_direct(wanted(), tag);
}

std::optional<std::size_t> AcceptLanguage::look_up(const Languages& available) const {
  for (const Range& wanted : wanted()) {
    for (auto range = wanted.tag(); !range.empty(); range = shortened(range)) {
      const auto found = available.find(range);
      if (found && !refuses(available[*found])) return found;
    }
  }
  return {};
}

std::optional<std::size_t> AcceptLanguage::find_beginning(const Languages& available) const {
  for (const Range& wanted : wanted()) {
    for (auto range = wanted.tag(); !range.empty(); range = shortened(range)) {
      for (std::size_t i = 0; i < available.size(); ++i) {
        if (begins(available[i], range) && !refuses(available[i])) return i;
      }
    }
  }
  return {};
}

std::size_t AcceptLanguage::choose(const Languages& available, std::size_t fallback) const {
  if (const auto found = look_up(available)) return *found;
  return find_beginning(available).value_or(fallback);
}

std::size_t choose_language(http::FieldValues accept_language, const Languages& available,
                            std::size_t fallback) {
  return AcceptLanguage(accept_language).choose(available, fallback);
}

}  // namespace intermission::negotiate
