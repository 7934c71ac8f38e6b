#include "snapshot/vary_lines.h"

#include <algorithm>
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

std::string make_line(http::FieldSet fields) {
  std::string line;
  for (const std::string_view name : names_in_order(fields)) {
    line += line.empty() ? "Vary: " : ", ";
    line += name;
  }
  if (!line.empty()) line += "\r\n";
  return line;
}

}  // namespace

std::string_view VaryLines::of(http::FieldSet fields) const {
  const base::Lazy<Line>* place = &slots_[fields.hash() >> 56];
  for (;;) {
    const Line& line = place->get([&] { return Line(fields, make_line(fields)); });
    if (line.fields == fields) return line.text;
    place = &line.next;
  }
}

}  // namespace intermission::snapshot
