// SCIM (RFC 7644 §3.12), which directories provision users and groups with: an error whose status
// is a text, and whose detail its operators read. Under application/json too: older clients accept
// nothing else.
#include <algorithm>

#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/path_evidence.h"
#include "page/words.h"

namespace intermission::dialect::scim {
namespace {

constexpr std::string_view kType = "application/scim+json";
constexpr std::string_view kJson = "application/json";

// RFC 7644 §3.2.
const Names kEndpoints = {"Users",
                          "Groups",
                          "Me",
                          "Bulk",
                          "Schemas",
                          "ResourceTypes",
                          "ServiceProviderConfig",
                          "ServiceProviderConfigs"};

bool names_endpoint(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    if (std::find(kEndpoints.begin(), kEndpoints.end(), path.substr(0, end)) != kEndpoints.end()) {
      return true;
    }
    path.remove_prefix(end);
  }
  return false;
}

// /scim/v2/Users/7, /api/scim/v2/Groups/7, /tenants/a/scim/v2/Users
bool is_path(std::string_view path) {
  const auto scim = path.find("/scim/");
  return scim != std::string_view::npos && names_endpoint(path.substr(scim + 5));
}

Claim offers(std::string_view why) {
  return {.strength = Claim::Strength::kOffers, .favours = 0, .why = why};
}

Claim recognise(RequestEvidence& evidence) {
  if (evidence.sends(kType)) return offers("the request's own content is SCIM");
  if (evidence.accepts(kType)) return offers("Accept names application/scim+json");
  if (!is_path(evidence.request().path()) || !leaves_form_to_path(evidence, {kType, kJson}))
    return {};
  return offers("the path is one of SCIM");
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  JsonObject error;
  error.open_list("schemas").item("urn:ietf:params:scim:api:messages:2.0:Error").close_list();
  error.text("status", "503").text("detail", page::spoken_text(notice));
  std::vector<Representation> said(2);
  said[0].media_type = said[0].content_type = kType;
  said[1].media_type = said[1].content_type = kJson;
  said[0].body = said[1].body = error.finish();
  return said;
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "scim",
    .speaks_to = "directories that provision users with SCIM",
    .known_by = "Content-Type or Accept application/scim+json; paths such as /scim/v2/Users",
    .triggers = {{.accepts = {kType},
                  .last_segments = kEndpoints,
                  .first_segments = {"scim", "api"}},
                 {.methods = kAnyMethod ^ kRead, .content_types = {kType}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::scim
