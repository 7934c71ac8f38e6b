#include "base/zone.h"

#include <libical/ical.h>
#include <libical/icaltz-util.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <unordered_map>

#include "base/mutex.h"
#include "base/text.h"

namespace intermission::base {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kMostDefined = 64;
constexpr std::chrono::days kDay{1};

// The name becomes a path below the database's folder and must not lead out of it.
bool is_zone_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && name.front() != '/' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return is_alpha(c) || is_digit(c) || c == '/' || c == '_' || c == '-' || c == '+';
         });
}

struct Known {
  Mutex mutex;
  std::unordered_map<std::string, Zone> zones GUARDED_BY(mutex);
  std::unordered_map<std::string, Zone> defined GUARDED_BY(mutex);  // by their whole text
};

Known& known() {
  static Known zones;
  return zones;
}

}  // namespace

struct Zone::Rules {
  // Takes `component` over. Nothing of it is left where it is no time zone.
  static std::shared_ptr<Rules> from(icalcomponent* component) {
    if (component == nullptr) return nullptr;
    auto rules = std::make_shared<Rules>();
    if (icaltimezone_set_component(rules->zone, component) == 1) return rules;
    icalcomponent_free(component);
    return nullptr;
  }

  Rules() = default;
  ~Rules() { icaltimezone_free(zone, 1); }
  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;

  Mutex mutex;  // libical works out the changes of a zone year by year, while it is asked
  icaltimezone* zone = icaltimezone_new();
};

std::optional<Zone> Zone::named(const std::string& name) {
  if (!is_zone_name(name)) return {};
  const MutexLock lock(known().mutex);
  if (const auto zone = known().zones.find(name); zone != known().zones.end()) return zone->second;
  Zone zone;
  zone.rules_ = Rules::from(icaltzutil_fetch_timezone(name.c_str()));
  if (!zone.rules_) return {};
  known().zones.emplace(name, zone);
  return zone;
}

// Where libical looks, and the file by which it knows the right folder.
bool Zone::has_database(const std::filesystem::path& root) {
  constexpr std::array kFolders = {"usr/share/zoneinfo", "usr/lib/zoneinfo", "etc/zoneinfo",
                                   "usr/share/lib/zoneinfo"};
  return std::ranges::any_of(kFolders, [&](const char* folder) {
    std::error_code unreadable;
    return std::filesystem::exists(root / folder / "zone.tab", unreadable);
  });
}

std::optional<Zone> Zone::defined(const std::string& vtimezone) {
  const MutexLock lock(known().mutex);
  auto& defined = known().defined;
  if (const auto zone = defined.find(vtimezone); zone != defined.end()) return zone->second;
  const auto zone = read_definition(vtimezone);
  if (!zone) return {};
  // A user of a zone that is forgotten here keeps its copy, or reads it again.
  if (defined.size() >= kMostDefined) defined.clear();
  defined.emplace(vtimezone, *zone);
  return zone;
}

std::optional<Zone> Zone::read_definition(const std::string& vtimezone) {
  icalcomponent* component = icalparser_parse_string(vtimezone.c_str());
  if (component != nullptr && icalcomponent_isa(component) != ICAL_VTIMEZONE_COMPONENT) {
    icalcomponent_free(component);
    return {};
  }
  Zone zone;
  zone.rules_ = Rules::from(component);
  if (!zone.rules_) return {};
  return zone;
}

Seconds Zone::offset_at(TimePoint time) const {
  if (!rules_) return Seconds(0);
  const MutexLock lock(rules_->mutex);
  icaltimetype moment = icaltime_from_timet_with_zone(time.time_since_epoch().count(), 0,
                                                      icaltimezone_get_utc_timezone());
  return Seconds(icaltimezone_get_utc_offset_of_utc_time(rules_->zone, &moment, nullptr));
}

TimePoint Zone::to_utc(WallTime wall) const {
  const TimePoint as_utc(wall.time_since_epoch());
  // The offsets on both sides of a change, if there is one near.
  const Seconds before = offset_at(as_utc - kDay);
  if (offset_at(as_utc - before) == before) return as_utc - before;
  const Seconds after = offset_at(as_utc + kDay);
  if (offset_at(as_utc - after) == after) return as_utc - after;
  return as_utc - before;
}

WallTime Zone::to_wall(TimePoint time) const {
  return WallTime((time + offset_at(time)).time_since_epoch());
}

}  // namespace intermission::base
