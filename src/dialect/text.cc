// Plain text, for those who ask for it and for people at a terminal.
#include "dialect/text.h"

#include "page/words.h"

namespace intermission::dialect::text {
namespace {

Claim recognise(RequestEvidence&) {
  return {.strength = Claim::Strength::kOffers, .why = "plain text is always on offer"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  return {plain_text(notice)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "text",
    .speaks_to = "clients that ask for plain text",
    .known_by = "Accept text/plain",
    .triggers = {{.always = true}},
    .yields_to_contract = true,
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::text

namespace intermission::dialect {

Representation plain_text(const page::Notice& notice) {
  Representation plain;
  plain.media_type = "text/plain";
  plain.content_type = "text/plain; charset=utf-8";
  if (!notice.title.empty()) plain.body = std::string(notice.title) + "\n\n";
  plain.body += page::spoken_text(notice) + "\n";
  return plain;
}

}  // namespace intermission::dialect
