#include "control/call.h"

#include <rapidjson/error/en.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "catalog/duration.h"
#include "control/json_text.h"
#include "document/parse_json.h"
#include "gate/pass_text.h"
#include "http/date.h"
#include "http/media_type.h"
#include "http/status.h"

namespace intermission::control {
namespace {

constexpr std::size_t kLongestName = 100;

std::optional<Refusal> not_json(const http::Request& request) {
  const std::string_view type = request.value(http::Field::kContentType);
  const std::string_view essence = base::trim(type.substr(0, type.find(';')));
  if (base::iequals(essence, "application/json")) return {};
  return Refusal{415, "expected a body with Content-Type: application/json"};
}

}  // namespace

std::optional<Refusal> Call::read_body(std::initializer_list<std::string_view> known) {
  body.SetObject();
  const std::string_view text = request.body();
  if (!request.body_complete()) return Refusal{413, "expected a body of at most 64 KiB"};
  if (text.empty()) return {};
  if (auto refusal = not_json(request)) return refusal;
  body = document::parse_json(text);
  if (body.HasParseError()) {
    const std::string why = rapidjson::GetParseError_En(body.GetParseError());
    return Refusal{400, why + " (byte " + std::to_string(body.GetErrorOffset()) + ")"};
  }
  if (!body.IsObject()) return Refusal{400, "expected a JSON object"};
  for (const auto& member : body.GetObject()) {
    const std::string_view name = view_of(member.name);
    if (&*body.FindMember(member.name) != &member) {
      return Refusal{422, "expected the member once, got it twice", base::printable(name)};
    }
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string expected;
    for (const std::string_view one : known) {
      expected += (expected.empty() ? "" : ", ") + std::string(one);
    }
    return Refusal{
        422,
        known.size() == 0 ? "no members are expected here" : "unknown; expected one of " + expected,
        base::printable(name)};
  }
  return {};
}

std::optional<std::string_view> Call::text(std::string_view member) const {
  const rapidjson::Value* value = member_of(body, member);
  if (value == nullptr || !value->IsString()) return {};
  return view_of(*value);
}

std::optional<Refusal> Call::read_expected(std::optional<std::uint64_t>& expected) const {
  const auto given = request.value("If-Match");
  if (!given || *given == "*") return {};
  std::string_view tag = *given;
  if (tag.size() > 2 && tag.starts_with('"') && tag.ends_with('"')) {
    expected = base::parse_number(tag.substr(1, tag.size() - 2));
  }
  if (expected) return {};
  return Refusal{412, "expected the ETag of the service's last answer, such as \"7\"", "If-Match"};
}

std::string Call::by() const {
  return base::printable(gate::hide_passes(request.value("X-Operator").value_or("")), kLongestName);
}

void Call::answer_json(std::uint16_t status, std::string json) const {
  answer_text(status, "application/json", std::move(json) + "\n");
}

void Call::answer_text(std::uint16_t status, std::string_view type, std::string text) const {
  response.status = status;
  response.add_field("Content-Type", type);
  response.body.own() = std::move(text);
}

void Call::refuse(const Refusal& refusal) const {
  JsonText json;
  json.begin_object().member("type", "about:blank");
  json.member("title", http::reason_phrase(refusal.status));
  json.member("status", std::uint64_t{refusal.status});
  json.member("detail", std::string_view(gate::hide_passes(refusal.detail)));
  if (!refusal.field.empty()) {
    json.member("field", std::string_view(gate::hide_passes(refusal.field)));
  }
  response.status = refusal.status;
  if (refusal.status == 401) {
    response.fields += "WWW-Authenticate: Bearer realm=\"intermission\"\r\n";
  }
  response.add_field("Content-Type", "application/problem+json");
  response.body.own() = json.end_object().text() + "\n";
}

std::string entity_tag(std::uint64_t version) {
  return '"' + std::to_string(version) + '"';
}

std::optional<Refusal> read_end(const Call& call, base::TimePoint now,
                                std::optional<base::TimePoint>& end) {
  const bool until = member_of(call.body, "until") != nullptr;
  const bool lasts = member_of(call.body, "for") != nullptr;
  if (until && lasts) return Refusal{422, "expected either until or for, got both", "for"};
  if (until) {
    end = http::parse_rfc3339(call.text("until").value_or(""));
    if (!end) return Refusal{422, "expected a time such as 2026-12-01T22:00:00Z", "until"};
  }
  if (lasts) {
    const auto duration = catalog::parse_duration(call.text("for").value_or(""));
    if (!duration || duration->count() == 0) {
      return Refusal{422, "expected a duration such as 90s, 30m or 2h", "for"};
    }
    end = now + *duration;
  }
  return {};
}

}  // namespace intermission::control
