#include "dialect/html.h"

#include "base/text.h"

namespace intermission::dialect {
namespace {

using http::Field;

const Field kSaveData = http::named_field("Save-Data");

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
  if (mode.empty()) claim.favours = 0;
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
