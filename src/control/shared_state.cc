#include "control/shared_state.h"

#include <algorithm>
#include <utility>

namespace intermission::control {
namespace {

// Of two trails the entries of both, by version; what both have of one service and version is the
// database's.
std::vector<AuditEntry> joined(const std::vector<AuditEntry>& ours,
                               const std::vector<AuditEntry>& theirs) {
  const auto is_earlier = [](const AuditEntry& a, const AuditEntry& b) {
    return std::pair(a.version, std::string_view(a.service)) <
           std::pair(b.version, std::string_view(b.service));
  };
  std::vector<AuditEntry> all = theirs;
  all.insert(all.end(), ours.begin(), ours.end());
  std::stable_sort(all.begin(), all.end(), is_earlier);
  const auto is_same = [&](const AuditEntry& a, const AuditEntry& b) {
    return !is_earlier(a, b) && !is_earlier(b, a);
  };
  all.erase(std::unique(all.begin(), all.end(), is_same), all.end());
  if (all.size() > State::kMostAudit) {
    all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(State::kMostAudit));
  }
  return all;
}

Reconciled with_what_is_newer(const State& known, const State& found) {
  Reconciled result{found, {}, {}};
  for (const auto& [name, service] : known.services) {
    ServiceState& there = result.state.services[name];
    if (service.version <= there.version) continue;
    there = service;
    result.lost.push_back(name);
  }
  result.state.version = std::max(known.version, found.version);
  result.state.audit = joined(known.audit, found.audit);
  return result;
}

}  // namespace

Reconciled reconcile(const SharedState& known, const SharedState& found, bool contains_known) {
  const bool is_same = known.head.database == found.head.database;
  const bool is_first = known.head.database.empty();
  Reconciled result{found.state, {}, {}};
  if (is_same && !contains_known && known.head.version > 0) {
    result = with_what_is_newer(known.state, found.state);
    result.news = "the database went back from version " + std::to_string(known.head.version) +
                  " to " + std::to_string(found.head.version) +
                  ", as after a backup was restored; what it lacks is put back from this instance";
  } else if (!is_same && found.head.version == 0 && !known.state.services.empty()) {
    result = with_what_is_newer(known.state, found.state);
    result.news = is_first
                      ? "the database is empty; the state of this instance is put into it"
                      : "the database is another one, and empty; the state of this instance is "
                        "put into it";
  } else if (!is_same && !is_first) {
    result.news = "the database is another one; its state replaces that of this instance";
  } else if (is_first && !known.state.services.empty()) {
    result.news = "the shared state replaces what this instance had on its own";
  }
  result.state.held = known.state.held;
  return result;
}

}  // namespace intermission::control
