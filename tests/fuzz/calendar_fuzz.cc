// Any bytes as a calendar file. What is read from it must have no problem and yield windows in
// order; what is not must be told in one printable line.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "catalog/calendar.h"
#include "catalog/service.h"

namespace {

using intermission::base::Seconds;
using intermission::base::TimePoint;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  intermission::base::Steps steps(intermission::catalog::Service::kMostSteps);
  const auto calendar = intermission::catalog::read_calendar(text, "Europe/Berlin", steps);
  if (!calendar) {
    const std::string& error = calendar.error().message;
    require(std::all_of(error.begin(), error.end(), [](char c) { return c >= ' ' && c <= '~'; }));
    return 0;
  }
  const TimePoint from(Seconds(1'800'000'000));
  const TimePoint to = from + Seconds(1 << 25);
  for (const auto& recurrence : calendar->recurrences) {
    require(!intermission::base::problem_of(recurrence));
    const auto windows = intermission::base::occurrences(recurrence, from, to);
    for (std::size_t i = 0; i < windows.size(); ++i) {
      require(windows[i].start < windows[i].end);
      require(windows[i].start < to && from < windows[i].end);
      require(i == 0 || windows[i - 1].start <= windows[i].start);
    }
  }
  return 0;
}
