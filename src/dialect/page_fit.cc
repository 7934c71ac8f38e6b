#include "dialect/page_fit.h"

#include "base/text.h"

namespace intermission::dialect {
namespace {

using http::Field;

const Field kSecChPrefersColorScheme = http::named_field("Sec-CH-Prefers-Color-Scheme");
const Field kSecChPrefersReducedMotion = http::named_field("Sec-CH-Prefers-Reduced-Motion");
const Field kSecChUa = http::named_field("Sec-CH-UA");
const Field kSecChUaMobile = http::named_field("Sec-CH-UA-Mobile");
const Field kSecChViewportWidth = http::named_field("Sec-CH-Viewport-Width");

// Where themes begin to use the room of a wide window, in CSS pixels.
constexpr std::uint64_t kWide = 768;

// sf-string or sf-token (RFC 8941 §3.3): browsers send these hints quoted.
std::string_view unquoted(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
    value = value.substr(1, value.size() - 2);
  }
  return value;
}

// Sec-CH-UA is a list of brands, each quoted, in an order that changes with the release.
bool is_chromium(RequestEvidence& evidence) {
  constexpr std::string_view kBrand = "Chromium\"";
  const std::string_view brands = evidence.value(kSecChUa);
  const auto at = brands.find(kBrand);
  return at != std::string_view::npos && at > 0 && brands[at - 1] == '"';
}

bool is_narrow(RequestEvidence& evidence) {
  if (const auto width = base::parse_number(evidence.value(kSecChViewportWidth))) {
    return *width < kWide;
  }
  return evidence.value(kSecChUaMobile) == "?1";
}

}  // namespace

page::Fit fit_page(RequestEvidence& evidence) {
  page::Fit fit;
  const std::string_view scheme = unquoted(evidence.value(kSecChPrefersColorScheme));
  if (scheme == "light") fit.scheme = page::Fit::Scheme::kLight;
  if (scheme == "dark") fit.scheme = page::Fit::Scheme::kDark;
  fit.still = unquoted(evidence.value(kSecChPrefersReducedMotion)) == "reduce";
  fit.narrow = is_narrow(evidence);
  fit.chromium = is_chromium(evidence);
  fit.posted = evidence.method_class() != kRead;
  return fit;
}

}  // namespace intermission::dialect
