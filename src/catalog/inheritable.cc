#include "catalog/inheritable.h"

#include <string>

namespace intermission::catalog {
namespace {

// An object with one integer, such as soap: { status: 503 }.
int number_in(const Node& value, std::string_view key, int inherited) {
  const Node number = value[key];
  return number ? number.value().GetInt() : inherited;
}

constexpr InheritableKey kKeys[] = {
    {"answer",
     [](const Node& value, const Service& inherited, Service& service, Problems&) {
       service.answer = value ? std::string(value.text()) : inherited.answer;
     }},
    {"cors", [](const Node& value, const Service& inherited, Service& service,
                Problems& problems) { service.cors = read_cors(value, inherited.cors, problems); }},
    {"disabled_kinds",
     [](const Node& value, const Service& inherited, Service& service, Problems& problems) {
       service.disabled_kinds = read_disabled_kinds(value, inherited.disabled_kinds, problems);
     }},
    {"grpc",
     [](const Node& value, const Service& inherited, Service& service, Problems&) {
       const Node health = value["health"];
       service.grpc.health = health ? health.value().GetBool() : inherited.grpc.health;
     }},
    {"json_rpc",
     [](const Node& value, const Service& inherited, Service& service, Problems&) {
       service.json_rpc.status = number_in(value, "status", inherited.json_rpc.status);
     }},
    {"legacy",
     [](const Node& value, const Service& inherited, Service& service, Problems& problems) {
       service.legacy = read_legacy(value, inherited.legacy, problems);
     }},
    {"oauth",
     [](const Node& value, const Service& inherited, Service& service, Problems&) {
       service.oauth.status = number_in(value, "status", inherited.oauth.status);
     }},
    {"page", [](const Node& value, const Service& inherited, Service& service,
                Problems& problems) { service.page = read_page(value, inherited.page, problems); }},
    {"probe",
     [](const Node& value, const Service& inherited, Service& service, Problems&) {
       service.probe.status = number_in(value, "status", inherited.probe.status);
     }},
    {"problem",
     [](const Node& value, const Service& inherited, Service& service, Problems&) {
       const Node type = value["type"];
       service.problem.type = type ? std::string(type.text()) : inherited.problem.type;
     }},
    {"reason_phrase",
     [](const Node& value, const Service& inherited, Service& service, Problems&) {
       service.reason_phrase = value ? value.value().GetBool() : inherited.reason_phrase;
     }},
    {"retry_after",
     [](const Node& value, const Service& inherited, Service& service, Problems& problems) {
       service.retry_after = read_retry_after(value, inherited.retry_after, problems);
     }},
    {"robots",
     [](const Node& value, const Service& inherited, Service& service, Problems& problems) {
       service.robots = value ? read_text(value, true, problems) : inherited.robots;
     }},
    {"soap",
     [](const Node& value, const Service& inherited, Service& service, Problems&) {
       service.soap.status = number_in(value, "status", inherited.soap.status);
     }},
    {"websocket",
     [](const Node& value, const Service& inherited, Service& service, Problems&) {
       service.websocket.close = number_in(value, "close", inherited.websocket.close);
     }},
};

}  // namespace

std::span<const InheritableKey> inheritable_keys() {
  return kKeys;
}

void read_inheritable(const Node& node, const Service& inherited, Service& service,
                      Problems& problems) {
  for (const InheritableKey& key : kKeys) key.read(node[key.name], inherited, service, problems);
}

}  // namespace intermission::catalog
