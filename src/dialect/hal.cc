// HAL (draft-kelly-json-hal), which has no errors of its own: problem details under their own
// type, by which clients of HAL know that the body can be read.
#include "dialect/dialect.h"
#include "dialect/problem.h"

namespace intermission::dialect::hal {
namespace {

constexpr std::string_view kType = "application/hal+json";

Claim recognise(RequestEvidence& evidence) {
  Claim claim{.strength = Claim::Strength::kOffers, .why = "Accept names application/hal+json"};
  if (evidence.sends(kType)) {
    claim.favours = 0;
    claim.why = "the request's own content is HAL";
    return claim;
  }
  return evidence.accepts(kType) ? claim : Claim{};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  Representation said;
  said.media_type = kType;
  said.content_type = "application/problem+json";
  said.body = problem_json(notice);
  return {said};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "hal",
    .speaks_to = "HAL clients",
    .known_by = "Content-Type or Accept application/hal+json",
    .triggers = {{.methods = kRead, .accepts = {kType}},
                 {.methods = kAnyMethod ^ kRead, .content_types = {kType}, .accepts = {kType}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::hal
