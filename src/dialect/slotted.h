// Text rendered early, with the places where the seconds to wait are written at the last
// moment.
//
//   const Slotted text("Retry-After: " + std::string(kSecondsMark) + "\r\n");
//   text.append_to(out, 137);      // "Retry-After: 137\r\n"
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace intermission::dialect {

/// Immutable; any thread.
class Slotted {
 public:
  Slotted() = default;
  /// `marked` holds kSecondsMark wherever the seconds belong.
  explicit Slotted(const std::string& marked);

  bool has_slots() const { return !slots_.empty(); }
  /// Without slots the whole text; with them the text with nothing in its slots.
  const std::string& text() const { return text_; }
  /// Allocates only if `out` has to grow.
  void append_to(std::string& out, std::uint32_t seconds) const;

 private:
  std::string text_;
  std::vector<std::size_t> slots_;  // positions in text_, ascending
};

}  // namespace intermission::dialect
