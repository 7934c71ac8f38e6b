#include "http/field_lines.h"

#include <algorithm>

namespace intermission::http {

void FieldLines::add(std::string_view name, std::string_view value) {
  const std::size_t before = text_.size();
  text_.append(name).append(": ").append(value);
  std::replace_if(text_.begin() + static_cast<std::ptrdiff_t>(before), text_.end(),
                  base::is_control, ' ');
  text_ += "\r\n";
}

void FieldLines::add_member(std::string_view member) {
  constexpr std::size_t kLineEnd = 2;
  const std::size_t before = text_.size() - kLineEnd;
  text_.resize(before);
  text_.append(", ").append(member);
  std::replace_if(text_.begin() + static_cast<std::ptrdiff_t>(before), text_.end(),
                  base::is_control, ' ');
  text_ += "\r\n";
}

bool FieldLines::has(std::string_view name) const {
  return std::any_of(begin(), end(),
                     [&](const Line& line) { return base::iequals(line.name, name); });
}

}  // namespace intermission::http
