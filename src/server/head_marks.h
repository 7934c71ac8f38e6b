// Finds the bytes that give a request head its shape (RFC 9112 §2.2, §5) by looking at many of
// them at a time: control characters, which in a head that is beyond doubt are the CR LF that end
// its lines, and the colon behind a name.
//
//   const std::uint64_t controls = find_controls(block);
//   std::countr_zero(controls)                 // where the first one stands
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/text.h"

namespace intermission::server {

inline constexpr std::size_t kHeadBlock = 64;

/// base::is_control() of each of kHeadBlock bytes, as a bit; the lowest for the first. One byte
/// after the other: for processors that nothing better is known for.
constexpr std::uint64_t find_controls_bytewise(const char* block) {
  std::uint64_t found = 0;
  for (std::size_t i = 0; i < kHeadBlock; ++i)
    found |= std::uint64_t{base::is_control(block[i])} << i;
  return found;
}

#ifdef __SSE2__

/// The same, sixteen bytes at a time.
inline std::uint64_t find_controls(const char* block) {
  std::uint64_t found = 0;
  for (std::size_t i = 0; i < kHeadBlock; i += sizeof(__m128i)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + i));
    const auto equal = [&](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    const __m128i control = _mm_or_si128(_mm_andnot_si128(equal('\t'), low), equal(0x7f));
    found |= static_cast<std::uint64_t>(_mm_movemask_epi8(control)) << i;
  }
  return found;
}

/// Where the line's first colon is; npos if it has none. Quick where a name of up to sixteen
/// characters ends there.
inline std::size_t find_colon(std::string_view line) {
  if (line.size() >= sizeof(__m128i)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(line.data()));
    const auto found =
        static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(':'))));
    if (found != 0) return static_cast<std::size_t>(std::countr_zero(found));
  }
  return line.find(':');
}

#else

inline std::size_t find_colon(std::string_view line) {
  return line.find(':');
}

inline std::uint64_t find_controls(const char* block) {
  return find_controls_bytewise(block);
}

#endif

}  // namespace intermission::server
