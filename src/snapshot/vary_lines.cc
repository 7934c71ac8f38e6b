#include "snapshot/vary_lines.h"

namespace intermission::snapshot {
namespace {

std::string make_line(http::FieldSet fields) {
  std::string line;
  fields.for_each([&](http::Field field) {
    line += line.empty() ? "Vary: " : ", ";
    line += http::field_name(field);
  });
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
