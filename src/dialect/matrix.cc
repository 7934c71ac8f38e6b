// Matrix (spec.matrix.org, Client-Server API, "Standard error response"): its clients show `error`
// and decide by `errcode`. M_UNKNOWN is what the specification has for all else; M_LIMIT_EXCEEDED
// would tell people that they had asked too often. The members of the problem stand beside it.
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/path_evidence.h"
#include "dialect/problem.h"
#include "page/words.h"

namespace intermission::dialect::matrix {
namespace {

const Names kFirstSegments = {"_matrix", "_synapse"};

Claim recognise(RequestEvidence& evidence) {
  const std::string_view path = evidence.request().path();
  if (!path.starts_with("/_matrix/") && !path.starts_with("/_synapse/")) return {};
  if (!leaves_form_to_path(evidence, {"application/json"})) return {};
  return {.strength = Claim::Strength::kOffers, .favours = 0, .why = "the path is one of Matrix"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  JsonObject error;
  error.text("errcode", "M_UNKNOWN").text("error", page::spoken_text(notice));
  return {extended_problem(notice, error)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "matrix",
    .speaks_to = "Matrix clients and servers",
    .known_by = "paths under /_matrix/ and /_synapse/",
    .triggers = {{.first_segments = kFirstSegments}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::matrix
