// OpenTelemetry over HTTP (opentelemetry.io/docs/specs/otlp, "Failures"): exporters of traces,
// metrics and logs log the message of a google.rpc.Status, in the encoding that they sent, and keep
// what they have until Retry-After has passed.
//
//   08 0e            code: 14, UNAVAILABLE
//   12 LEN MESSAGE   message; LEN depends on the digits of the wait
//
// A path such as /v1/logs is no evidence: others have it. Protobuf under it is, and JSON that holds
// what only OTLP has, or comes from an exporter.
#include <algorithm>

#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/json_scan.h"
#include "dialect/protobuf.h"
#include "page/words.h"

namespace intermission::dialect::otlp {
namespace {

enum Form : std::uint8_t { kProtobuf, kJson };  // places in render()'s list

constexpr std::string_view kProtobufType = "application/x-protobuf";
constexpr std::string_view kJsonType = "application/json";
constexpr unsigned kUnavailable = 14;

const Names kSignals = {"traces", "metrics", "logs", "profiles"};

// ------------------------------------------------------------------ reading the request

// /v1/traces, /otlp/v1/logs, /v1development/profiles
bool is_path_of_signal(std::string_view path) {
  const auto last = path.rfind('/');
  if (last == std::string_view::npos || last == 0) return false;
  const std::string_view signal = path.substr(last + 1);
  if (std::find(kSignals.begin(), kSignals.end(), signal) == kSignals.end()) return false;
  const std::string_view before = path.substr(0, last);
  return before.ends_with("/v1") || before.ends_with("/v1development");
}

// "OTel-OTLP-Exporter-Python/1.20.0", "OTel OTLP Exporter Go/1.28.0", "OpenTelemetry
// Collector/0.96"
bool names_exporter(std::string_view agent) {
  return base::istarts_with(agent, "OTel-OTLP-") || base::istarts_with(agent, "OTel OTLP ") ||
         base::istarts_with(agent, "OpenTelemetry Collector");
}

class FindsSignal : public JsonVisitor {
 public:
  bool member(std::string_view name, std::string_view value) override {
    const bool is_signal = name == "resourceSpans" || name == "resourceMetrics" ||
                           name == "resourceLogs" || name == "resourceProfiles";
    found = found || (is_signal && value.starts_with('['));
    return !found;
  }
  bool found = false;
};

Claim sure(Form form, std::string_view why) {
  return {.strength = Claim::Strength::kSure, .favours = form, .why = why};
}

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kPost || !is_path_of_signal(evidence.request().path())) return {};
  if (evidence.sends(kProtobufType)) return sure(kProtobuf, "protobuf at a path of OTLP");
  if (!evidence.sends(kJsonType)) return {};
  if (names_exporter(evidence.value(http::Field::kUserAgent))) {
    return sure(kJson, "User-Agent is an exporter's");
  }
  if (evidence.body_unread()) return {.needs_body = true};
  FindsSignal signal;
  scan_json(evidence.request().body(), signal);
  return signal.found ? sure(kJson, "the body holds spans, metrics or logs") : Claim{};
}

// ------------------------------------------------------------------ speaking

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  JsonObject status;
  status.number("code", kUnavailable).text("message", page::spoken_text(notice));
  std::vector<Representation> said(2);
  said[kProtobuf].media_type = said[kProtobuf].content_type = kProtobufType;
  said[kProtobuf].may_be_coded = false;
  said[kProtobuf].body = integer(1, kUnavailable) + length_delimited(2, page::spoken_text(notice));
  said[kJson].media_type = said[kJson].content_type = kJsonType;
  said[kJson].body = status.finish();
  return said;
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "otlp",
    .speaks_to = "exporters of OpenTelemetry over HTTP: traces, metrics, logs",
    .known_by =
        "POST to …/v1/traces, …/v1/metrics or …/v1/logs with Content-Type application/x-protobuf; "
        "with JSON, User-Agent OTel-OTLP-… or a body with resourceSpans and the like",
    .triggers = {{.methods = kPost, .last_segments = kSignals}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::otlp
