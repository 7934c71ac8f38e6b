#include "catalog/duration.h"

#include <array>
#include <cstdint>

#include "base/text.h"

namespace intermission::catalog {
namespace {

struct Unit {
  char letter;
  std::int64_t seconds;
};
constexpr std::array kUnits = {Unit{'d', 86'400}, Unit{'h', 3'600}, Unit{'m', 60}, Unit{'s', 1}};
constexpr std::size_t kMaxDigits = 8;

}  // namespace

std::optional<base::Seconds> parse_duration(std::string_view text) {
  std::int64_t factor = 1;
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.letter)) continue;
    factor = unit.seconds;
    text.remove_suffix(1);
    break;
  }
  const auto number = base::parse_number(text);
  if (!number || text.size() > kMaxDigits) return {};
  return base::Seconds{static_cast<std::int64_t>(*number) * factor};
}

std::string format_duration(base::Seconds duration) {
  const std::int64_t seconds = duration.count();
  for (const Unit& unit : kUnits) {
    if (seconds > 0 && seconds % unit.seconds == 0) {
      return std::to_string(seconds / unit.seconds) + unit.letter;
    }
  }
  return std::to_string(seconds) + "s";
}

}  // namespace intermission::catalog
