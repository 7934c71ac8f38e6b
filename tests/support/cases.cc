#include "support/cases.h"

#include <map>

#include "base/text.h"
#include "catalog/configuration.h"
#include "gateway/answer.h"
#include "http/date.h"
#include "http/status.h"
#include "snapshot/contracts.h"
#include "support/decode.h"
#include "support/files.h"

namespace intermission::testing {
namespace {

snapshot::SnapshotPtr make_snapshot(const std::string& config) {
  if (config == "none") {
    return std::make_shared<snapshot::Snapshot>(catalog::built_in({}).catalog);
  }
  catalog::Overrides overrides;
  overrides.bypass_key = kCasesKey;
  auto loaded = catalog::load_file((cases_folder() / config).string(), overrides);
  if (!loaded) throw std::runtime_error(loaded.error().text());
  auto contracts = snapshot::read_contracts(std::move(loaded->catalog));
  for (const base::Error& problem : contracts.problems) throw std::runtime_error(problem.text());
  return std::make_shared<snapshot::Snapshot>(std::move(contracts.catalog));
}

}  // namespace

std::filesystem::path cases_folder() {
  return source_path("tests/cases");
}

base::TimePoint cases_time() {
  return http::parse_rfc3339("2026-12-01T22:30:00Z").value();
}

snapshot::SnapshotPtr snapshot_for(const std::string& config) {
  static std::map<std::string, snapshot::SnapshotPtr> made;
  snapshot::SnapshotPtr& snapshot = made[config];
  if (!snapshot) snapshot = make_snapshot(config);
  return snapshot;
}

void decode_body(Heard& heard) {
  if (heard.body.empty()) return;  // HEAD
  for (const auto& [name, value] : heard.fields) {
    if (base::iequals(name, "Content-Encoding")) heard.body = decode(value, heard.body);
  }
}

Told tell(std::string_view rest, const snapshot::Snapshot& snapshot,
          dialect::ParsedHeaders* readings) {
  const auto cut = [&rest](std::string_view mark) {
    const auto end = rest.find(mark);
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), end + mark.size()));
    return part;
  };
  http::Request request;
  const std::string_view method = cut(" ");
  const std::string_view target = cut(" ");
  request.reset(method, target, cut("\r\n") == "HTTP/1.0" ? 10 : 11);
  request.set_peer(http::Address::from_ipv4({127, 0, 0, 1}));
  for (std::string_view line = cut("\r\n"); !line.empty(); line = cut("\r\n")) {
    const auto colon = line.find(':');
    request.add_field(line.substr(0, colon), base::trim(line.substr(colon + 1)));
  }
  // What was not asked for is not there, as over a socket.
  if (gateway::needs_body(request, snapshot, readings)) {
    request.set_body(rest, true);
  } else {
    request.set_body({}, rest.empty());
  }
  http::Response response;
  const gateway::Outcome outcome =
      gateway::answer(request, snapshot, {cases_time(), 0}, response, readings);

  Told told{
      .heard = {}, .kind = std::string(outcome.kind), .in_maintenance = outcome.in_maintenance};
  Heard& heard = told.heard;
  heard.status_line = "HTTP/1.1 " + std::to_string(response.status) + " " +
                      (response.reason.empty() ? std::string(http::reason_phrase(response.status))
                                               : response.reason);
  heard.fields = split_fields(response.fields.text());
  if (method != "HEAD") heard.body = response.body.view();
  decode_body(heard);
  return told;
}

Heard hear_directly(const Conversation& conversation, dialect::ParsedHeaders* readings) {
  return tell(conversation.request, *snapshot_for(conversation.config), readings).heard;
}

}  // namespace intermission::testing
