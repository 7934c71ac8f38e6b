#include "http/url_fields.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace intermission::http {
namespace {

struct UrlField {
  std::string_view name;
  UrlPart part;
};

constexpr UrlField kUrlFields[] = {
    {"Destination", UrlPart::kUrl},  // WebDAV's MOVE and COPY
    {"Request-Uri", UrlPart::kUrl},
    {"Script-Name", UrlPart::kPrefix},
    {"X-CF-Forwarded-Url", UrlPart::kUrl},
    {"X-Envoy-Original-Path", UrlPart::kUrl},
    {"X-Forwarded-Base-Path", UrlPart::kPrefix},
    {"X-Forwarded-Context", UrlPart::kPrefix},
    {"X-Forwarded-Host", UrlPart::kHost},
    {"X-Forwarded-Path", UrlPart::kUrlOrPrefix},  // Kong: the whole; others: what was cut off
    {"X-Forwarded-PathBase", UrlPart::kPrefix},
    {"X-Forwarded-Prefix", UrlPart::kPrefix},  // Traefik's StripPrefix, Spring
    {"X-Forwarded-Script-Name", UrlPart::kPrefix},
    {"X-Forwarded-Uri", UrlPart::kUrl},
    {"X-Forwarded-Url", UrlPart::kUrl},
    {"X-Host", UrlPart::kHost},
    {"X-HTTP-Host-Override", UrlPart::kHost},
    {"X-Invoke-Path", UrlPart::kUrl},
    {"X-Matched-Path", UrlPart::kUrl},
    {"X-Original-Host", UrlPart::kHost},
    {"X-Original-Path", UrlPart::kUrl},
    {"X-Original-Prefix", UrlPart::kPrefix},
    {"X-Original-URI", UrlPart::kUrl},
    {"X-Original-URL", UrlPart::kUrl},
    {"X-Replaced-Path", UrlPart::kUrl},  // Traefik's ReplacePath
    {"X-Request-Uri", UrlPart::kUrl},
    {"X-Rewrite-URL", UrlPart::kUrl},  // IIS
    {"X-Script-Name", UrlPart::kPrefix},
    {"X-Waws-Unencoded-Url", UrlPart::kUrl},
};

}  // namespace

bool is_same_variable(std::string_view a, std::string_view b) {
  const auto fold = [](char c) { return c == '_' || c == '.' ? '-' : base::ascii_lower(c); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return fold(x) == fold(y); });
}

UrlPart part_told_by(std::string_view name) {
  // Most fields of a request begin with another letter.
  if (name.empty() || std::string_view("XxDdRrSs").find(name[0]) == std::string_view::npos) {
    return UrlPart::kNone;
  }
  const auto* found =
      std::find_if(std::begin(kUrlFields), std::end(kUrlFields),
                   [&](const UrlField& field) { return is_same_variable(name, field.name); });
  return found == std::end(kUrlFields) ? UrlPart::kNone : found->part;
}

}  // namespace intermission::http
