// Text rendered early, with the places where the seconds to wait, and the moment of the answer, are
// written at last.
//
//   const Slotted text("Retry-After: " + std::string(kSecondsMark) + "\r\n");
//   text.append_to(out, 137, now);  // "Retry-After: 137\r\n"
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"

namespace intermission::dialect {

/// Immutable; any thread.
class Slotted {
 public:
  Slotted() = default;
  /// `marked` holds kSecondsMark wherever the seconds belong, kNowMark and kNowSecondsMark where
  /// the moment does.
  explicit Slotted(const std::string& marked);

  bool has_slots() const { return !slots_.empty(); }
  /// Without slots the whole text; with them the text with nothing in its slots.
  const std::string& text() const { return text_; }
  /// Allocates only if `out` has to grow, or to write the moment as a text.
  void append_to(std::string& out, std::uint32_t seconds, base::TimePoint now = {}) const;

 private:
  enum class Kind : std::uint8_t { kSeconds, kNow, kNowSeconds };
  struct Slot {
    std::size_t at;  // position in text_
    Kind kind;
  };

  std::string text_;
  std::vector<Slot> slots_;  // by position
};

}  // namespace intermission::dialect
