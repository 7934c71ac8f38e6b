#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "catalog/readers.h"
#include "http/date.h"

namespace intermission::catalog {
namespace {

struct Placed {
  base::Window window;
  Node node;
};

std::optional<base::TimePoint> read_time(const Node& node, Problems& problems) {
  const auto time = http::parse_rfc3339(node.text());
  if (time) return time;
  if (http::parse_rfc3339(std::string(node.text()) + "Z")) {
    problems.note(node.expected("a time with Z or an offset such as +01:00 at its end"));
  } else {
    problems.note(
        node.expected("a time such as 2026-12-01T22:00:00Z or 2026-12-01T23:00:00+01:00"));
  }
  return {};
}

void check_overlaps(const std::vector<Placed>& windows, Problems& problems) {
  for (std::size_t i = 1; i < windows.size(); ++i) {
    const Placed& before = windows[i - 1];
    const Placed& after = windows[i];
    if (after.window.start >= before.window.end) continue;
    const bool in_order = before.node.line() <= after.node.line();
    const Node& first = in_order ? before.node : after.node;
    const Node& second = in_order ? after.node : before.node;
    problems.note(second.error("expected windows that do not overlap, got one that overlaps " +
                               first.place() + " (line " + std::to_string(first.line()) + ")"));
  }
}

}  // namespace

std::vector<base::Window> read_windows(const Node& node, Problems& problems) {
  std::vector<Placed> placed;
  for (const Node& item : node.items()) {
    const auto start = read_time(item["start"], problems);
    const auto end = read_time(item["end"], problems);
    if (!start || !end) continue;
    if (*start >= *end) {
      problems.note(item["end"].expected("a time after start (" + http::rfc3339(*start) + ")"));
    }
    placed.push_back({{*start, *end}, item});
  }
  std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
    return a.window.start < b.window.start;
  });
  check_overlaps(placed, problems);
  std::vector<base::Window> windows;
  windows.reserve(placed.size());
  for (const Placed& one : placed) windows.push_back(one.window);
  return windows;
}

}  // namespace intermission::catalog
