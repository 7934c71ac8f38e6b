// Text rendered early, with the places where the seconds to wait, the moment of the answer, and
// what its request is known by, are written at last.
//
//   const Slotted text("Retry-After: " + std::string(kSecondsMark) + "\r\n");
//   text.append_to(out, {.seconds = 137});  // "Retry-After: 137\r\n"
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace intermission::dialect {

/// What is only known when an answer is sent.
struct Filling {
  std::uint32_t seconds = 0;  // to wait
  base::TimePoint now = {};
  std::string_view path = {};  // of the target, as it was sent
  // Of characters that need no escape anywhere.
  std::string_view request_id = {};
  std::string_view trace_id = {};
};

/// Immutable; any thread.
class Slotted {
 public:
  Slotted() = default;
  /// `marked` holds the marks of notice.h wherever something belongs.
  explicit Slotted(const std::string& marked);

  bool has_slots() const { return !slots_.empty(); }
  /// Without slots the whole text; with them the text with nothing in its slots.
  const std::string& text() const { return text_; }
  /// Allocates only if `out` has to grow, or to write the moment as a text.
  void append_to(std::string& out, const Filling& filling) const;

 private:
  enum class Kind : std::uint8_t {
    kSeconds,
    kNow,
    kNowSeconds,
    kPath,
    kPathInXml,
    kRequestId,
    kTraceId
  };
  struct Slot {
    std::size_t at;  // position in text_
    Kind kind;
    std::size_t most = 0;  // characters of a path
  };

  static void fill(const Slot& slot, const Filling& filling, std::string& out);

  std::string text_;
  std::vector<Slot> slots_;  // by position
};

}  // namespace intermission::dialect
