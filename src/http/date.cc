#include "http/date.h"

#include <fmt/format.h>

#include "base/text.h"

namespace intermission::http {
namespace {

// Years of four digits: no other can be written in any of these forms.
constexpr base::TimePoint kFirst = std::chrono::sys_days{std::chrono::year{0} / 1 / 1};
constexpr base::TimePoint kEnd = std::chrono::sys_days{std::chrono::year{10000} / 1 / 1};

struct Civil {
  std::chrono::year_month_day date;
  std::chrono::weekday weekday;
  std::chrono::hh_mm_ss<base::Seconds> time;
};

Civil civil(base::TimePoint time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  return {day, std::chrono::weekday(day), std::chrono::hh_mm_ss<base::Seconds>(time - day)};
}

// Takes exactly `digits` digits off the front; -1 if they are not there.
int take(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return -1;
  const auto number = base::parse_number(text.substr(0, digits));
  text.remove_prefix(digits);
  return number ? static_cast<int>(*number) : -1;
}

bool skip(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// time-offset = "Z" / time-numoffset, the whole of what is left
std::optional<std::chrono::minutes> parse_offset(std::string_view text) {
  if (text == "Z" || text == "z") return std::chrono::minutes{0};
  const bool west = text.starts_with('-');
  if (!skip(text, "+-")) return {};
  const int hours = take(text, 2);
  if (!skip(text, ":")) return {};
  const int minutes = take(text, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || !text.empty()) return {};
  const std::chrono::minutes offset{hours * 60 + minutes};
  return west ? -offset : offset;
}

}  // namespace

std::string imf_fixdate(base::TimePoint time) {
  static constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Civil at = civil(time);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[at.weekday.c_encoding()],
                     static_cast<unsigned>(at.date.day()),
                     kMonths[static_cast<unsigned>(at.date.month()) - 1],
                     static_cast<int>(at.date.year()), at.time.hours().count(),
                     at.time.minutes().count(), at.time.seconds().count());
}

std::string rfc3339(base::TimePoint time) {
  const Civil at = civil(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(at.date.year()),
                     static_cast<unsigned>(at.date.month()), static_cast<unsigned>(at.date.day()),
                     at.time.hours().count(), at.time.minutes().count(), at.time.seconds().count());
}

std::optional<base::TimePoint> parse_rfc3339(std::string_view text) {
  const int year = take(text, 4);
  if (!skip(text, "-")) return {};
  const int month = take(text, 2);
  if (!skip(text, "-")) return {};
  const int day = take(text, 2);
  if (!skip(text, "Tt ")) return {};
  const int hour = take(text, 2);
  if (!skip(text, ":")) return {};
  const int minute = take(text, 2);
  if (!skip(text, ":")) return {};
  const int second = take(text, 2);
  if (skip(text, ".")) {
    const auto digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos) return {};
    text.remove_prefix(digits);
  }
  const auto offset = parse_offset(text);
  if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0 || !offset)
    return {};
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return {};
  const base::TimePoint time = std::chrono::sys_days{date} + std::chrono::hours{hour} +
                               std::chrono::minutes{minute} + base::Seconds{second} - *offset;
  if (time < kFirst || time >= kEnd) return {};
  return time;
}

}  // namespace intermission::http
