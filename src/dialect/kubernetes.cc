// The API of Kubernetes (kubernetes.io/docs/reference/using-api, kind Status): its clients show the
// message of a Status, and come back after the wait.
//
// Known by User-Agent and by media types of its own. A path alone is a hint: Prometheus, Grafana
// and many others have an /api/v1, so only resources whose names no other API has count.
#include <algorithm>

#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/in_json.h"
#include "dialect/json.h"
#include "dialect/path_evidence.h"
#include "page/words.h"

namespace intermission::dialect::kubernetes {
namespace {

using http::Field;

// Not services, events, endpoints and secrets: others have those, too.
const Names kResources = {"namespaces",
                          "nodes",
                          "pods",
                          "configmaps",
                          "persistentvolumes",
                          "persistentvolumeclaims",
                          "serviceaccounts",
                          "replicationcontrollers",
                          "resourcequotas",
                          "limitranges",
                          "podtemplates",
                          "componentstatuses"};
const Names kGroups = {"apps", "batch", "autoscaling", "policy", "extensions"};

bool is_one_of(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view cut(std::string_view& path) {
  const auto end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return segment;
}

// /api/v1/RESOURCE or /apis/GROUP/VERSION, where the names of groups hold a dot but for a few.
bool is_resource_path(std::string_view path) {
  cut(path);
  const std::string_view first = cut(path);
  if (first == "api") return cut(path) == "v1" && is_one_of(kResources, cut(path));
  if (first != "apis") return false;
  const std::string_view group = cut(path);
  const std::string_view version = cut(path);
  return (group.find('.') != std::string_view::npos || is_one_of(kGroups, group)) &&
         version.size() > 1 && version[0] == 'v' && base::is_digit(version[1]);
}

// Programs that stand on client-go name themselves and then it: "argocd/v2.9 (linux/amd64)
// kubernetes/$Format".
bool names_client(std::string_view agent) {
  return is_product(agent, "kubectl") || agent.find(" kubernetes/") != std::string_view::npos ||
         agent.find("k8s.io") != std::string_view::npos ||
         base::icontains(agent, "kubernetes-client") ||
         base::istarts_with(agent, "Kubernetes Java Client");
}

bool names_type(RequestEvidence& evidence) {
  if (evidence.sends("application/vnd.kubernetes.protobuf") ||
      evidence.sends("application/strategic-merge-patch+json") ||
      evidence.sends("application/apply-patch+yaml")) {
    return true;
  }
  for (const std::string_view accepted : evidence.values(Field::kAccept)) {
    if (base::icontains(accepted, "application/vnd.kubernetes.") ||
        base::icontains(accepted, ";as=Table") || base::icontains(accepted, "g=meta.k8s.io") ||
        base::icontains(accepted, "g=apidiscovery.k8s.io")) {
      return true;
    }
  }
  return false;
}

Claim sure(std::string_view why) {
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = why};
}

Claim recognise(RequestEvidence& evidence) {
  if (names_client(evidence.value(Field::kUserAgent))) {
    return sure("User-Agent names a client of Kubernetes");
  }
  if (names_type(evidence)) return sure("Accept or Content-Type is one of Kubernetes");
  if (!is_resource_path(evidence.request().path()) ||
      !leaves_form_to_path(evidence, {"application/json", "application/yaml"})) {
    return {};
  }
  return {.strength = Claim::Strength::kOffers,
          .favours = 0,
          .why = "the path is that of a resource of Kubernetes"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  JsonObject status;
  status.text("kind", "Status").text("apiVersion", "v1").open("metadata").close();
  status.text("status", "Failure")
      .text("message", page::spoken_text(notice))
      .text("reason", "ServiceUnavailable");
  status.open("details").seconds("retryAfterSeconds", notice).close().number("code", 503);
  return {in_json(status.finish())};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "kubernetes",
    .speaks_to = "clients of the Kubernetes API: kubectl, helm, client-go and others",
    .known_by =
        "User-Agent kubectl/ or … kubernetes/…; Accept with as=Table or "
        "application/vnd.kubernetes.…; "
        "paths of its resources such as /api/v1/namespaces and /apis/apps/v1",
    .triggers = {{.first_segments = {"api", "apis", "version", "openapi"},
                  .products = {"kubectl"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::kubernetes
