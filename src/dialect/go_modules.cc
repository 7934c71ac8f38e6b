// Go's modules (go.dev/ref/mod, GOPROXY protocol): of an error the go command shows its user the
// body if it is plain text in UTF-8, and nothing of any other.
#include "dialect/dialect.h"
#include "dialect/path_evidence.h"
#include "dialect/text.h"
#include "http/target.h"

namespace intermission::dialect::go_modules {
namespace {

bool asks_proxy(std::string_view path) {
  return path.find("/@v/") != std::string_view::npos || path.ends_with("/@latest") ||
         path.starts_with("/sumdb/");
}

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kRead) return {};
  const http::Request& request = evidence.request();
  const bool imports = http::query_value(request.query(), "go-get") == "1";
  if (!imports && !asks_proxy(request.path())) return {};
  if (!leaves_form_to_path(evidence, {"text/plain"})) return {};
  return {.strength = Claim::Strength::kOffers,
          .favours = 0,
          .why = imports ? "?go-get=1 is given" : "the path is that of a module proxy"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  return {plain_text(notice)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "go_modules",
    .speaks_to = "the go command",
    .known_by = "?go-get=1; paths with /@v/, /@latest or /sumdb/",
    .triggers = {{.methods = kRead,
                  .last_segments = {"list", "@latest", ".info", ".mod", ".zip"},
                  .first_segments = {"sumdb"},
                  .parameters = {"go-get"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::go_modules
