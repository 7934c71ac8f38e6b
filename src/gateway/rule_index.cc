#include "gateway/rule_index.h"

#include <algorithm>
#include <map>

namespace intermission::gateway {

std::optional<std::size_t> RuleIndex::Candidates::next(std::size_t from) const {
  std::optional<std::size_t> first;
  for (const Prefix* prefix = longest_; prefix != nullptr; prefix = prefix->shorter) {
    const auto& rules = prefix->rules;
    const auto rule = std::lower_bound(rules.begin(), rules.end(), from);
    if (rule != rules.end() && (!first || *rule < *first)) first = *rule;
  }
  return first;
}

RuleIndex::RuleIndex(std::span<const catalog::Rule> rules) {
  if (rules.empty()) return;
  std::map<std::string_view, std::vector<std::size_t>> by_text;
  by_text[{}];
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string_view glob = rules[i].path ? std::string_view(*rules[i].path) : "*";
    by_text[glob.substr(0, glob.find('*'))].push_back(i);
  }
  prefixes_.reserve(by_text.size());  // for they point to each other
  for (auto& [text, numbers] : by_text) {
    const Prefix* shorter = prefixes_.empty() ? nullptr : &prefixes_.back();
    while (shorter != nullptr && !text.starts_with(shorter->text)) shorter = shorter->shorter;
    prefixes_.push_back({text, shorter, std::move(numbers)});
  }
}

RuleIndex::Candidates RuleIndex::for_path(std::string_view path) const {
  if (prefixes_.empty()) return Candidates(nullptr);
  const auto behind = std::upper_bound(
      prefixes_.begin(), prefixes_.end(), path,
      [](std::string_view wanted, const Prefix& prefix) { return wanted < prefix.text; });
  const Prefix* prefix = &*std::prev(behind);
  while (!path.starts_with(prefix->text)) prefix = prefix->shorter;
  return Candidates(prefix);
}

}  // namespace intermission::gateway
