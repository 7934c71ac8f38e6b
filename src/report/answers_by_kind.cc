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

// Columns as wide as what stands in them.
std::string table_of(const snapshot::Service& service) {
  std::vector<KindAnswers> rows = answers_of(service);
  std::size_t kinds = std::string_view("kind").size();
  std::size_t statuses = std::string_view("status").size();
  std::size_t gate_statuses = std::string_view("at a gate").size();
  for (const KindAnswers& answers : rows) {
    kinds = std::max(kinds, answers.dialect->name.size());
    statuses = std::max(statuses, answers.statuses.size());
    gate_statuses = std::max(gate_statuses, answers.gate_statuses.size());
  }
  const auto row = [&](std::string_view kind, std::string_view status, std::string_view gate_status,
                       std::string_view media_types) {
    return fmt::format("  {:<{}}  {:<{}}  {:<{}}  {}\n", kind, kinds, status, statuses, gate_status,
                       gate_statuses, media_types);
  };
  std::string out = row("kind", "status", "at a gate", "as");
  for (const KindAnswers& answers : rows) {
    out += row(answers.dialect->name, answers.statuses, answers.gate_statuses, answers.media_types);
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
