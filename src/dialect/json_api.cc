// JSON:API (jsonapi.org/format/1.1, Errors): errors in its own type, whose parameters only stand
// for extensions and profiles, of which there are none.
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "page/words.h"

namespace intermission::dialect::json_api {
namespace {

constexpr std::string_view kType = "application/vnd.api+json";

Claim recognise(RequestEvidence& evidence) {
  Claim claim{.strength = Claim::Strength::kOffers, .why = "Accept names application/vnd.api+json"};
  if (evidence.sends(kType)) {
    claim.favours = 0;
    claim.why = "the request's own content is JSON:API";
    return claim;
  }
  return evidence.accepts(kType) ? claim : Claim{};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  JsonObject answer;
  answer.open_list("errors").open_item();
  answer.text("status", "503")
      .text("title", "Service Unavailable")
      .text("detail", page::spoken_text(notice));
  answer.open("meta").about(notice).close();
  answer.close().close_list();
  Representation said;
  said.media_type = said.content_type = kType;
  said.body = answer.finish();
  return {said};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "json_api",
    .speaks_to = "JSON:API clients",
    .known_by = "Content-Type or Accept application/vnd.api+json",
    .triggers = {{.methods = kRead, .accepts = {kType}},
                 {.methods = kAnyMethod ^ kRead, .content_types = {kType}, .accepts = {kType}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::json_api
