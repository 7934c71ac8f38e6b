#include "base/base64.h"

#include <algorithm>
#include <cstdint>

namespace intermission::base {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::optional<std::uint32_t> base64_value(char c) {
  const auto at = kAlphabet.find(c);
  if (at == std::string_view::npos) return {};
  return static_cast<std::uint32_t>(at);
}

std::string base64(std::string_view bytes, bool padded) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j <= count; ++j) out += kAlphabet[group >> (18 - 6 * j) & 63U];
    if (padded) out.append(3 - count, '=');
  }
  return out;
}

}  // namespace intermission::base
