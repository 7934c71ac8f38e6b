#include "control/state_json.h"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/schema.h>

#include <optional>
#include <utility>

#include "control/json_text.h"
#include "control/state_fields.h"
#include "document/parse_json.h"

namespace intermission::embedded {
extern const std::string_view state_schema;
}

namespace intermission::control {
namespace {

using rapidjson::Value;

void write_service(const ServiceState& service, JsonText& json) {
  json.begin_object();
  for (const StateField& field : state_fields()) {
    if (field.is_set != nullptr && !field.is_set(service)) continue;
    field.write(service, json.key(field.name));
  }
  json.end_object();
}

void write_audit(const AuditEntry& entry, JsonText& json) {
  json.begin_object().member("version", entry.version).member("at", entry.at);
  json.member("service", entry.service).member("what", entry.what).member("by", entry.by);
  json.end_object();
}

void write_held(const State& state, JsonText& json) {
  json.key("held").begin_object();
  for (const auto& [service, hold] : state.held) {
    json.key(service).begin_object().member("since", hold.since);
    json.member("by", std::string_view(hold.by)).end_object();
  }
  json.end_object();
}

ServiceState read_service(const Value& from, TimeReader& times) {
  ServiceState service;
  for (const StateField& field : state_fields()) {
    if (const Value* value = member_of(from, field.name)) field.read(*value, service, times);
  }
  return service;
}

AuditEntry read_audit(const Value& from, TimeReader& times) {
  return {from["version"].GetUint64(), times.read(from["at"]), from["service"].GetString(),
          from["what"].GetString(), from["by"].GetString()};
}

LocalHold read_hold(const Value& from, TimeReader& times) {
  return {times.read(from["since"]), from["by"].GetString()};
}

std::optional<std::string> violation(const rapidjson::Document& document) {
  static const rapidjson::SchemaDocument compiled(document::parse_json(embedded::state_schema));
  rapidjson::SchemaValidator validator(compiled);
  if (document.Accept(validator)) return {};
  rapidjson::StringBuffer place;
  validator.GetInvalidDocumentPointer().StringifyUriFragment(place);
  return std::string("it does not follow the schema (") + validator.GetInvalidSchemaKeyword() +
         ") at " + place.GetString();
}

}  // namespace

std::string state_to_json(const State& state, const SharedHead* shared) {
  JsonText json;
  json.begin_object().member("format", std::uint64_t{1}).member("version", state.version);
  if (shared != nullptr) {
    json.key("shared").begin_object().member("database", std::string_view(shared->database));
    json.member("version", shared->version);
    json.member("change", std::string_view(shared->change)).end_object();
  }
  if (!state.held.empty()) write_held(state, json);
  json.key("services").begin_object();
  for (const auto& [name, service] : state.services) {
    json.key(name);
    write_service(service, json);
  }
  json.end_object().key("audit").begin_array();
  for (const AuditEntry& entry : state.audit) write_audit(entry, json);
  return json.end_array().end_object().text() + "\n";
}

base::Result<State> state_from_json(std::string_view text, const std::string& file,
                                    SharedHead* shared) {
  const rapidjson::Document document = document::parse_json(text);
  if (document.HasParseError()) {
    return base::Error{std::string(rapidjson::GetParseError_En(document.GetParseError())) +
                           " (byte " + std::to_string(document.GetErrorOffset()) + ")",
                       file};
  }
  if (auto what = violation(document)) return base::Error{std::move(*what), file};
  State state;
  TimeReader times;
  state.version = document["version"].GetUint64();
  for (const auto& [name, service] : document["services"].GetObject()) {
    state.services[name.GetString()] = read_service(service, times);
  }
  for (const Value& entry : document["audit"].GetArray()) {
    state.audit.push_back(read_audit(entry, times));
  }
  if (const Value* held = member_of(document, "held")) {
    for (const auto& [name, hold] : held->GetObject()) {
      state.held[name.GetString()] = read_hold(hold, times);
    }
  }
  if (times.problem()) return base::Error{times.problem()->message, file};
  const Value* head = member_of(document, "shared");
  if (head != nullptr && shared != nullptr) {
    *shared = {(*head)["database"].GetString(), (*head)["version"].GetUint64(),
               (*head)["change"].GetString()};
  }
  return state;
}

std::string service_state_to_json(const ServiceState& service) {
  JsonText json;
  write_service(service, json);
  return json.text();
}

// As the only service of a State, which the schema knows.
base::Result<ServiceState> service_state_from_json(std::string_view text,
                                                   const std::string& place) {
  std::string whole = R"({"format":1,"version":0,"audit":[],"services":{"it":)";
  whole.append(text).append("}}");
  auto state = state_from_json(whole, place);
  if (!state) return state.error();
  const auto it = state->services.find("it");
  if (state->services.size() != 1 || it == state->services.end()) {
    return base::Error{"expected one service", place};
  }
  return std::move(it->second);
}

}  // namespace intermission::control
