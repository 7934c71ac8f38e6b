#include "dialect/page_fit.h"

#include "base/text.h"

namespace intermission::dialect {
namespace {

using http::Field;

// Where themes begin to use the room of a wide window, in CSS pixels.
constexpr std::uint64_t kWide = 768;

// sf-string or sf-token (RFC 8941 §3.3): browsers send these hints quoted.
std::string_view unquoted(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
    value = value.substr(1, value.size() - 2);
  }
  return value;
}

bool is_narrow(Clues& clues) {
  if (const auto width = base::parse_number(clues.value(Field::kSecChViewportWidth))) {
    return *width < kWide;
  }
  return clues.value(Field::kSecChUaMobile) == "?1";
}

}  // namespace

Fit fit_page(Clues& clues) {
  Fit fit;
  const std::string_view scheme = unquoted(clues.value(Field::kSecChPrefersColorScheme));
  if (scheme == "light") fit.scheme = Fit::Scheme::kLight;
  if (scheme == "dark") fit.scheme = Fit::Scheme::kDark;
  fit.still = unquoted(clues.value(Field::kSecChPrefersReducedMotion)) == "reduce";
  fit.narrow = is_narrow(clues);
  fit.chromium = clues.value(Field::kSecChUa).find("\"Chromium\"") != std::string_view::npos;
  fit.posted = clues.method() != "GET" && clues.method() != "HEAD";
  return fit;
}

}  // namespace intermission::dialect
