#include "http/request.h"

#include "base/text.h"

namespace intermission::http {

void Request::reset(std::string_view method, std::string_view target, int version) {
  method_ = method;
  target_ = parse_target(method, target);
  version_ = version;
  fields_.clear();
  present_ = {};
  first_.fill(0);
  body_ = {};
  body_complete_ = true;
}

Field Request::add_field(std::string_view name, std::string_view value) {
  const Field field = field_from(name);
  fields_.push_back({name, value, field});
  if (field == Field::kOther) return field;
  present_.add(field);
  const auto index = static_cast<std::size_t>(field);
  const auto number = static_cast<std::uint16_t>(fields_.size());
  if (first_[index] == 0) {
    first_[index] = number;
  } else {
    fields_[last_[index] - 1U].next = number;
  }
  last_[index] = number;
  return field;
}

std::string_view Request::authority() const {
  return target_.authority.empty() ? value(Field::kHost) : target_.authority;
}

std::string_view Request::host() const {
  return host_of(authority());
}

FieldValues Request::values(Field field) const {
  return {fields_.data(), first_[static_cast<std::size_t>(field)]};
}

std::optional<std::string_view> Request::value(std::string_view name) const {
  for (const FieldLine& line : fields_) {
    if (base::iequals(line.name, name)) return line.value;
  }
  return {};
}

}  // namespace intermission::http
