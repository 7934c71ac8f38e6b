// Time zones: what the clock on the wall shows, and when that is (RFC 5545 §3.6.5).
//
//   const auto berlin = Zone::named("Europe/Berlin");
//   berlin->to_utc(wall clock 2026-03-29T02:30:00)   // 01:30Z: shown by no clock, see below
//
// Zones come from the system's tz database (/usr/share/zoneinfo) or from a VTIMEZONE of a
// calendar file; libical reads both, and carries their rules on for ever.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"

namespace intermission::base {

/// What a clock on the wall shows, without saying where.
using WallTime = std::chrono::local_seconds;

/// A value; copies share what was read. Any thread.
class Zone {
 public:
  static Zone utc() { return {}; }
  /// An IANA name such as "Europe/Berlin". Nothing if the system has no zone of that name. What
  /// was read once is kept.
  static std::optional<Zone> named(const std::string& name);
  /// Whether the system has a tz database at all; images without one are common. `root` is where
  /// the files of the system are.
  static bool has_database(const std::filesystem::path& root = "/");
  /// For messages, where has_database() is false.
  static constexpr const char* kNoDatabase =
      "this system has no time zone data: install tzdata, or mount /usr/share/zoneinfo";
  /// A VTIMEZONE component as text. Nothing if it is none. Those read last are kept.
  static std::optional<Zone> defined(const std::string& vtimezone);

  /// As RFC 5545 §3.3.5 has it: a time that the clock shows twice is the first of the two; one
  /// that it leaps over is read by the clock before the leap.
  TimePoint to_utc(WallTime wall) const;
  WallTime to_wall(TimePoint time) const;

 private:
  struct Rules;

  static std::optional<Zone> read_definition(const std::string& vtimezone);
  Seconds offset_at(TimePoint time) const;

  std::shared_ptr<Rules> rules_;  // null: UTC
};

}  // namespace intermission::base
