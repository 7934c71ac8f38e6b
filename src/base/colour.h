// Colours as WCAG 2.2 compares them.
//
//   contrast(*Colour::parse("#ffffff"), *Colour::parse("#000000"))     // 21
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace intermission::base {

/// sRGB, eight bits each.
struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  /// "#rrggbb" in any case; nothing else.
  static std::optional<Colour> parse(std::string_view text);
};

/// From 1 to 21; 4.5 is the least for text (WCAG 2.2 §1.4.3).
double contrast(const Colour& one, const Colour& other);

/// "#000" or "#fff", whichever is easier to read on `background`.
std::string_view readable_on(const Colour& background);

}  // namespace intermission::base
