#include <algorithm>
#include <optional>

#include "catalog/duration.h"
#include "catalog/readers.h"

namespace intermission::catalog {
namespace {

constexpr base::Seconds kLeast{1};
constexpr base::Seconds kMost{365 * 86'400};

int read_percentage(const Node& node) {
  int percentage = 0;
  for (const char c : node.text()) {
    if (c != '%') percentage = percentage * 10 + (c - '0');
  }
  return percentage;
}

}  // namespace

std::optional<base::Seconds> read_duration(const Node& node, Problems& problems) {
  if (!node) return {};
  const std::optional<base::Seconds> duration =
      node.value().IsInt64() ? base::Seconds{node.value().GetInt64()} : parse_duration(node.text());
  if (duration && *duration >= kLeast && *duration <= kMost) return duration;
  problems.note(node.expected("a duration from " + format_duration(kLeast) + " to " +
                              format_duration(kMost)));
  return {};
}

// What is written next to each other must fit; what is only inherited yields.
RetryAfter read_retry_after(const Node& node, const RetryAfter& inherited, Problems& problems) {
  const auto fallback = read_duration(node["default"], problems);
  const auto min = read_duration(node["min"], problems);
  const auto max = read_duration(node["max"], problems);
  if (min && max && *min > *max) {
    problems.note(node["min"].expected("at most max (" + format_duration(*max) + ")"));
  } else if (fallback && min && *fallback < *min) {
    problems.note(node["default"].expected("at least min (" + format_duration(*min) + ")"));
  } else if (fallback && max && *fallback > *max) {
    problems.note(node["default"].expected("at most max (" + format_duration(*max) + ")"));
  }
  RetryAfter wait = inherited;
  if (node["jitter"]) wait.jitter_percent = read_percentage(node["jitter"]);
  wait.fallback = fallback.value_or(inherited.fallback);
  wait.min = min.value_or(std::min(inherited.min, max.value_or(inherited.min)));
  wait.max = max.value_or(std::max(inherited.max, wait.min));
  if (fallback && !min) wait.min = std::min(wait.min, wait.fallback);
  if (fallback && !max) wait.max = std::max(wait.max, wait.fallback);
  wait.fallback = std::max(wait.min, std::min(wait.fallback, wait.max));
  return wait;
}

}  // namespace intermission::catalog
