// CORS preflights (Fetch §4.8): a browser asks whether a script may send its real request. Yes,
// whatever it is: only then does the script see the real answer, with its status and its wait. A
// 503 here would show it status 0 and nothing else. Nothing is remembered, so that the service
// is asked itself once it is back.
#include "dialect/preflight.h"

#include "dialect/dialect.h"
#include "http/media_type.h"
#include "http/response.h"

namespace intermission::dialect {
namespace {

using http::Field;

Claim recognise(Clues& clues) {
  if (!is_preflight(clues)) return {};
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = "it is a CORS preflight"};
}

std::vector<Representation> render(const Notice&, const catalog::Service&) {
  Representation permission;
  permission.status = 204;
  permission.fields =
      "Access-Control-Allow-Credentials: true\r\n"
      "Access-Control-Max-Age: 0\r\n";
  permission.may_be_coded = false;
  permission.bare = true;
  return {permission};
}

// A list header may come on several lines; the browser sends one, and answers go to browsers.
Repeated repeat(Clues& clues, const Notice&, const Representation&) {
  Repeated echo;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) http::append_field(echo.fields, name, value);
  };
  add("Access-Control-Allow-Origin", clues.value(Field::kOrigin));
  add("Access-Control-Allow-Methods", clues.value(Field::kAccessControlRequestMethod));
  add("Access-Control-Allow-Headers", clues.value(Field::kAccessControlRequestHeaders));
  return echo;
}

}  // namespace

bool is_preflight(Clues& clues) {
  return clues.method_class() == kOptions && clues.has(Field::kOrigin) &&
         http::is_token(clues.value(Field::kAccessControlRequestMethod));
}

extern const Dialect kPreflight;
const Dialect kPreflight = {
    .name = "preflight",
    .speaks_to = "browsers that ask first whether a script may call",
    .known_by = "OPTIONS with Origin and Access-Control-Request-Method",
    .asked = {{.methods = kOptions, .fields = {Field::kAccessControlRequestMethod}}},
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
};

}  // namespace intermission::dialect
