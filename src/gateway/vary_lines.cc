#include "gateway/vary_lines.h"

#include <bit>

namespace intermission::gateway {
namespace {

std::string make_line(http::FieldSet fields) {
  std::string line;
  for (std::uint64_t bits = fields.bits(); bits != 0; bits &= bits - 1) {
    line += line.empty() ? "Vary: " : ", ";
    line += http::field_name(static_cast<http::Field>(std::countr_zero(bits)));
  }
  if (!line.empty()) line += "\r\n";
  return line;
}

// Fibonacci hashing: the top bits of the product depend on all bits of the set.
std::size_t hash_of(http::FieldSet fields) {
  return static_cast<std::size_t>(fields.bits() * 0x9e37'79b9'7f4a'7c15U >> 56);
}

}  // namespace

std::string_view VaryLines::of(http::FieldSet fields) const {
  const base::Lazy<Line>* place = &slots_[hash_of(fields) % kSlots];
  for (;;) {
    const Line& line = place->get([&] { return Line(fields, make_line(fields)); });
    if (line.fields == fields) return line.text;
    place = &line.next;
  }
}

}  // namespace intermission::gateway
