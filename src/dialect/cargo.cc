// Cargo, and registries of Rust's crates (doc.rust-lang.org/cargo, Registry Web API): it shows the
// `detail` of each error of a list. From the index it shows the body as it is.
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/problem.h"
#include "page/words.h"

namespace intermission::dialect::cargo {
namespace {

Claim recognise(RequestEvidence& evidence) {
  if (!is_product(evidence.value(http::Field::kUserAgent), "cargo")) return {};
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = "User-Agent is cargo's"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  JsonObject errors;
  errors.open_list("errors")
      .open_item()
      .text("detail", page::spoken_text(notice))
      .close()
      .close_list();
  return {extended_problem(notice, errors)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "cargo",
    .speaks_to = "cargo, at a registry of crates",
    .known_by = "User-Agent cargo",
    .triggers = {{.products = {"cargo"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::cargo
