#include "dialect/cors.h"

#include <algorithm>

#include "http/told_scheme.h"
#include "http/web_origin.h"

namespace intermission::dialect {
namespace {

using http::Field;

// A page in the clear can be forged by anybody on its network, so it is not of the site that TLS
// protects. Where no router tells the scheme, http is taken for the same only if the browser does
// not say otherwise: it writes Sec-Fetch-Site for every URL that TLS protects.
bool is_same_scheme(RequestEvidence& evidence, std::string_view scheme) {
  if (scheme != "https" && scheme != "http") return false;
  if (!evidence.is_passed_on()) return !evidence.request().is_secure() || scheme == "https";
  evidence.consult(http::kSchemeFields);
  const http::ToldScheme told = http::told_scheme(evidence.request());
  if (told == http::ToldScheme::kUnknown) return true;
  return (told == http::ToldScheme::kHttps) == (scheme == "https");
}

// The browser's own list of public suffixes may be newer than ours.
bool does_browser_agree(RequestEvidence& evidence) {
  if (!evidence.has(Field::kSecFetchSite)) return true;
  const std::string_view site = evidence.value(Field::kSecFetchSite);
  return site == "same-site" || site == "same-origin";
}

bool is_of_same_site(RequestEvidence& evidence, std::string_view text) {
  const auto origin = http::parse_web_origin(text);
  return origin && http::is_same_site(origin->host, evidence.request().host()) &&
         is_same_scheme(evidence, origin->scheme) && does_browser_agree(evidence);
}

}  // namespace

bool is_listed(const catalog::Cors& cors, std::string_view origin) {
  return cors.any ||
         std::find(cors.origins.begin(), cors.origins.end(), origin) != cors.origins.end();
}

bool may_send_credentials(const catalog::Cors& cors, std::string_view origin) {
  return cors.credentials && !cors.any && is_listed(cors, origin);
}

Grant grant_for(RequestEvidence& evidence) {
  const http::FieldValues lines = evidence.values(Field::kOrigin);
  const auto first = lines.begin();
  if (first == lines.end() || std::next(first) != lines.end()) return Grant::kNone;
  const std::string_view origin = *first;
  if (is_listed(evidence.service().cors, origin)) return Grant::kListed;
  return is_of_same_site(evidence, origin) ? Grant::kSameSite : Grant::kNone;
}

}  // namespace intermission::dialect
