#include "gateway/client.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "dialect/candidate_rows.h"
#include "dialect/preflight.h"
#include "dialect/table.h"

namespace intermission::gateway {
namespace {

using dialect::Claim;
using dialect::RequestEvidence;

// The values that rules ask for. A field that only rules know is looked for among the request's
// lines once, however many rules ask.
class RuleValues {
 public:
  RuleValues(RequestEvidence& evidence, const snapshot::Service& service)
      : evidence_(evidence), service_(service) {}

  std::string_view of(const snapshot::Rule::Field& field) {
    if (field.known != http::Field::kOther) return evidence_.value(field.known);
    Value& value = values_[field.other];
    const std::uint64_t bit = std::uint64_t{1} << field.other;
    if ((consulted_ & bit) == 0) {
      consulted_ |= bit;
      const auto found = evidence_.request().value(service_.rule_fields[field.other]);
      value = found ? Value{found->data(), found->size()} : Value{"", 0};
    }
    return {value.text, value.size};
  }
  std::uint64_t consulted() const { return consulted_; }

 private:
  struct Value {  // which clears nothing when it is made
    const char* text;
    std::size_t size;
  };

  RequestEvidence& evidence_;
  const snapshot::Service& service_;
  std::uint64_t consulted_ = 0;
  std::array<Value, snapshot::Service::kMostRuleFields> values_;  // those are set whose bit is
};

// What costs nothing to vary on comes first, so that a rule for another path consults no field.
bool matches(const snapshot::Rule& rule, std::string_view path, RequestEvidence& evidence,
             RuleValues& values) {
  const catalog::Rule& when = *rule.when;
  if (when.path && !base::matches_glob(*when.path, path)) return false;
  const auto& methods = when.methods;
  if (!methods.empty() &&
      std::find(methods.begin(), methods.end(), evidence.method()) == methods.end()) {
    return false;
  }
  if (when.user_agent &&
      !base::imatches_glob(*when.user_agent, evidence.value(http::Field::kUserAgent))) {
    return false;
  }
  for (std::size_t i = 0; i < when.headers.size(); ++i) {
    if (!base::imatches_glob(when.headers[i].value, values.of(rule.fields[i]))) return false;
  }
  return true;
}

// Where a dialect has one form only and repeats nothing, nothing in the request can change what
// it says.
bool looks_at_requests(std::size_t row, const snapshot::Service& service) {
  return service.notice_for({}, 0).said(row).size() > 1 || dialect::table()[row]->repeat != nullptr;
}

bool follow_rule(RequestEvidence& evidence, std::string_view path, const snapshot::Service& service,
                 Client& client) {
  auto candidates = service.rule_index.for_request(evidence.method(), path);
  RuleValues values(evidence, service);
  const auto read = [&](const snapshot::Rule::Field& field) { return values.of(field); };
  for (auto i = candidates.next(0, read); i; i = candidates.next(*i + 1, read)) {
    if (!matches(service.rules[*i], path, evidence, values)) continue;
    client.rule_fields = values.consulted();
    const std::size_t row = service.rules[*i].dialect;
    client.rule = i;
    client.sure = row;
    if (looks_at_requests(row, service)) {
      client.claimed.emplace_back(row, evidence);
    } else {
      client.claimed.emplace_back(row);
    }
    client.needs_body = client.claimed.front().claim.needs_body;
    return true;
  }
  client.rule_fields = values.consulted();
  return false;
}

void ask_dialects(RequestEvidence& evidence, const snapshot::Service& service, Client& client) {
  dialect::CandidateRows rows(evidence, service.disabled);
  while (const auto row = rows.next()) {
    const Claim& claim = client.claimed.emplace_back(*row, evidence).claim;
    client.needs_body = client.needs_body || claim.needs_body;
    if (claim.strength == Claim::Strength::kSure) {
      client.sure = row;
      client.claimed.erase(client.claimed.begin(), client.claimed.end() - 1);
      return;
    }
    if (claim.strength == Claim::Strength::kNone) client.claimed.pop_back();
  }
}

}  // namespace

Client who_asks(RequestEvidence& evidence, std::string_view path,
                const snapshot::Service& service) {
  Client client;
  if (!dialect::is_preflight(evidence) && follow_rule(evidence, path, service, client))
    return client;
  ask_dialects(evidence, service, client);
  const auto is_default = [&](const auto& one) { return one.row == service.default_dialect; };
  if (!client.sure && std::none_of(client.claimed.begin(), client.claimed.end(), is_default)) {
    client.claimed.emplace_back(service.default_dialect);
  }
  return client;
}

}  // namespace intermission::gateway
