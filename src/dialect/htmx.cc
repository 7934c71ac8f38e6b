// htmx (htmx.org, "Request Headers" and "Response Headers"). Versions 1 and 2 drop what comes with
// a 503; version 4 puts it into the page. HX-Refresh makes all of them load the page that they are
// on anew, and the person meets the maintenance page.
//
// But only where that page is in maintenance itself. If it were not, one that asks for a part as
// soon as it is loaded would load itself anew for ever.
#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/minimal.h"
#include "http/target.h"
#include "page/fragment.h"

namespace intermission::dialect::htmx {
namespace {

using http::Field;

const Field kHxCurrentUrl = http::named_field("HX-Current-URL");
const Field kHxRequest = http::named_field("HX-Request");

enum Form : std::uint8_t { kRefresh, kFragment };  // places in render()'s list

// http://orders.example.com/orders/7?tab=2 → the host and the path
bool holds_page(RequestEvidence& evidence, std::string_view url) {
  const http::Target page = http::parse_target("GET", url);
  if (page.authority.empty() || !base::iequals(page.authority, evidence.request().authority())) {
    return false;
  }
  return evidence.holds_page(http::host_of(page.authority), page.path);
}

Claim recognise(RequestEvidence& evidence) {
  if (!base::iequals(evidence.value(kHxRequest), "true")) return {};
  const std::string_view page = evidence.value(kHxCurrentUrl);
  if (page.empty() || holds_page(evidence, page)) {
    return {.strength = Claim::Strength::kSure,
            .favours = kRefresh,
            .why = "HX-Request is given, and its page is in maintenance too"};
  }
  return {.strength = Claim::Strength::kSure,
          .favours = kFragment,
          .why = "HX-Request is given; its page is not in maintenance"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  Representation fragment;
  fragment.media_type = "text/html";
  fragment.content_type = "text/html; charset=utf-8";
  fragment.body = page::html_fragment(notice);
  fragment.fields = minimal_page_fields(fragment.body);
  Representation refresh = fragment;
  refresh.fields += "HX-Refresh: true\r\n";
  return {refresh, fragment};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "htmx",
    .speaks_to = "pages with htmx",
    .known_by = "HX-Request: true",
    .triggers = {{.fields = {kHxRequest}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::htmx
