// Feed readers: plain text, for a made-up item would stay in readers for ever, and XML under a
// feed's type would be one that does not parse.
#include <algorithm>

#include "dialect/dialect.h"
#include "dialect/text.h"

namespace intermission::dialect::feed {
namespace {

// Some readers take HTML as readily, to look for a feed in it; a browser likes it better, and an
// OData client JSON.
Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kRead) return {};
  const negotiate::Accept& accept = evidence.accept();
  int liked = 0;
  for (const std::string_view type :
       {"application/rss+xml", "application/atom+xml", "application/feed+json"}) {
    const auto weight = accept.weight_of(type);
    if (weight.named) liked = std::max(liked, weight.weight);
  }
  if (liked == 0) return {};
  for (const std::string_view other : {"text/html", "application/json"}) {
    const auto weight = accept.weight_of(other);
    if (weight.named && weight.weight > liked) return {};
  }
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = "Accept names a feed"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  return {plain_text(notice)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "feed",
    .speaks_to = "feed readers",
    .known_by = "Accept names RSS, Atom or JSON Feed first",
    .triggers = {{.methods = kRead,
                  .accepts = {"application/rss+xml", "application/atom+xml",
                              "application/feed+json"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::feed
