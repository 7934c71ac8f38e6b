#include "dialect/html.h"

#include "base/text.h"

namespace intermission::dialect {
namespace {

using http::Field;

const Field kSaveData = http::named_field("Save-Data");

// Browsers name text/html before all data; programs that would rather have JSON name that first.
bool names_json_first(const negotiate::Accept& accept, int weight_of_html) {
  std::string_view first;
  accept.each_named([&](std::string_view range) {
    const auto type = http::parse_media_type(range);
    if (first.empty() && type && (type->is_json() || type->is("text/html"))) first = range;
  });
  return !base::iequals(first.substr(0, first.find(';')), "text/html") &&
         accept.weight_of(first).weight >= weight_of_html;
}

}  // namespace

// Sec-Fetch-Mode is sent by browsers only, and by all of them over HTTPS; without it a client
// is a browser if its Accept names text/html itself. A wildcard alone never means HTML. A
// script that fetches may ask for HTML too, but is not favoured for it.
Claim claim_html(RequestEvidence& evidence) {
  Claim claim;
  const std::string_view mode = evidence.value(Field::kSecFetchMode);
  if (mode == "navigate") {
    claim.strength = Claim::Strength::kOffers;
    claim.favours = 0;
    claim.why = "Sec-Fetch-Mode is navigate";
    return claim;
  }
  const auto html = evidence.accept().weight_of("text/html");
  if (!html.named || html.weight <= 0) return claim;
  claim.strength = Claim::Strength::kOffers;
  if (mode.empty() && !names_json_first(evidence.accept(), html.weight)) claim.favours = 0;
  claim.why = "Accept names text/html";
  return claim;
}

bool wants_little(RequestEvidence& evidence) {
  if (base::iequals(evidence.value(kSaveData), "on")) return true;
  const std::string_view dest = evidence.value(Field::kSecFetchDest);
  return dest == "iframe" || dest == "frame" || dest == "fencedframe" || dest == "object" ||
         dest == "embed";
}

}  // namespace intermission::dialect
