#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/read_file.h"
#include "base/text.h"
#include "catalog/calendar.h"
#include "catalog/readers.h"
#include "http/date.h"

namespace intermission::catalog {
namespace {

using base::Recurrence;
using base::Seconds;
using base::WallTime;

struct Placed {
  base::Window window;
  Node node;
};

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

std::optional<WallTime> parse_wall(std::string_view text) {
  const auto time = http::parse_rfc3339(std::string(text) + "Z");
  if (!time) return {};
  return WallTime(time->time_since_epoch());
}

/// Reads the times of one window: with a zone, on the clock there; without one, in UTC.
class WindowReader {
 public:
  WindowReader(const Node& item, base::Steps& steps, Problems& problems)
      : item_(item), steps_(steps), problems_(problems) {
    const Node zone = item["zone"];
    if (!zone) return;
    name_.name = zone.text();
    if (const auto found = read_zone(zone, problems)) zone_ = *found;
  }

  void read(std::vector<Placed>& placed, Service& service) {
    const Node start = item_["start"];
    if (!start) {
      problems_.note(item_.error(
          "expected start and either end or for, which say when the window is, or ics, a calendar "
          "file"));
      return;
    }
    if (static_cast<bool>(item_["end"]) == static_cast<bool>(item_["for"])) {
      problems_.note(item_.error("expected end or for, and not both"));
      return;
    }
    const auto first = read_time(start);
    if (!first) return;
    Recurrence recurrence;
    recurrence.start = *first;
    recurrence.zone = name_;
    if (!read_length(recurrence)) return;
    if (item_["rrule"]) {
      read_rule(recurrence, service);
      return;
    }
    if (const Node exdate = item_["exdate"]) problems_.note(exdate.error("expected rrule as well"));
    placed.push_back(
        {{zone_.to_utc(*first), zone_.to_utc(*first + recurrence.by_clock) + recurrence.exactly},
         item_});
  }

 private:
  std::optional<WallTime> read_time(const Node& node) {
    const auto wall = parse_wall(node.text());
    const auto time = http::parse_rfc3339(node.text());
    if (item_["zone"]) {
      if (!wall) {
        problems_.note(node.expected(time ? "a time without Z or an offset, for zone says where"
                                          : "a time such as 2026-12-06T02:00:00"));
      }
      return wall;
    }
    if (time) return WallTime(time->time_since_epoch());
    problems_.note(
        node.expected(wall ? "a time with Z or an offset such as +01:00 at its end"
                           : "a time such as 2026-12-01T22:00:00Z or 2026-12-01T23:00:00+01:00"));
    return {};
  }

  bool read_length(Recurrence& recurrence) {
    if (const Node lasts = item_["for"]) {
      const auto duration = read_duration(lasts, problems_);
      recurrence.exactly = duration.value_or(Seconds(0));
      return duration.has_value();
    }
    const auto end = read_time(item_["end"]);
    if (!end) return false;
    if (*end <= recurrence.start) {
      problems_.note(item_["end"].expected(
          "a time after start (" +
          (item_["zone"] ? std::string(item_["start"].text())
                         : http::rfc3339(base::TimePoint(recurrence.start.time_since_epoch()))) +
          ")"));
      return false;
    }
    recurrence.by_clock = *end - recurrence.start;
    return true;
  }

  void read_rule(Recurrence& recurrence, Service& service) {
    const Node rule = item_["rrule"];
    recurrence.rule = rule.text();
    for (const Node& day : item_["exdate"].items()) {
      if (const auto time = read_exception(day, recurrence.start)) {
        recurrence.except.push_back(zone_.to_utc(*time));
      }
    }
    if (recurrence.by_clock + recurrence.exactly > Recurrence::kLongest) {
      problems_.note(item_.error("expected a window that recurs to last at most 31 days"));
    }
    if (problems_.first()) return;  // an unknown zone would be reported twice
    auto problem = base::problem_of(recurrence);
    if (!problem) problem = base::problem_of_cost(recurrence, steps_);
    if (problem) {
      problems_.note(rule.error(*problem + ", got \"" + base::printable(rule.text()) + "\""));
    }
    service.recurrences.push_back(std::move(recurrence));
  }

  // A day alone is the time of the start on that day.
  std::optional<WallTime> read_exception(const Node& node, WallTime start) {
    const auto midnight = parse_wall(std::string(node.text()) + "T00:00:00");
    if (!midnight) return read_time(node);
    return *midnight + (start - std::chrono::floor<std::chrono::days>(start));
  }

  const Node& item_;
  base::Steps& steps_;
  Problems& problems_;
  base::ZoneName name_;
  base::Zone zone_;
};

void read_ics(const Node& item, Service& service, base::Steps& steps, Problems& problems) {
  const Node ics = item["ics"];
  for (const char* key : {"start", "end", "for", "rrule", "exdate"}) {
    if (const Node other = item[key])
      problems.note(other.error(
          "cannot be combined with ics, which may have a zone beside it and nothing else"));
  }
  const std::string path = ics.path();
  const auto note = [&](const base::Error& error) {
    problems.note(ics.error(base::printable(path) + ": " + error.message));
  };
  const auto text = base::read_file(path, kLargestCalendar);
  if (!text) return note(text.error());
  auto calendar = read_calendar(*text, std::string(item["zone"].text()), steps);
  if (!calendar) return note(calendar.error());
  std::move(calendar->windows.begin(), calendar->windows.end(),
            std::back_inserter(service.windows));
  std::move(calendar->recurrences.begin(), calendar->recurrences.end(),
            std::back_inserter(service.recurrences));
}

}  // namespace

void read_windows(const Node& node, Service& service, base::Steps& steps, Problems& problems) {
  std::vector<Placed> placed;
  const std::uint64_t given = std::min<std::uint64_t>(steps.left(), Service::kMostSteps);
  base::Steps own(given);
  for (const Node& item : node.items()) {
    WindowReader reader(item, own, problems);
    if (item["ics"]) {
      read_ics(item, service, own, problems);
    } else {
      reader.read(placed, service);
    }
  }
  steps.take(given - own.left());
  const auto earlier = [](const auto& a, const auto& b) { return a.start < b.start; };
  std::stable_sort(placed.begin(), placed.end(),
                   [&](const Placed& a, const Placed& b) { return earlier(a.window, b.window); });
  check_overlaps(placed, problems);
  for (const Placed& one : placed) service.windows.push_back(one.window);
  std::stable_sort(service.windows.begin(), service.windows.end(), earlier);
}

}  // namespace intermission::catalog
