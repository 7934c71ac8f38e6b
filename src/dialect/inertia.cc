// Inertia (inertiajs.com, "The protocol"). To an answer that is not Inertia's it opens a dialog
// with what came. 409 with X-Inertia-Location makes it leave the application for that URL, which is
// how servers move it to a new version: here it moves to the maintenance page, and from there back.
//
// A request that changes something is answered by the dialog: leaving the page would lose what was
// typed, and its user would not know whether the change was made.
#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/minimal.h"

namespace intermission::dialect::inertia {
namespace {

using http::Field;

const Field kXInertia = http::named_field("X-Inertia");

enum Form : std::uint8_t { kLocation, kDialog };  // places in render()'s list

Claim recognise(RequestEvidence& evidence) {
  if (!base::iequals(evidence.value(kXInertia), "true")) return {};
  if (evidence.method_class() == kRead && !evidence.request().authority().empty()) {
    return {.strength = Claim::Strength::kSure,
            .favours = kLocation,
            .why = "X-Inertia is given, and a page is asked for"};
  }
  return {.strength = Claim::Strength::kSure,
          .favours = kDialog,
          .why = "X-Inertia is given, and something is sent"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  Representation dialog;
  dialog.media_type = "text/html";
  dialog.content_type = "text/html; charset=utf-8";
  dialog.body = minimal_page(notice, false);
  dialog.fields = minimal_page_fields(dialog.body);
  Representation location = dialog;
  location.status = 409;
  return {location, dialog};
}

// A router need not say that it speaks TLS to the client; the page that asks for another of its own
// host does.
std::string_view scheme_of(RequestEvidence& evidence) {
  constexpr std::string_view kTls = "https://";
  std::string_view from = evidence.value(Field::kReferer);
  if (!from.starts_with(kTls)) return evidence.scheme();
  from.remove_prefix(kTls.size());
  const std::string_view authority = from.substr(0, from.find_first_of("/?#"));
  return base::iequals(authority, evidence.request().authority()) ? "https" : evidence.scheme();
}

Repeated repeat(RequestEvidence& evidence, const page::Notice&, const Representation& said,
                const Claim&) {
  if (said.status != 409) return {};
  const http::Request& request = evidence.request();
  std::string url = std::string(scheme_of(evidence)) + "://";
  url.append(request.authority()).append(request.path());
  if (!request.query().empty()) url.append("?").append(request.query());
  Repeated repeated;
  repeated.fields.add("X-Inertia-Location", url);
  return repeated;
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "inertia",
    .speaks_to = "applications with Inertia",
    .known_by = "X-Inertia: true",
    .triggers = {{.fields = {kXInertia}}},
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
};

}  // namespace intermission::dialect::inertia
