// Where a request head has control characters, found for a block of it at once. In a head that is
// beyond doubt they are the CR LF that end its lines (RFC 9112 §2.2, §5).
//
//   const std::uint64_t controls = find_controls(block);
//   std::countr_zero(controls)                 // where the first one stands
#pragma once

#include <cstddef>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace intermission::server {

inline constexpr std::size_t kHeadBlock = 64;

/// CTL of RFC 5234 but HTAB: what no field line holds (RFC 9110 §5.5).
constexpr bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && byte != '\t') || byte == 0x7f;
}

/// A bit for each of kHeadBlock bytes, the lowest for the first. One byte after the other: for
/// processors that nothing better is known for.
constexpr std::uint64_t find_controls_bytewise(const char* block) {
  std::uint64_t found = 0;
  for (std::size_t i = 0; i < kHeadBlock; ++i) found |= std::uint64_t{is_control(block[i])} << i;
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

#else

inline std::uint64_t find_controls(const char* block) {
  return find_controls_bytewise(block);
}

#endif

}  // namespace intermission::server
