#include "snapshot/vary_lines.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace intermission::snapshot {
namespace {

// The numbers of fields say nothing of their names.
std::vector<std::string_view> names_in_order(http::FieldSet fields) {
  std::vector<std::string_view> names;
  fields.for_each([&](http::Field field) { names.push_back(http::field_name(field)); });
  std::sort(names.begin(), names.end(), [](std::string_view a, std::string_view b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
      return base::ascii_lower(x) < base::ascii_lower(y);
    });
  });
  return names;
}

http::FieldLines make_line(http::FieldSet fields) {
  http::FieldLines line;
  for (const std::string_view name : names_in_order(fields)) {
    if (line.empty()) {
      line.add("Vary", name);
    } else {
      line.add_member(name);
    }
  }
  return line;
}

}  // namespace

const http::FieldLines& VaryLines::of(http::FieldSet fields) const {
  const base::Lazy<Line>* place = &slots_[fields.hash() >> 56];
  for (;;) {
    const Line& line = place->get([&] { return Line(fields, make_line(fields)); });
    if (line.fields == fields) return line.line;
    place = &line.next;
  }
}

}  // namespace intermission::snapshot
