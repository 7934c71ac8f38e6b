#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "catalog/readers.h"
#include "http/media_type.h"

namespace intermission::catalog {
namespace {

/// A request tells by one bit for each name which of them it has.
constexpr std::size_t kMaxHeaderNames = 64;

std::optional<std::string> read_glob(const Node& node) {
  if (!node) return {};
  return std::string(node.text());
}

std::vector<std::string> read_methods(const Node& node) {
  std::vector<std::string> methods;
  if (!node.text().empty()) methods.emplace_back(node.text());
  for (const Node& item : node.items()) methods.emplace_back(item.text());
  return methods;
}

void read_headers(const Node& node, Rule& rule, std::set<std::string>& names, Problems& problems) {
  for (const auto& [name, value] : node.members()) {
    if (!http::is_token(name)) {
      problems.note(value.error("expected the name of a header as the key"));
    }
    names.insert(base::to_lower(name));
    if (names.size() > kMaxHeaderNames) {
      problems.note(value.error("expected at most " + std::to_string(kMaxHeaderNames) +
                                " different header names in the rules of a service"));
    }
    rule.headers.push_back({std::string(name), std::string(value.text())});
  }
}

}  // namespace

std::vector<Rule> read_rules(const Node& node, Problems& problems) {
  std::vector<Rule> rules;
  std::set<std::string> names;
  for (const Node& item : node.items()) {
    const Node when = item["when"];
    Rule rule;
    rule.path = read_glob(when["path"]);
    rule.methods = read_methods(when["method"]);
    rule.user_agent = read_glob(when["user_agent"]);
    read_headers(when["header"], rule, names, problems);
    rule.answer = item["answer"].text();
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace intermission::catalog
