// The body of an answer, rendered early, in every coding in which it may be sent. Each coding is
// made when a client first prefers it.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "base/lazy.h"
#include "dialect/slotted.h"
#include "negotiate/negotiate.h"

namespace intermission::snapshot {

/// Immutable for readers; any thread.
class Body {
 public:
  /// Smaller ones fit into a packet as they are: coding them gains nothing.
  static constexpr std::size_t kWorthCoding = 512;

  /// `marked` holds dialect::kSecondsMark in its slots.
  explicit Body(const std::string& marked) : text_(marked) {}

  const dialect::Slotted& text() const { return text_; }

  /// Whether it is sent as it is, by reference. Any other body is finished when it is sent, and
  /// coded only for clients that refuse identity.
  bool is_fixed() const { return !text_.has_slots() && text_.text().size() >= kWorthCoding; }

  /// Only of a fixed body. Allocates at the first question for that coding.
  const std::string& coded(negotiate::Coding coding) const;

  /// The sizes that the choice of a coding compares. Only their order counts at equal weights,
  /// and on a page it is known without trying them all: br, then gzip, then zstd.
  std::array<negotiate::CodedSize, negotiate::kCodings> sizes() const;

 private:
  dialect::Slotted text_;
  std::array<base::Lazy<std::string>, negotiate::kCodings> coded_;
};

}  // namespace intermission::snapshot
