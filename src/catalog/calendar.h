// Windows from a calendar file (iCalendar, RFC 5545): each VEVENT is a time of maintenance.
//
//   DTSTART with DTEND or DURATION   a window; days, weeks and whole days by the clock on the wall
//   RRULE, EXDATE, RDATE             one that recurs, see base/recurrence.h
//   RECURRENCE-ID                    stands in for one time of the event with the same UID
//   STATUS:CANCELLED                 is no window, nor what it stands in for
//
// A TZID is first looked for in the system's tz database, then among the file's VTIMEZONEs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/recurrence.h"
#include "base/result.h"
#include "base/steps.h"
#include "base/window.h"

namespace intermission::catalog {

struct Calendar {
  std::vector<base::Window> windows;
  std::vector<base::Recurrence> recurrences;  // none has a problem
};

inline constexpr std::size_t kLargestCalendar = 1 << 20;

/// `zone` is for times that name none; without it they are an error. Errors name the event. At
/// most kLargestCalendar bytes and 1,000 events, and no rules that take more than `steps`.
base::Result<Calendar> read_calendar(std::string_view text, const std::string& zone,
                                     base::Steps& steps);

}  // namespace intermission::catalog
