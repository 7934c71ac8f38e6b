// Git over HTTP (gitprotocol-http). Of an error git shows its user the body, line by line after
// "remote:", if it is plain text; anything else it keeps to itself. Git LFS shows "message" of
// its own JSON (git-lfs api/basic-transfers).
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/text.h"
#include "page/words.h"

namespace intermission::dialect::git {
namespace {

constexpr std::size_t kRefs = 0;  // indexes into render()'s list
constexpr std::size_t kLfs = 1;

constexpr std::string_view kLfsType = "application/vnd.git-lfs+json";

bool discovers_refs(const http::Request& request) {
  if (!request.path().ends_with("/info/refs")) return false;
  const auto service = http::query_value(request.query(), "service");
  return service && service->starts_with("git-");
}

Claim sure(std::size_t form, std::string_view why) {
  return {.strength = Claim::Strength::kSure, .favours = form, .why = why};
}

Claim recognise(RequestEvidence& evidence) {
  if (discovers_refs(evidence.request()))
    return sure(kRefs, "the target is git's list of references");
  if (evidence.accepts(kLfsType)) return sure(kLfs, "Accept names Git LFS");
  if (evidence.method_class() != kPost) return {};
  const auto& type = evidence.content_type();
  if (type && type->type == "application" && type->subtype.starts_with("x-git-")) {
    return sure(kRefs, "Content-Type is one of git's");
  }
  return {};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  JsonObject object;
  object.text("message", page::spoken_text(notice));
  Representation lfs;
  lfs.media_type = kLfsType;
  lfs.content_type = kLfsType;
  lfs.body = object.finish();
  return {plain_text(notice), lfs};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "git",
    .speaks_to = "git and Git LFS",
    .known_by = "/info/refs?service=git-…; Content-Type application/x-git-…; Accept names Git LFS",
    .triggers = {{.methods = kRead, .last_segments = {"refs"}},
                 {.methods = kPost,
                  .content_types = {"application/x-git-upload-pack-request",
                                    "application/x-git-receive-pack-request"}},
                 {.accepts = {kLfsType}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::git
