// What headers said that were read lately. Clients are of few makes, and all of one make send the
// same, whatever they ask for: most headers need not be read again.
//
//   Recent<Accept> recent;
//   const Accept* accept = recent.read(request.values(Field::kAccept));
//   if (accept == nullptr) ...   // not one of those that are kept: read it yourself
//
// Nothing depends on what is kept but the time it takes.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

#include "http/request.h"

namespace intermission::negotiate {

/// `Parsed` is made from http::FieldValues, and may hold views into them. Used by one thread;
/// allocates when it is made, and never after. A header has one place where it can be kept, and
/// takes it from the one that was kept there: whatever is sent, memory and time stay bounded.
template <typename Parsed>
class Recent {
 public:
  /// Parsing a shorter value is as fast as finding it; a longer one hardly comes again.
  static constexpr std::size_t kLeastBytes = 12;
  static constexpr std::size_t kMostBytes = 256;

  Recent() : kept_(kPlaces) {}

  /// Null where the header is absent, has several lines or is of another size. Good until the
  /// next call.
  const Parsed* read(http::FieldValues lines) {
    const auto first = lines.begin();
    if (first == lines.end() || std::next(first) != lines.end()) return nullptr;
    const std::string_view text = *first;
    if (text.size() < kLeastBytes || text.size() > kMostBytes) return nullptr;
    Kept& kept = kept_[place_of(text)];
    if (kept.line.value != text) kept.replace(text);
    return &*kept.parsed;
  }

 private:
  static constexpr std::size_t kPlaces = 32;

  // By the size and twenty-four of the bytes, which tell what one client sends from what another
  // does; the comparison tells the rest.
  static std::size_t place_of(std::string_view text) {
    constexpr std::size_t kEight = sizeof(std::uint64_t);
    static_assert(kEight <= kLeastBytes);
    std::uint64_t hash = text.size();
    for (const std::size_t at :
         {std::size_t{0}, (text.size() - kEight) / 2, text.size() - kEight}) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, text.data() + at, kEight);
      hash = (hash ^ bytes) * 0x9e37'79b9'7f4a'7c15U;
      hash ^= hash >> 32;
    }
    return static_cast<std::size_t>(hash) % kPlaces;
  }

  struct Kept {
    http::FieldLine line;  // its value is `text`
    std::array<char, kMostBytes> text;
    std::optional<Parsed> parsed;

    void replace(std::string_view by) {
      std::copy(by.begin(), by.end(), text.begin());
      line.value = {text.data(), by.size()};
      parsed.emplace(http::FieldValues(&line, 1));
    }
  };

  std::vector<Kept> kept_;  // never grows: what is kept does not move
};

}  // namespace intermission::negotiate
