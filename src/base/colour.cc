#include "base/colour.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace intermission::base {
namespace {

double linear(std::uint8_t channel) {
  const double value = channel / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(const Colour& colour) {
  return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

}  // namespace

std::optional<Colour> Colour::parse(std::string_view text) {
  if (text.size() != 7 || text.front() != '#') return {};
  std::uint32_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + 1, end, value, 16);
  if (error != std::errc{} || stop != end) return {};
  return Colour{static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8 & 255),
                static_cast<std::uint8_t>(value & 255)};
}

double contrast(const Colour& one, const Colour& other) {
  const auto [dark, light] = std::minmax({luminance(one), luminance(other)});
  return (light + 0.05) / (dark + 0.05);
}

std::string_view readable_on(const Colour& background) {
  return contrast(background, {0, 0, 0}) > contrast(background, {255, 255, 255}) ? "#000" : "#fff";
}

}  // namespace intermission::base
