// CORS preflights (Fetch §4.8): a browser asks whether a script may send its real request. Only
// after a yes does the script see the real answer, with its status and its wait; a no shows it
// status 0 and nothing else. But while a router has two targets, a yes of ours may send the real
// request to the application, so dialect/cors.h decides who gets one. Nothing is remembered, so
// that the service is asked itself once it is back.
#include "dialect/preflight.h"

#include "dialect/cors.h"
#include "dialect/dialect.h"
#include "dialect/text.h"
#include "http/media_type.h"

namespace intermission::dialect::preflight {
namespace {

using http::Field;

const Field kAccessControlRequestHeaders = http::named_field("Access-Control-Request-Headers");
const Field kAccessControlRequestMethod = http::named_field("Access-Control-Request-Method");

enum Form : std::size_t { kGranted, kNotGranted };

Claim claim(Form form, std::string_view why) {
  return {.strength = Claim::Strength::kSure, .favours = form, .why = why};
}

Claim recognise(RequestEvidence& evidence) {
  if (!is_preflight(evidence)) return {};
  switch (grant_for(evidence)) {
    case Grant::kSameSite:
      return claim(kGranted, "it is a CORS preflight from the same site");
    case Grant::kListed:
      return claim(kGranted, "it is a CORS preflight from an origin in cors.origins");
    case Grant::kNone:
      break;
  }
  return claim(kNotGranted,
               "it is a CORS preflight from another site, which cors.origins does not list");
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  Representation granted;
  granted.status = 204;
  granted.fields = "Access-Control-Max-Age: 0\r\n";
  granted.may_be_coded = false;
  granted.omit_maintenance_headers = true;
  Representation refused = plain_text(notice);
  refused.may_be_coded = false;
  return {granted, refused};
}

// A list header may come on several lines; the browser sends one, and answers go to browsers.
Repeated repeat(RequestEvidence& evidence, const page::Notice&, const Representation& said,
                const Claim&) {
  Repeated echo;
  if (!said.omit_maintenance_headers) return echo;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) echo.fields.add(name, value);
  };
  const std::string_view origin = evidence.value(Field::kOrigin);
  add("Access-Control-Allow-Origin", origin);
  if (may_send_credentials(evidence.service().cors, origin)) {
    add("Access-Control-Allow-Credentials", "true");
  }
  add("Access-Control-Allow-Methods", evidence.value(kAccessControlRequestMethod));
  add("Access-Control-Allow-Headers", evidence.value(kAccessControlRequestHeaders));
  return echo;
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "preflight",
    .speaks_to = "preflight requests of browsers (CORS)",
    .known_by = "OPTIONS with Origin and Access-Control-Request-Method",
    .triggers = {{.methods = kOptions, .fields = {kAccessControlRequestMethod}}},
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
};

}  // namespace intermission::dialect::preflight

namespace intermission::dialect {

bool is_preflight(RequestEvidence& evidence) {
  return evidence.method_class() == kOptions && evidence.has(http::Field::kOrigin) &&
         http::is_token(evidence.value(preflight::kAccessControlRequestMethod));
}

}  // namespace intermission::dialect
