// Elasticsearch, OpenSearch and what speaks as they do (elastic.co/docs, "Error responses"): their
// clients build the text of an error from `type` and `reason`, and parse no JSON but
// application/json. The members of the problem stand beside it; `status` is in both.
//
// Known by the names of the clients. An application is free to use any other: then the media type
// of version 8 tells.
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/problem.h"
#include "page/words.h"

namespace intermission::dialect::elasticsearch {
namespace {

using http::Field;

const Names kClients = {"elasticsearch-js",      "elasticsearch-py", "elasticsearch-ruby",
                        "elasticsearch-php",     "elastic",          "elastic-java",
                        "go-elasticsearch",      "opensearch-js",    "opensearch-py",
                        "opensearch-ruby",       "opensearch-php",   "opensearch-go",
                        "elastic-transport-ruby"};
const Names kTypes = {"application/vnd.elasticsearch+json", "application/vnd.opensearch+json"};
constexpr const char* kType = "service_unavailable";

Claim sure(std::string_view why) {
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = why};
}

Claim recognise(RequestEvidence& evidence) {
  const std::string_view agent = evidence.value(Field::kUserAgent);
  for (const std::string_view client : kClients) {
    if (is_product(agent, client)) return sure("User-Agent is a client of Elasticsearch");
  }
  for (const std::string_view type : kTypes) {
    if (evidence.accepts(type)) return sure("Accept names a type of Elasticsearch");
  }
  return {};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  const std::string spoken = page::spoken_text(notice);
  JsonObject error;
  error.open("error").open_list("root_cause").open_item();
  error.text("type", kType).text("reason", spoken).close().close_list();
  error.text("type", kType).text("reason", spoken).close();
  return {extended_problem(notice, error)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "elasticsearch",
    .speaks_to = "clients of Elasticsearch and OpenSearch",
    .known_by =
        "User-Agent such as elasticsearch-js/, opensearch-py/, elastic/; Accept names "
        "application/vnd.elasticsearch+json",
    .triggers = {{.accepts = kTypes, .products = kClients}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::elasticsearch
