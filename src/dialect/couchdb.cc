// CouchDB (docs.couchdb.org, HTTP API, "JSON structure of errors"): `error` is a name, and its
// clients show `reason` to people. nano tells itself by User-Agent; others by the paths that
// CouchDB alone has.
#include <algorithm>

#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/path_evidence.h"
#include "dialect/problem.h"
#include "page/words.h"

namespace intermission::dialect::couchdb {
namespace {

const Names kLastSegments = {"_all_docs",  "_all_dbs", "_bulk_docs",  "_bulk_get", "_changes",
                             "_revs_diff", "_find",    "_local_docs", "_security", "_design_docs"};

Claim recognise(RequestEvidence& evidence) {
  if (is_product(evidence.value(http::Field::kUserAgent), "nano")) {
    return {.strength = Claim::Strength::kSure, .favours = 0, .why = "User-Agent is nano's"};
  }
  const std::string_view path = evidence.request().path();
  const std::string_view last = path.substr(path.rfind('/') + 1);
  if (std::find(kLastSegments.begin(), kLastSegments.end(), last) == kLastSegments.end() ||
      !leaves_form_to_path(evidence, {"application/json"})) {
    return {};
  }
  return {.strength = Claim::Strength::kOffers, .favours = 0, .why = "the path is one of CouchDB"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  JsonObject error;
  error.text("error", "service_unavailable").text("reason", page::spoken_text(notice));
  return {extended_problem(notice, error)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "couchdb",
    .speaks_to = "CouchDB clients",
    .known_by = "User-Agent nano/; paths such as /db/_all_docs",
    .triggers = {{.last_segments = kLastSegments, .products = {"nano"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::couchdb
