// What a fuzz target does with one input where trying everything would take several times as long
// and show little more.
#pragma once

#include <cstddef>
#include <cstdint>

namespace intermission::testing {

/// Chooses by the bytes of an input: the same choices each time it is tried. One thread.
class Chooser {
 public:
  Chooser(const std::uint8_t* data, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) hash_ = (hash_ ^ data[i]) * 0x100'0000'01b3U;  // FNV-1a
  }

  /// One of `options`, which is at least 1: 0, 1, …
  std::size_t of(std::size_t options) {
    hash_ ^= hash_ >> 29;
    const std::size_t chosen = hash_ % options;
    hash_ /= options;
    return chosen;
  }

 private:
  std::uint64_t hash_ = 0xcbf2'9ce4'8422'2325U;
};

}  // namespace intermission::testing
