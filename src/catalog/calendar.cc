#include "catalog/calendar.h"

#include <libical/ical.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "base/text.h"

namespace intermission::catalog {
namespace {

using base::Recurrence;
using base::Seconds;
using base::TimePoint;
using base::WallTime;
using base::Window;
using base::ZoneName;

constexpr std::size_t kMostEvents = 1000;

using ComponentPtr = std::unique_ptr<icalcomponent, decltype(&icalcomponent_free)>;

/// Ends at the edge of this file, as an Error.
class Wrong : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string text_of(const char* text) {
  return base::printable(text == nullptr ? "" : text, 80);
}

std::string name_of(icalcomponent* event) {
  const std::string summary = text_of(icalcomponent_get_summary(event));
  const std::string uid = text_of(icalcomponent_get_uid(event));
  if (summary.empty()) return uid.empty() ? "an event without UID" : "event " + uid;
  return "event \"" + summary + "\"" + (uid.empty() ? "" : " (UID " + uid + ")");
}

template <typename Visit>
void for_each_property(icalcomponent* event, icalproperty_kind kind, Visit visit) {
  for (icalproperty* property = icalcomponent_get_first_property(event, kind); property != nullptr;
       property = icalcomponent_get_next_property(event, kind)) {
    visit(property);
  }
}

/// A time of the file, and the zone on whose clock it is read.
struct Time {
  WallTime wall;
  ZoneName zone;
  bool is_date = false;

  TimePoint to_utc() const { return zone.find()->to_utc(wall); }
};

class Reader {
 public:
  Reader(icalcomponent* calendar, const std::string& zone, base::Steps& steps)
      : calendar_(calendar), zone_(zone), steps_(steps) {}

  void read(Calendar& out) {
    for (icalcomponent* event = icalcomponent_get_first_component(calendar_, ICAL_VEVENT_COMPONENT);
         event != nullptr;
         event = icalcomponent_get_next_component(calendar_, ICAL_VEVENT_COMPONENT)) {
      events_.push_back(event);
      if (events_.size() > kMostEvents) {
        throw Wrong("expected at most " + std::to_string(kMostEvents) + " events");
      }
    }
    const auto each = [&](auto read_one) {
      for (icalcomponent* event : events_) {
        try {
          read_one(event);
        } catch (const Wrong& wrong) {
          throw Wrong(name_of(event) + ": " + wrong.what());
        }
      }
    };
    each([&](icalcomponent* event) { note_stand_in(event); });
    each([&](icalcomponent* event) { read_event(event, out); });
  }

  bool found_events() const { return !events_.empty(); }

 private:
  struct Length {
    Seconds by_clock{0};
    Seconds exactly{0};
  };

  // What a file defines is long, and read once.
  const ZoneName& zone_named(const char* tzid) const {
    const std::string name = tzid == nullptr ? "" : tzid;
    const auto known = zones_.find(name);
    if (known != zones_.end()) return known->second;
    return zones_.emplace(name, find_zone(tzid)).first->second;
  }

  ZoneName find_zone(const char* tzid) const {
    if (tzid == nullptr) {
      if (zone_.empty())
        throw Wrong("a time without a zone: add the zone of this calendar beside ics");
      return {zone_, {}};
    }
    if (base::Zone::named(tzid)) return {tzid, {}};
    icaltimezone* defined = icalcomponent_get_timezone(calendar_, tzid);
    icalcomponent* component = defined == nullptr ? nullptr : icaltimezone_get_component(defined);
    if (component != nullptr) {
      const std::unique_ptr<char, decltype(&icalmemory_free_buffer)> text(
          icalcomponent_as_ical_string_r(component), &icalmemory_free_buffer);
      ZoneName zone{{}, text.get()};
      if (const auto problem = base::problem_of_definition(zone.definition, steps_)) {
        throw Wrong("VTIMEZONE " + text_of(tzid) + ": " + *problem);
      }
      return zone;
    }
    throw Wrong((base::Zone::has_database()
                     ? "expected a time zone that this system or the file knows, got \""
                     : std::string(base::Zone::kNoDatabase) + "; the file does not define \"") +
                text_of(tzid) + "\"");
  }

  Time time_of(const icaltimetype& value, icalproperty* property) const {
    if (icaltime_is_null_time(value) || icaltime_is_valid_time(value) == 0) {
      throw Wrong("expected a time, got \"" + text_of(icalproperty_get_value_as_string(property)) +
                  "\"");
    }
    Time time;
    time.wall = WallTime(Seconds(icaltime_as_timet(value)));
    time.is_date = value.is_date != 0;
    if (icaltime_is_utc(value) != 0) return time;
    icalparameter* tzid = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    time.zone = zone_named(tzid == nullptr ? nullptr : icalparameter_get_tzid(tzid));
    return time;
  }

  Time start_of(icalcomponent* event) const {
    icalproperty* property = icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY);
    if (property == nullptr) throw Wrong("expected DTSTART");
    return time_of(icalproperty_get_dtstart(property), property);
  }

  Length length_of(icalcomponent* event, const Time& start) const {
    Length length;
    if (auto* end = icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY)) {
      const Time time = time_of(icalproperty_get_dtend(end), end);
      if (start.is_date) {
        length.by_clock = time.wall - start.wall;
      } else {
        length.exactly = time.to_utc() - start.to_utc();
      }
    } else if (auto* lasts = icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY)) {
      const icaldurationtype value = icalproperty_get_duration(lasts);
      if (value.is_neg != 0) throw Wrong("expected a DURATION that is not negative");
      length.by_clock = std::chrono::weeks(value.weeks) + std::chrono::days(value.days);
      length.exactly = std::chrono::hours(value.hours) + std::chrono::minutes(value.minutes) +
                       Seconds(value.seconds);
    } else if (start.is_date) {
      length.by_clock = std::chrono::days(1);
    }
    if (length.by_clock + length.exactly <= Seconds(0)) {
      throw Wrong("expected DTEND after DTSTART, or DURATION");
    }
    return length;
  }

  static Window window_at(const Time& start, const Length& length) {
    const auto zone = start.zone.find();
    return {zone->to_utc(start.wall), zone->to_utc(start.wall + length.by_clock) + length.exactly};
  }

  // An event with RECURRENCE-ID takes one time of its series away, and is a window of its own.
  void note_stand_in(icalcomponent* event) {
    auto* property = icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY);
    if (property == nullptr) return;
    const Time time = time_of(icalproperty_get_recurrenceid(property), property);
    instead_[icalcomponent_get_uid(event) == nullptr ? "" : icalcomponent_get_uid(event)].push_back(
        time.to_utc());
  }

  std::vector<TimePoint> exceptions_of(icalcomponent* event, const Time& start) const {
    std::vector<TimePoint> except;
    const char* uid = icalcomponent_get_uid(event);
    if (const auto instead = instead_.find(uid == nullptr ? "" : uid); instead != instead_.end()) {
      except = instead->second;
    }
    for_each_property(event, ICAL_EXDATE_PROPERTY, [&](icalproperty* property) {
      const icaltimetype value = icalproperty_get_exdate(property);
      Time time = value.is_date != 0
                      ? Time{WallTime(Seconds(icaltime_as_timet(value))), start.zone, true}
                      : time_of(value, property);
      if (time.is_date) time.wall += start.wall - std::chrono::floor<std::chrono::days>(start.wall);
      except.push_back(time.to_utc());
    });
    return except;
  }

  void read_event(icalcomponent* event, Calendar& out) const {
    check_errors(event);
    if (icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED) return;
    const Time start = start_of(event);
    const Length length = length_of(event, start);
    if (icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY) != nullptr) {
      out.windows.push_back(window_at(start, length));
      return;
    }
    std::vector<TimePoint> except = exceptions_of(event, start);
    std::sort(except.begin(), except.end());
    const auto add = [&](const Window& window) {
      if (!std::binary_search(except.begin(), except.end(), window.start)) {
        out.windows.push_back(window);
      }
    };
    bool recurs = false;
    for_each_property(event, ICAL_RRULE_PROPERTY, [&](icalproperty* property) {
      recurs = true;
      Recurrence recurrence{start.wall,
                            start.zone,
                            length.by_clock,
                            length.exactly,
                            icalproperty_get_value_as_string(property),
                            except};
      if (length.by_clock + length.exactly > Recurrence::kLongest) {
        throw Wrong("expected a window that recurs to last at most 31 days");
      }
      auto problem = base::problem_of(recurrence);
      if (!problem) problem = base::problem_of_cost(recurrence, steps_);
      if (problem) throw Wrong("RRULE: " + *problem);
      out.recurrences.push_back(std::move(recurrence));
    });
    if (!recurs) add(window_at(start, length));
    for_each_property(event, ICAL_RDATE_PROPERTY, [&](icalproperty* property) {
      const icaldatetimeperiodtype value = icalproperty_get_rdate(property);
      if (icaltime_is_null_time(value.time)) throw Wrong("expected an RDATE without a period");
      add(window_at(time_of(value.time, property), length));
    });
  }

  // What libical could not read it takes away, and leaves a note. Only the words that say when
  // matter here: exporters write empty descriptions.
  static void check_errors(icalcomponent* event) {
    constexpr std::array<std::string_view, 6> kWhen = {"DTSTART", "DTEND",  "DURATION",
                                                       "RRULE",   "EXDATE", "RDATE"};
    for_each_property(event, ICAL_XLICERROR_PROPERTY, [&](icalproperty* property) {
      const std::string note = text_of(icalproperty_get_xlicerror(property));
      for (const std::string_view word : kWhen) {
        if (note.find(word) != std::string::npos) {
          throw Wrong("expected a " + std::string(word) + " that RFC 5545 allows (" + note + ")");
        }
      }
    });
  }

  icalcomponent* calendar_;
  const std::string& zone_;
  base::Steps& steps_;
  mutable std::map<std::string, ZoneName, std::less<>> zones_;  // found before, by TZID
  std::vector<icalcomponent*> events_;
  std::unordered_map<std::string, std::vector<TimePoint>> instead_;  // by UID
};

}  // namespace

base::Result<Calendar> read_calendar(std::string_view text, const std::string& zone,
                                     base::Steps& steps) {
  if (text.size() > kLargestCalendar) return base::Error{"expected a calendar of at most 1 MiB"};
  const ComponentPtr root(icalparser_parse_string(std::string(text).c_str()), &icalcomponent_free);
  Calendar calendar;
  bool any = false;
  try {
    const auto read = [&](icalcomponent* component) {
      Reader reader(component, zone, steps);
      reader.read(calendar);
      any = any || reader.found_events();
    };
    if (root && icalcomponent_isa(root.get()) == ICAL_VCALENDAR_COMPONENT) {
      read(root.get());
    } else if (root) {
      for (icalcomponent* one =
               icalcomponent_get_first_component(root.get(), ICAL_VCALENDAR_COMPONENT);
           one != nullptr;
           one = icalcomponent_get_next_component(root.get(), ICAL_VCALENDAR_COMPONENT)) {
        read(one);
      }
    }
  } catch (const Wrong& wrong) {
    return base::Error{wrong.what()};
  }
  if (!any) return base::Error{"expected an iCalendar file with at least one VEVENT"};
  return calendar;
}

}  // namespace intermission::catalog
