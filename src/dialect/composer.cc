// Composer, which fetches packages of PHP (getcomposer.org/doc/05-repositories.md): it shows the
// `warning` of a repository that answers with application/json, without parameters. The members of
// the problem stand beside it.
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/problem.h"
#include "page/words.h"

namespace intermission::dialect::composer {
namespace {

Claim recognise(RequestEvidence& evidence) {
  if (!is_product(evidence.value(http::Field::kUserAgent), "Composer")) return {};
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = "User-Agent is Composer's"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  JsonObject warning;
  warning.text("warning", page::spoken_text(notice));
  return {extended_problem(notice, warning)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "composer",
    .speaks_to = "Composer, at a repository of PHP packages",
    .known_by = "User-Agent Composer/",
    .triggers = {{.products = {"Composer"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::composer
