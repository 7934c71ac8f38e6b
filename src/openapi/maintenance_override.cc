#include "openapi/maintenance_override.h"

#include <algorithm>

#include "base/text.h"
#include "http/media_type.h"
#include "openapi/own_fields.h"

namespace intermission::openapi {
namespace {

class Reader {
 public:
  Reader(const ApiPlace& place, std::vector<Finding>& findings)
      : place_(place), findings_(findings) {}

  MaintenanceOverride read() {
    if (!place_.node.is_object()) {
      wrong(place_, "expected a map with the keys dialect, status, example and headers");
      return {};
    }
    for (const auto& member : place_.node.value->GetObject()) {
      read_member(text_of(member.name), place_.of(member));
    }
    return std::move(out_);
  }

 private:
  void wrong(const ApiPlace& place, const std::string& what) {
    findings_.push_back({Finding::Level::kError, "x-maintenance", "x-maintenance: " + what,
                         place.node.file->name, place.line()});
  }

  void read_member(std::string_view key, const ApiPlace& place) {
    const rapidjson::Value& value = *place.node.value;
    if (key == "status") {
      if (value.IsInt() && value.GetInt() >= 200 && value.GetInt() <= 599) {
        out_.status = static_cast<std::uint16_t>(value.GetInt());
      } else {
        wrong(place, "status: expected a number from 200 to 599");
      }
    } else if (key == "dialect") {
      if (value.IsString()) {
        out_.dialect = std::string(text_of(value));
      } else {
        wrong(place, "dialect: expected the name of a dialect");
      }
    } else if (key == "example") {
      out_.example = place.node;
    } else if (key == "headers") {
      read_headers(place);
    } else if (!key.starts_with("x-")) {
      wrong(place, "expected dialect, status, example or headers, got " + base::printable(key));
    }
  }

  void read_headers(const ApiPlace& place) {
    if (!place.node.is_object()) return wrong(place, "headers: expected a map of names and values");
    for (const auto& member : place.node.value->GetObject()) {
      const std::string_view name = text_of(member.name);
      if (!http::is_token(name) || is_own_field(name)) {
        wrong(place.of(member),
              "headers: expected a field that may be set here, got " + base::printable(name));
      } else if (member.value.IsString()) {
        out_.headers.emplace_back(name, text_of(member.value));
      } else if (member.value.IsInt64()) {
        out_.headers.emplace_back(name, std::to_string(member.value.GetInt64()));
      } else {
        wrong(place.of(member), "headers: expected a text, in quotes if need be");
      }
    }
  }

  ApiPlace place_;
  std::vector<Finding>& findings_;
  MaintenanceOverride out_;
};

}  // namespace

bool MaintenanceOverride::sets(std::string_view name) const {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& header) { return base::iequals(header.first, name); });
}

MaintenanceOverride MaintenanceOverride::under(const MaintenanceOverride& nearer) const {
  MaintenanceOverride both = nearer;
  if (!both.status) both.status = status;
  if (!both.dialect) both.dialect = dialect;
  if (!both.example) both.example = example;
  for (const auto& header : headers) {
    if (!nearer.sets(header.first)) both.headers.push_back(header);
  }
  return both;
}

MaintenanceOverride read_override(const ApiPlace& object, std::vector<Finding>& findings) {
  const ApiPlace place = object["x-maintenance"];
  if (!place.node) return {};
  return Reader(place, findings).read();
}

}  // namespace intermission::openapi
