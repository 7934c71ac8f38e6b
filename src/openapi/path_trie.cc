#include "openapi/path_trie.h"

#include <algorithm>
#include <utility>

#include "http/target.h"

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

// A control character, which stands in no path.
constexpr char kEncodedSlash = '\x1F';

// A parameter that takes slashes too, as gateways and RFC 6570 §3.2.3 write it.
bool takes_rest(std::string_view segment) {
  if (!segment.starts_with('{') || segment.find('}') != segment.size() - 1) return false;
  const std::string_view name = segment.substr(1, segment.size() - 2);
  return name.starts_with('+') || name.ends_with('+') || name.ends_with('*');
}

std::size_t find_encoded_slash(std::string_view path, std::size_t from) {
  for (auto at = path.find("%2", from); at != std::string_view::npos;
       at = path.find("%2", at + 1)) {
    if (at + 2 < path.size() && (path[at + 2] == 'F' || path[at + 2] == 'f')) return at;
  }
  return std::string_view::npos;
}

std::optional<std::string> value_in(std::string_view parameter) {
  const auto equals = parameter.find('=');
  if (equals == std::string_view::npos) return {};
  const std::string_view value = parameter.substr(equals + 1);
  if (value.empty() || value.starts_with('{')) return {};
  return http::decode_path(value);
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
  if (takes_rest(segment)) {
    if (nodes_[at].rest == kNone) {
      nodes_[at].rest = fresh;
      nodes_.emplace_back();
    }
    return nodes_[at].rest;
  }
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

bool PathTrie::Variant::matches(std::string_view asked) const {
  return std::all_of(query.begin(), query.end(), [&](const auto& parameter) {
    const auto sent = http::query_value(asked, parameter.first);
    return sent && (!parameter.second || http::decode_path(*sent) == *parameter.second);
  });
}

bool PathTrie::add_variant(Node& node, Variant variant) {
  auto& variants = node.variants;
  const bool is_known = std::any_of(variants.begin(), variants.end(), [&](const Variant& other) {
    return other.method == variant.method && other.query == variant.query;
  });
  if (is_known) return false;
  const auto place = std::find_if(variants.begin(), variants.end(), [&](const Variant& other) {
    return other.query.size() < variant.query.size();
  });
  variants.insert(place, std::move(variant));
  return true;
}

bool PathTrie::add(std::string_view method, std::string_view path_template, std::size_t value) {
  const auto index = index_of(method);
  const auto mark = std::min(path_template.find_first_of("?#"), path_template.size());
  std::string_view parameters = path_template.substr(std::min(mark + 1, path_template.size()));
  const std::string decoded = keep_slashes(path_template.substr(0, mark));
  std::string_view rest = without_end_slash(decoded);
  const auto segments = static_cast<std::size_t>(std::count(rest.begin(), rest.end(), '/'));
  if (!index || !rest.starts_with('/') || segments > kMaxSegments) return false;
  std::uint32_t at = 0;
  while (!rest.empty()) at = child(at, next_segment(rest));
  nodes_[at].ends_here = true;
  if (!parameters.empty()) {
    Variant variant{*index, {}, static_cast<std::uint32_t>(value)};
    while (!parameters.empty()) {
      const auto end = std::min(parameters.find_first_of("&?#"), parameters.size());
      const std::string_view one = parameters.substr(0, end);
      if (!one.empty()) variant.query.emplace_back(one.substr(0, one.find('=')), value_in(one));
      parameters.remove_prefix(std::min(end + 1, parameters.size()));
    }
    return add_variant(nodes_[at], std::move(variant));
  }
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
  if (segment.empty()) return kNone;
  if (node.parameter != kNone) {
    if (const auto end = walk(node.parameter, rest, budget); end != kNone) return end;
  }
  while (node.rest != kNone) {
    if (const auto end = walk(node.rest, rest, budget); end != kNone) return end;
    if (rest.empty()) break;
    next_segment(rest);
  }
  return kNone;
}

std::uint32_t PathTrie::value_at(const Node& node, std::string_view method,
                                 std::string_view query) const {
  const auto index = index_of(method);
  if (!index) return kNone;
  for (const Variant& variant : node.variants) {
    if (variant.method == *index && variant.matches(query)) return variant.value;
  }
  return node.values[*index];
}

std::optional<PathTrie::Found> PathTrie::find(std::string_view method, std::string_view path,
                                              std::string_view query) const {
  path = without_end_slash(path);
  if (!path.starts_with('/')) return {};
  int budget = kMostVisits;
  const std::uint32_t end = walk(0, path, budget);
  if (end == kNone) return {};
  std::uint32_t value = value_at(nodes_[end], method, query);
  if (value == kNone && method == "HEAD") value = value_at(nodes_[end], "GET", query);
  return Found{value == kNone ? std::nullopt : std::optional<std::size_t>(value)};
}

std::string keep_slashes(std::string_view path) {
  std::string marked;
  std::size_t from = 0;
  for (auto at = find_encoded_slash(path, 0); at != std::string_view::npos;
       at = find_encoded_slash(path, from)) {
    marked.append(path.substr(from, at - from)).append(1, kEncodedSlash);
    from = at + 3;
  }
  return http::decode_path(marked.append(path.substr(from)));
}

bool has_encoded_slash(std::string_view path) {
  return find_encoded_slash(path, 0) != std::string_view::npos;
}

}  // namespace intermission::openapi
