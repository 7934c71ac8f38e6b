#include "openapi/path_trie.h"

#include <algorithm>
#include <utility>

namespace intermission::openapi {
namespace {

// Nodes visited for one path. Templates of real documents need a handful; what would need more is
// not worth anybody's time.
constexpr int kMostVisits = 1000;

std::string_view without_end_slash(std::string_view path) {
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

// Cuts the first segment off a path that starts with "/".
std::string_view next_segment(std::string_view& rest) {
  const auto end = rest.find('/', 1);
  const std::string_view segment = rest.substr(1, end - 1);
  rest.remove_prefix(std::min(end, rest.size()));
  return segment;
}

// The literals around the parameters of a segment; one if it has no parameter.
std::vector<std::string> literals_of(std::string_view segment) {
  std::vector<std::string> literals;
  while (true) {
    const auto open = segment.find('{');
    const auto close = segment.find('}', open);
    if (close == std::string_view::npos) break;
    literals.emplace_back(segment.substr(0, open));
    segment.remove_prefix(close + 1);
  }
  literals.emplace_back(segment);
  return literals;
}

}  // namespace

std::optional<std::size_t> PathTrie::index_of(std::string_view method) {
  constexpr std::array<std::string_view, kMethods> kNames = {
      "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "QUERY"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == method) return i;
  }
  return {};
}

bool PathTrie::Pattern::matches(std::string_view segment) const {
  if (!segment.starts_with(literals.front())) return false;
  segment.remove_prefix(literals.front().size());
  // Every parameter takes at least one character.
  for (std::size_t i = 1; i + 1 < literals.size(); ++i) {
    const auto found = segment.find(literals[i], 1);
    if (found == std::string_view::npos) return false;
    segment.remove_prefix(found + literals[i].size());
  }
  return segment.size() > literals.back().size() && segment.ends_with(literals.back());
}

std::uint32_t PathTrie::child(std::uint32_t at, std::string_view segment) {
  const auto fresh = static_cast<std::uint32_t>(nodes_.size());
  std::vector<std::string> literals = literals_of(segment);
  if (literals.size() == 1) {
    const auto [entry, is_new] = nodes_[at].concrete.emplace(segment, fresh);
    const std::uint32_t next = entry->second;
    if (is_new) nodes_.emplace_back();  // moves the node that `entry` belongs to
    return next;
  }
  std::size_t letters = 0;
  for (const std::string& literal : literals) letters += literal.size();
  if (letters == 0) {
    if (nodes_[at].parameter == kNone) {
      nodes_[at].parameter = fresh;
      nodes_.emplace_back();
    }
    return nodes_[at].parameter;
  }
  auto& patterns = nodes_[at].patterns;
  for (const Pattern& pattern : patterns) {
    if (pattern.literals == literals) return pattern.next;
  }
  const auto place = std::find_if(patterns.begin(), patterns.end(), [&](const Pattern& pattern) {
    return pattern.letters < letters;
  });
  patterns.insert(place, Pattern{std::move(literals), letters, fresh});
  nodes_.emplace_back();
  return fresh;
}

bool PathTrie::add(std::string_view method, std::string_view path_template, std::size_t value) {
  const auto index = index_of(method);
  std::string_view rest = without_end_slash(path_template);
  const auto segments = static_cast<std::size_t>(std::count(rest.begin(), rest.end(), '/'));
  if (!index || !rest.starts_with('/') || segments > kMaxSegments) return false;
  std::uint32_t at = 0;
  while (!rest.empty()) at = child(at, next_segment(rest));
  nodes_[at].ends_here = true;
  std::uint32_t& slot = nodes_[at].values[*index];
  if (slot != kNone) return false;
  slot = static_cast<std::uint32_t>(value);
  return true;
}

std::uint32_t PathTrie::walk(std::uint32_t at, std::string_view rest, int& budget) const {
  if (--budget < 0) return kNone;
  const Node& node = nodes_[at];
  if (rest.empty()) return node.ends_here ? at : kNone;
  const std::string_view segment = next_segment(rest);
  if (const auto found = node.concrete.find(segment); found != node.concrete.end()) {
    if (const auto end = walk(found->second, rest, budget); end != kNone) return end;
  }
  for (const Pattern& pattern : node.patterns) {
    if (!pattern.matches(segment)) continue;
    if (const auto end = walk(pattern.next, rest, budget); end != kNone) return end;
  }
  if (node.parameter == kNone || segment.empty()) return kNone;
  return walk(node.parameter, rest, budget);
}

std::optional<PathTrie::Found> PathTrie::find(std::string_view method,
                                              std::string_view path) const {
  path = without_end_slash(path);
  if (!path.starts_with('/')) return {};
  int budget = kMostVisits;
  const std::uint32_t end = walk(0, path, budget);
  if (end == kNone) return {};
  const auto& values = nodes_[end].values;
  const auto at = [&](std::string_view name) {
    const auto index = index_of(name);
    return index ? values[*index] : kNone;
  };
  std::uint32_t value = at(method);
  if (value == kNone && method == "HEAD") value = at("GET");
  return Found{value == kNone ? std::nullopt : std::optional<std::size_t>(value)};
}

}  // namespace intermission::openapi
