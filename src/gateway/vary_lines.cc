#include "gateway/field_names.h"

#include <bit>

namespace intermission::gateway {
namespace {

std::string join_names(http::FieldSet fields) {
  std::string text;
  for (std::uint64_t bits = fields.bits(); bits != 0; bits &= bits - 1) {
    if (!text.empty()) text += ", ";
    text += http::field_name(static_cast<http::Field>(std::countr_zero(bits)));
  }
  return text;
}

// Fibonacci hashing: the top bits of the product depend on all bits of the set.
std::size_t hash_of(http::FieldSet fields) {
  return static_cast<std::size_t>(fields.bits() * 0x9e37'79b9'7f4a'7c15U >> 56);
}

}  // namespace

std::string_view FieldNames::of(http::FieldSet fields) const {
  const base::Lazy<List>* place = &slots_[hash_of(fields) % kSlots];
  for (;;) {
    const List& list = place->get([&] { return List(fields, join_names(fields)); });
    if (list.fields == fields) return list.text;
    place = &list.next;
  }
}

}  // namespace intermission::gateway
