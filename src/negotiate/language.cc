#include <algorithm>
#include <array>
#include <optional>

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
  std::size_t end = range.find_last_of("-_");
  if (end == std::string_view::npos) return {};
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

struct Range {
  const char* text;
  std::uint16_t size;
  std::int16_t weight;

  std::string_view tag() const { return {text, size}; }
};
static_assert(kMaxBytes <= UINT16_MAX && kMaxWeight <= INT16_MAX);

using Tags = std::span<const std::string_view>;
using Matches = bool (*)(std::string_view tag, std::string_view range);

// The first tag that matches the range or what is left of it when it is shortened.
template <typename Usable>
std::optional<std::size_t> find(std::string_view range, Tags tags, Matches matches, Usable usable) {
  for (; !range.empty(); range = shortened(range)) {
    for (std::size_t i = 0; i < tags.size(); ++i) {
      if (matches(tags[i], range) && usable(tags[i])) return i;
    }
  }
  return {};
}

// How directly a range speaks of a tag.
enum Directness : std::uint8_t { kNot, kByLookup, kBeginning, kEqual };

class Preferences {
 public:
  explicit Preferences(http::FieldValues lines) {
    Members members(lines);
    Member member;
    while (members.next(member)) {
      if (is_range(member.name)) insert(member);
    }
  }

  std::optional<std::size_t> find_in(Tags tags, Matches matches) const {
    for (const Range& range : wanted()) {
      const auto found =
          find(range.tag(), tags, matches, [&](std::string_view tag) { return !refused(tag); });
      if (found) return found;
    }
    return {};
  }

 private:
  // Keeps the ranges in the order of their weights, and of their positions among equals.
  void insert(const Member& member) {
    const auto weight = static_cast<std::int16_t>(member.weight);
    std::size_t at = size_++;
    for (; at > 0 && ranges_[at - 1].weight < weight; --at) ranges_[at] = ranges_[at - 1];
    ranges_[at] = {member.name.data(), static_cast<std::uint16_t>(member.name.size()), weight};
    if (weight > 0) ++wanted_;
  }

  std::span<const Range> wanted() const { return {ranges_.data(), wanted_}; }
  std::span<const Range> refusals() const { return {ranges_.data() + wanted_, size_ - wanted_}; }

  static Directness directness(std::string_view range, std::string_view tag) {
    if (same_tag(tag, range)) return kEqual;
    if (begins(tag, range)) return kBeginning;
    return begins(range, tag) ? kByLookup : kNot;
  }

  static Directness most_direct(std::span<const Range> ranges, std::string_view tag) {
    Directness most = kNot;
    for (const Range& range : ranges) most = std::max(most, directness(range.tag(), tag));
    return most;
  }

  bool refused(std::string_view tag) const {
    if (refusals().empty()) return false;
    return most_direct(refusals(), tag) > most_direct(wanted(), tag);
  }

  std::array<Range, kMaxMembers> ranges_;  // the first size_ are set
  std::size_t size_ = 0;
  std::size_t wanted_ = 0;  // how many of them have a weight above 0; they come first
};

}  // namespace

// Accept-Language = [ ( language-range [ weight ] ) *( OWS "," OWS ( language-range [ weight ] ) )
// ]
//                                                                     RFC 9110 §12.5.4
std::size_t choose_language(http::FieldValues accept_language,
                            std::span<const std::string_view> available, std::size_t fallback) {
  const Preferences preferences(accept_language);
  if (const auto found = preferences.find_in(available, same_tag)) return *found;
  return preferences.find_in(available, begins).value_or(fallback);
}

}  // namespace intermission::negotiate
