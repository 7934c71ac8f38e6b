#include "gateway/client.h"

#include <algorithm>

#include "base/text.h"
#include "dialect/table.h"

namespace intermission::gateway {
namespace {

using dialect::Claim;
using dialect::Clues;

std::string_view rule_value(const Rule& rule, std::size_t i, Clues& clues, Client& client) {
  const std::string& name = rule.when->headers[i].name;
  const http::Field field = http::field_from(name);
  if (field != http::Field::kOther) return clues.value(field);
  client.rule_fields |= std::uint64_t{1} << rule.fields[i];
  return clues.request().value(name).value_or(std::string_view{});
}

// What costs nothing to vary on comes first, so that a rule for another path consults no field.
bool matches(const Rule& rule, std::string_view path, Clues& clues, Client& client) {
  const catalog::Rule& when = *rule.when;
  if (when.path && !base::matches_glob(*when.path, path)) return false;
  const auto& methods = when.methods;
  if (!methods.empty() &&
      std::find(methods.begin(), methods.end(), clues.method()) == methods.end()) {
    return false;
  }
  if (when.user_agent &&
      !base::imatches_glob(*when.user_agent, clues.value(http::Field::kUserAgent))) {
    return false;
  }
  for (std::size_t i = 0; i < when.headers.size(); ++i) {
    if (!base::imatches_glob(when.headers[i].value, rule_value(rule, i, clues, client)))
      return false;
  }
  return true;
}

}  // namespace

Client who_asks(Clues& clues, std::string_view path, const Service& service) {
  Client client;
  const auto table = dialect::table();
  const auto candidates = service.rule_index.for_path(path);
  for (auto i = candidates.next(0); i; i = candidates.next(*i + 1)) {
    if (!matches(service.rules[*i], path, clues, client)) continue;
    const std::size_t row = service.rules[*i].dialect;
    client.rule = i;
    client.sure = row;
    // Where a dialect has one form only, nothing in the request can change what it says.
    if (service.editions.front().front().by_dialect[row].size() > 1) {
      client.claims[row] = table[row]->recognise(clues);
      client.needs_body = client.claims[row].needs_body;
    }
    return client;
  }
  for (std::size_t row = 0; row < table.size(); ++row) {
    Claim& claim = client.claims[row];
    claim = table[row]->recognise(clues);
    client.needs_body = client.needs_body || claim.needs_body;
    if (claim.strength != Claim::Strength::kSure) continue;
    client.sure = row;
    return client;
  }
  return client;
}

}  // namespace intermission::gateway
