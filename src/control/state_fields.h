// What a ServiceState is made of, one row a field. The writer and the reader of state_json.h go
// through this table. tests/control/state_fields_test.cc fails for a field that is missing in
// schemas/state.schema.json, overlay.cc, change.h, service_json.cc, openapi/control.yaml or the
// dashboard.
#pragma once

#include <rapidjson/document.h>

#include <optional>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "control/json_text.h"
#include "control/state.h"

namespace intermission::control {

/// Reads times, which the schema cannot check, and keeps the first mistake.
class TimeReader {
 public:
  /// Any time where `text` is none.
  base::TimePoint read(const rapidjson::Value& text);

  const std::optional<base::Error>& problem() const { return problem_; }

 private:
  std::optional<base::Error> problem_;
};

struct StateField {
  /// The member of `definitions/service` in the schema.
  std::string_view name;
  /// Where the operators' API shows it: a path below components/schemas of its document.
  std::string_view shown_as;
  /// Null for a field that is always kept.
  bool (*is_set)(const ServiceState& service);
  /// The value alone.
  void (*write)(const ServiceState& service, JsonText& json);
  /// `value` follows the schema.
  void (*read)(const rapidjson::Value& value, ServiceState& service, TimeReader& times);
};

/// In the order in which they are written.
std::span<const StateField> state_fields();

}  // namespace intermission::control
