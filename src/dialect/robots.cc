// robots.txt (RFC 9309 §2.3.1): with 200 the operator's own copy, where the configuration has
// one; else 503, which crawlers take as "not now". A 404 would mean "crawl everything".
#include "dialect/dialect.h"
#include "dialect/text.h"

namespace intermission::dialect::robots {
namespace {

Claim recognise(RequestEvidence& evidence) {
  if (evidence.request().path() != "/robots.txt") return {};
  if (evidence.method_class() != kRead) return {};
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = "the path is /robots.txt"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service& service) {
  Representation robots = plain_text(notice);
  if (!service.robots.empty()) {
    robots.status = 200;
    robots.body = service.robots;
    robots.omit_maintenance_headers = true;
  }
  return {robots};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "robots",
    .speaks_to = "crawlers that fetch robots.txt",
    .known_by = "the path /robots.txt",
    .triggers = {{.methods = kRead, .last_segments = {"robots.txt"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::robots
