#include "snapshot/rule_index.h"

#include <algorithm>
#include <map>
#include <utility>

namespace intermission::snapshot {
namespace {

std::string_view before_star(std::string_view glob) {
  return glob.substr(0, glob.find('*'));
}

// Whether a path that begins with the text before the glob's "*" matches it.
bool is_prefix(std::string_view glob) {
  return glob.find('*') + 1 == glob.size();
}

// What a rule looks at first, once path and method fit; nothing if that is all it asks.
struct Look {
  Rule::Field field;
  std::string_view glob;
};
std::optional<Look> first_look(const Rule& rule) {
  const catalog::Rule& when = *rule.when;
  if (when.user_agent) return Look{{http::Field::kUserAgent, 0}, *when.user_agent};
  if (!when.headers.empty()) return Look{rule.fields.front(), when.headers.front().value};
  return {};
}

void take_first(std::optional<std::size_t>& first, const std::vector<std::size_t>& rules,
                std::size_t from) {
  const auto rule = std::lower_bound(rules.begin(), rules.end(), from);
  if (rule != rules.end() && (!first || *rule < *first)) first = *rule;
}

}  // namespace

void RuleIndex::Candidates::look_into(const Group& group, std::size_t from, First& first) const {
  const auto& methods = group.methods;
  if (!methods.empty() && std::find(methods.begin(), methods.end(), method_) == methods.end()) {
    return;
  }
  std::optional<std::size_t> rule;
  const bool is_read = (is_read_ >> group.number & 1U) != 0;
  if (is_read) {
    for (const auto* node = values_[group.number]; node != nullptr; node = node->shorter) {
      take_first(rule, node->value, from);
    }
  } else {
    take_first(rule, group.rules, from);
  }
  if (rule && (!first.rule || *rule < *first.rule)) first = {rule, is_read ? nullptr : &group};
}

RuleIndex::Candidates::First RuleIndex::Candidates::find_first(std::size_t from) const {
  First first;
  for (const auto* node = longest_; node != nullptr; node = node->shorter) {
    take_first(first.rule, node->value.single, from);
  }
  for (const auto* node = longest_; node != nullptr; node = node->shorter) {
    for (const Group& group : node->value.groups) look_into(group, from, first);
  }
  return first;
}

namespace {

struct GroupBeingMade {
  std::vector<std::string> methods;
  Rule::Field field;
  std::vector<std::size_t> rules;
  std::map<std::string, std::vector<std::size_t>> by_value;
};
struct PathBeingMade {
  std::vector<std::size_t> single;
  std::vector<GroupBeingMade> groups;
};

GroupBeingMade* find_group(PathBeingMade& path, const Rule& rule, const Rule::Field& field) {
  for (GroupBeingMade& group : path.groups) {
    if (group.field == field && group.methods == rule.when->methods) return &group;
  }
  return nullptr;
}

}  // namespace

RuleIndex::RuleIndex(std::span<const Rule> rules) {
  std::map<std::string, PathBeingMade> paths;
  std::size_t groups = 0;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string_view glob =
        rules[i].when->path ? std::string_view(*rules[i].when->path) : "*";
    PathBeingMade& path = paths[std::string(before_star(glob))];
    const auto look = is_prefix(glob) ? first_look(rules[i]) : std::nullopt;
    GroupBeingMade* group = look ? find_group(path, rules[i], look->field) : nullptr;
    if (look && group == nullptr && groups < kMostGroups) {
      ++groups;
      group = &path.groups.emplace_back();
      group->methods = rules[i].when->methods;
      group->field = look->field;
    }
    if (group == nullptr) {
      path.single.push_back(i);
      continue;
    }
    group->rules.push_back(i);
    group->by_value[base::to_lower(before_star(look->glob))].push_back(i);
  }

  std::map<std::string, ForPath> made;
  std::size_t number = 0;
  for (auto& [text, path] : paths) {
    ForPath& for_path = made[text];
    for_path.single = std::move(path.single);
    for (GroupBeingMade& group : path.groups) {
      for_path.groups.push_back({number++, std::move(group.methods), group.field,
                                 std::move(group.rules), ByValue(std::move(group.by_value))});
    }
  }
  by_path_ = ByPath(std::move(made));
}

}  // namespace intermission::snapshot
