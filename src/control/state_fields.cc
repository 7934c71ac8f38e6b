#include "control/state_fields.h"

#include "base/text.h"
#include "http/date.h"

namespace intermission::control {
namespace {

using rapidjson::Value;

void write_switch(const ServiceState& service, JsonText& json) {
  const base::Switch& by = *service.switched;
  json.begin_object().member("to", by.in_maintenance ? "on" : "off").member("since", by.since);
  json.member("until", by.until).member("ends", by.ends).end_object();
}

void read_switch(const Value& from, ServiceState& service, TimeReader& times) {
  base::Switch by;
  by.in_maintenance = view_of(from["to"]) == "on";
  by.since = times.read(from["since"]);
  if (const Value* until = member_of(from, "until")) by.until = times.read(*until);
  by.ends = from["ends"].GetBool();
  service.switched = by;
}

void write_message(const ServiceState& service, JsonText& json) {
  json.begin_array();
  for (const auto& [language, text] : service.message->entries) {
    json.begin_object().member("language", language).member("text", text).end_object();
  }
  json.end_array();
}

void read_message(const Value& from, ServiceState& service, TimeReader& /*times*/) {
  service.message.emplace();
  for (const Value& entry : from.GetArray()) {
    service.message->entries.push_back({entry["language"].GetString(), entry["text"].GetString()});
  }
}

void write_windows(const ServiceState& service, JsonText& json) {
  json.begin_array();
  for (const PlannedWindow& window : service.windows) {
    json.begin_object().member("id", window.id).key("window").raw(window.text).end_object();
  }
  json.end_array();
}

void read_windows(const Value& from, ServiceState& service, TimeReader& /*times*/) {
  for (const Value& window : from.GetArray()) {
    service.windows.push_back({window["id"].GetString(), json_of(window["window"])});
  }
}

void write_cancelled(const ServiceState& service, JsonText& json) {
  json.begin_array();
  for (const base::TimePoint start : service.cancelled) json.value(start);
  json.end_array();
}

void read_cancelled(const Value& from, ServiceState& service, TimeReader& times) {
  for (const Value& start : from.GetArray()) service.cancelled.push_back(times.read(start));
}

constexpr StateField kFields[] = {
    {"version", "Service/properties/version", nullptr,
     [](const ServiceState& service, JsonText& json) { json.value(service.version); },
     [](const Value& from, ServiceState& service, TimeReader& /*times*/) {
       service.version = from.GetUint64();
     }},
    {"switched", "Service/properties/switched",
     [](const ServiceState& service) { return service.switched.has_value(); }, write_switch,
     read_switch},
    {"message", "Service/properties/messageByOperator",
     [](const ServiceState& service) { return service.message.has_value(); }, write_message,
     read_message},
    {"windows", "Windows/properties/planned", nullptr, write_windows, read_windows},
    {"cancelled", "Windows/properties/configured/items/properties/cancelled", nullptr,
     write_cancelled, read_cancelled},
};

}  // namespace

base::TimePoint TimeReader::read(const Value& text) {
  const auto time = http::parse_rfc3339(view_of(text));
  if (!time && !problem_) {
    problem_ = base::Error{"expected a time, got \"" + base::printable(view_of(text)) + "\""};
  }
  return time.value_or(base::TimePoint{});
}

std::span<const StateField> state_fields() {
  return kFields;
}

}  // namespace intermission::control
