// Finds the bytes that give a request head its shape (RFC 9112 §2.2, §5) by looking at many of
// them at a time: control characters, which in a head that is beyond doubt are the CR LF that end
// its lines, and the colon behind a name.
//
//   const std::uint64_t controls = find_controls(block);
//   std::countr_zero(controls)                 // where the first one stands
#pragma once

#include <algorithm>
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

/// Where the line's first colon is; npos if it has none. Quick where a name of up to 32 characters
/// ends there.
inline std::size_t find_colon(std::string_view line) {
  constexpr std::size_t kStep = sizeof(__m128i);
  for (std::size_t at = 0; at < 2 * kStep && at + kStep <= line.size(); at += kStep) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(line.data() + at));
    const auto found =
        static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(':'))));
    if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found));
  }
  return line.find(':');
}

/// Whether the line begins with a name of `size` letters, digits and hyphens: a token, as most
/// names are. False where that cannot be seen quickly, as of a name of more than 32 characters.
inline bool starts_with_plain_name(std::string_view line, std::size_t size) {
  constexpr std::size_t kStep = sizeof(__m128i);
  const auto plain_at = [&](std::size_t at) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(line.data() + at));
    const auto within = [](__m128i each, char first, char last) {
      const __m128i from_first = _mm_sub_epi8(each, _mm_set1_epi8(first));
      const __m128i most = _mm_set1_epi8(static_cast<char>(last - first));
      return _mm_cmpeq_epi8(_mm_min_epu8(from_first, most), from_first);
    };
    const __m128i letters = within(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
    const __m128i others =
        _mm_or_si128(within(bytes, '0', '9'), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-')));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(letters, others)));
  };
  if (size == 0 || size > 2 * kStep || line.size() < kStep) return false;
  const unsigned all = (1U << std::min(size, kStep)) - 1;
  if ((plain_at(0) & all) != all) return false;
  return size <= kStep || plain_at(size - kStep) == (1U << kStep) - 1;
}

#else

inline std::size_t find_colon(std::string_view line) {
  return line.find(':');
}

inline bool starts_with_plain_name(std::string_view, std::size_t) {
  return false;
}

inline std::uint64_t find_controls(const char* block) {
  return find_controls_bytewise(block);
}

#endif

}  // namespace intermission::server
