// In how many of the last minutes somebody was seen, for more callers than can be listed: made-up
// names come once, and a partner comes again.
//
//   SeenMinutes seen;
//   if (seen.note(hash, minute) >= 3) ...      // seen in this minute and in two of the five before
//
// One Bloom filter for each minute: a caller that was seen is always found, and one that was not
// is found in less than one of a thousand cases, for 10,000 names a minute. 192 KiB in all.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace intermission::observe {

/// Not thread-safe.
class SeenMinutes {
 public:
  static constexpr std::size_t kMinutes = 6;

  SeenMinutes();

  /// Notes that somebody was seen in that minute, which never goes back. Returns in how many of the
  /// last kMinutes, this one included.
  unsigned note(std::size_t hash, std::int64_t minute);

 private:
  static constexpr std::size_t kBits = std::size_t{1} << 18;

  struct Minute {
    std::int64_t number = -1;
    std::vector<std::uint64_t> bits;
  };

  std::array<Minute, kMinutes> minutes_;
};

}  // namespace intermission::observe
