// Text rendered early, with the places where the seconds to wait, the moment of the answer, and
// what its request is known by, are written at last.
//
//   const Slotted text("Retry-After: " + std::string(kSecondsMark) + "\r\n");
//   text.append_to(out, {.seconds = 137});  // "Retry-After: 137\r\n"
//
// A section is text that is framed or encoded as a whole once its slots are filled: what its length
// or its base64 is depends on the digits of the wait. Sections stand in sections.
//
//   section(Section::kBase64, "wait " + std::string(kSecondsMark))  // "d2FpdCAxMzc="
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "page/notice.h"

namespace intermission::dialect {

/// How a section is written.
enum class Section : std::uint8_t {
  kVarintLength,  // its length in seven bits a byte, as Protocol Buffers have it; then the section
  kFrameLength,   // its length in four bytes, the most significant first; then the section
  kDerLength,     // its length as DER has it (X.690 §10.1); then the section
  kBase64,        // RFC 4648 §4
  kBase64Unpadded,  // the same without "=" at the end
};

/// `content` as that section: finished where it has no slots, else between marks for Slotted. At
/// most kMostSections may stand in each other.
inline constexpr std::size_t kMostSections = 8;
std::string section(Section how, std::string_view content);

/// The seconds to wait in seven bits a byte, the lowest first; their mark while they are not drawn.
std::string wait_varint(const page::Notice& notice);

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
  /// `marked` holds the marks of notice.h wherever something belongs, and what section() made.
  explicit Slotted(std::string_view marked);

  bool has_slots() const { return !slots_.empty(); }
  /// Without slots the whole text; with them the text with nothing in its slots.
  const std::string& text() const { return text_; }
  /// Allocates only if `out` has to grow, or to write the moment as a text.
  void append_to(std::string& out, const Filling& filling) const;

 private:
  enum class Kind : std::uint8_t {
    kSeconds,
    kSecondsVarint,
    kNow,
    kNowSeconds,
    kPath,
    kPathInXml,
    kRequestId,
    kTraceId,
    kSectionBegins,
    kSectionEnds,
  };
  struct Slot {
    std::size_t at;  // position in text_
    Kind kind;
    std::size_t most = 0;  // characters of a path
    Section section = {};
  };
  struct Mark {
    std::string_view text;
    Kind kind;
    Section section = {};
  };

  static const Mark* find_mark(std::string_view mark);
  static void fill(const Slot& slot, const Filling& filling, std::string& out);

  std::string text_;
  std::vector<Slot> slots_;  // by position; every section that begins ends
};

}  // namespace intermission::dialect
