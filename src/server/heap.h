// What a string costs beyond its own object, and how to make it cost no more than it must.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

namespace intermission::server {

/// Bytes that a string of that capacity holds on the heap; 0 while it fits into its own object.
constexpr std::size_t heap_bytes(std::size_t capacity) {
  constexpr std::size_t kInside = 15;
  return capacity <= kInside ? 0 : capacity + 1;
}
inline std::size_t heap_bytes(const std::string& text) {
  return heap_bytes(text.capacity());
}

/// Gives `text` room for `size` bytes. std::string::reserve() may take twice what is held.
inline void reserve_exactly(std::string& text, std::size_t size) {
  if (size <= text.capacity()) return;
  std::string grown;
  grown.reserve(size);
  grown.append(text);
  text.swap(grown);
}

/// The room to give `text` so that it can take `more` bytes: doubled, so that many small pieces are
/// not copied again and again, but no more than `most` unless it must be.
inline std::size_t grown_capacity(const std::string& text, std::size_t more, std::size_t most) {
  const std::size_t needed = text.size() + more;
  if (needed <= text.capacity()) return text.capacity();
  return std::max(needed, std::min(2 * needed, most));
}

}  // namespace intermission::server
