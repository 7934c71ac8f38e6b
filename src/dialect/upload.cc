// Scripts in pages that upload files and show the answer beside the file. Dropzone, Fine Uploader
// and others read `error` as a text; where it is missing they show "[object Object]" or "XHR
// returned response code 503". The members of the problem stand beside it.
#include "dialect/dialect.h"
#include "dialect/problem.h"

namespace intermission::dialect::upload {
namespace {

const http::Field kXRequestedWith = http::named_field("X-Requested-With");

constexpr std::string_view kForm = "multipart/form-data";
constexpr std::string_view kJson = "application/json";

constexpr Methods kMethods = kPost | kWrite;

// The type comes first, so that requests without a form do not vary on X-Requested-With.
Claim recognise(RequestEvidence& evidence) {
  if ((evidence.method_class() & kMethods) == 0 || !evidence.sends(kForm)) return {};
  if (!evidence.accepts(kJson) || !evidence.has(kXRequestedWith)) return {};
  return {.strength = Claim::Strength::kOffers,
          .favours = 0,
          .why = "a script uploads a form and accepts JSON"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  return {problem_with_error(notice)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "upload",
    .speaks_to = "scripts in pages that upload files: Dropzone, Fine Uploader and others",
    .known_by =
        "Content-Type multipart/form-data, X-Requested-With, and Accept names application/json",
    .triggers = {{.methods = kMethods, .content_types = {kForm}}},
    .yields_to_contract = true,
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::upload
