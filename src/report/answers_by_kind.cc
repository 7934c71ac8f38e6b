#include "report/answers_by_kind.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "dialect/table.h"

namespace intermission::report {
namespace {

// Each different value once, in order.
template <typename Value, typename Of>
std::string distinct(const std::vector<snapshot::PreparedResponse>& said, Of of) {
  std::vector<Value> values;
  for (const snapshot::PreparedResponse& prepared : said) {
    const Value value = of(prepared.said);
    if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
  }
  return fmt::format("{}", fmt::join(values, ", "));
}

std::string media_type(const dialect::Representation& said) {
  if (said.content_type.empty()) return "no content";
  return said.content_type.substr(0, said.content_type.find(';'));
}

std::string table_of(const snapshot::Service& service) {
  std::string out = fmt::format("  {:<14}{:<10}{:<10}{}\n", "kind", "status", "at a gate", "as");
  for (const KindAnswers& answers : answers_of(service)) {
    out += fmt::format("  {:<14}{:<10}{:<10}{}\n", answers.dialect->name, answers.statuses,
                       answers.gate_statuses, answers.media_types);
  }
  return out;
}

}  // namespace

std::vector<KindAnswers> answers_of(const snapshot::Service& service) {
  std::vector<KindAnswers> answers;
  for (std::size_t row = 0; row < dialect::table().size(); ++row) {
    if (!service.may_choose(row)) continue;
    const std::vector<snapshot::PreparedResponse>& said = service.notice_for({}, 0).said(row);
    answers.push_back({
        .dialect = dialect::table()[row],
        .statuses = distinct<int>(said, [](const auto& one) { return one.status; }),
        .gate_statuses = distinct<int>(said, [](const auto& one) { return one.gate_status; }),
        .media_types = distinct<std::string>(said, media_type),
    });
  }
  return answers;
}

std::string answers_by_kind(const snapshot::Snapshot& snapshot) {
  struct Group {
    std::string names;
    std::string table;
  };
  std::vector<Group> groups;
  for (std::size_t i = 0; i < snapshot.catalog().services().size(); ++i) {
    const snapshot::Service& service = snapshot.service(i);
    std::string table = table_of(service);
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const Group& group) { return group.table == table; });
    if (same != groups.end()) {
      same->names += ", " + service.configured->name;
    } else {
      groups.push_back({service.configured->name, std::move(table)});
    }
  }
  std::string out;
  for (const Group& group : groups) {
    out += "answers by kind of client, from " + group.names + ":\n" + group.table;
  }
  return out;
}

}  // namespace intermission::report
