// Registries of container images (OCI Distribution Specification §"Error codes"): docker, oras,
// helm and others show the message of each error of a list. The members of the problem stand beside
// it, for a service that has such paths and is none.
//
// The media types of images are evidence. The paths are only a hint, and only those that the
// specification has: /v2/orders is no registry's.
#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/path_evidence.h"
#include "dialect/problem.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::oci {
namespace {

const Names kTypes = {"application/vnd.oci.image.manifest.v1+json",
                      "application/vnd.oci.image.index.v1+json",
                      "application/vnd.docker.distribution.manifest.v2+json",
                      "application/vnd.docker.distribution.manifest.list.v2+json"};

bool is_image_type(std::string_view type) {
  return base::istarts_with(type, "application/vnd.oci.") ||
         base::istarts_with(type, "application/vnd.docker.");
}

bool names_image(RequestEvidence& evidence) {
  const auto& type = evidence.content_type();
  if (type && is_image_type(type->whole)) return true;
  bool named = false;
  evidence.accept().each_named(
      [&](std::string_view range) { named = named || is_image_type(range); });
  return named;
}

// /v2/, /v2/_catalog, and behind the name of a repository: its manifests, blobs, tags, referrers.
bool is_registry_path(std::string_view path) {
  if (path == "/v2/" || path == "/v2" || path == "/v2/_catalog") return true;
  if (!path.starts_with("/v2/")) return false;
  const std::string_view rest = path.substr(4);
  const auto holds = [&](std::string_view part) {
    const auto at = rest.find(part);
    return at != std::string_view::npos && at > 0;
  };
  return holds("/manifests/") || holds("/blobs/") || holds("/referrers/") ||
         (holds("/tags/list") && rest.ends_with("/tags/list"));
}

// What a token is asked for: ?service=registry&scope=repository:shop/orders:pull
bool asks_token(std::string_view query) {
  const std::string_view scope = http::query_value(query, "scope").value_or("");
  return scope.starts_with("repository:") || base::istarts_with(scope, "repository%3A");
}

Claim recognise(RequestEvidence& evidence) {
  if (names_image(evidence)) {
    return {.strength = Claim::Strength::kSure,
            .favours = 0,
            .why = "Accept or Content-Type names a type of container images"};
  }
  const http::Request& request = evidence.request();
  const bool is_path = is_registry_path(request.path());
  if (!is_path && !asks_token(request.query())) return {};
  if (!leaves_form_to_path(evidence, {"application/json"})) return {};
  return {.strength = Claim::Strength::kOffers,
          .favours = 0,
          .why = is_path ? "the path is one of a registry of images"
                         : "the query asks for the token of a repository"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  JsonObject errors;
  errors.open_list("errors").open_item();
  errors.text("code", "UNAVAILABLE").text("message", page::spoken_text(notice));
  errors.close().close_list();
  Representation said = extended_problem(notice, errors);
  said.fields = "Docker-Distribution-Api-Version: registry/2.0\r\n";
  return {said};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "oci",
    .speaks_to = "clients of container registries: docker, skopeo, oras, helm",
    .known_by =
        "Accept or Content-Type application/vnd.oci.… or application/vnd.docker.…; paths of a "
        "registry such as /v2/ and /v2/…/manifests/…",
    .triggers = {{.accepts = kTypes, .first_segments = {"v2"}, .parameters = {"scope"}},
                 {.methods = kWrite, .content_types = kTypes}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::oci
