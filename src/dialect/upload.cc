// Scripts in pages that upload files and show the answer beside the file. Dropzone, Fine Uploader
// and others read `error` as a text; where it is missing they show "[object Object]" or "XHR
// returned response code 503". The members of the problem stand beside it.
//
// Editors say no more than which field holds the file. CKEditor reads `message` of an object there,
// and else takes the image for uploaded; EasyMDE reads a text. Resumable.js repeats a 503 a hundred
// times without a pause. It gives up at a 500, and shows the text.
#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/problem.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::upload {
namespace {

using http::Field;

const Field kXRequestedWith = http::named_field("X-Requested-With");

constexpr std::string_view kForm = "multipart/form-data";
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kChunk = "resumableChunkNumber";

constexpr Methods kMethods = kPost | kWrite;

enum Form : std::uint8_t { kText, kObject, kAtOnce };  // places in render()'s list

Claim offers(Form form, std::string_view why) {
  return {.strength = Claim::Strength::kOffers, .favours = form, .why = why};
}

// The name of the first part that is a file, as a browser writes it (HTML, "multipart form data"):
// Content-Disposition: form-data; name="upload"; filename="a.png". Empty if that is no file.
std::string_view name_of_file(std::string_view body) {
  constexpr std::string_view kStart = "Content-Disposition: form-data; name=\"";
  const std::string_view head = body.substr(0, body.find("\r\n\r\n"));
  const auto start = head.find(kStart);
  if (start == std::string_view::npos) return {};
  const std::string_view name = head.substr(start + kStart.size());
  const auto end = name.find('"');
  if (end == std::string_view::npos || !name.substr(end).starts_with("\"; filename=\"")) return {};
  return name.substr(0, end);
}

// The type comes first, so that requests without a form do not vary on X-Requested-With and Origin.
// Scripts in pages send Origin with every form.
Claim recognise(RequestEvidence& evidence) {
  if ((evidence.method_class() & kMethods) == 0) return {};
  if (http::query_value(evidence.request().query(), kChunk)) {
    return offers(kAtOnce, "the parameters are those of Resumable.js");
  }
  if (!evidence.sends(kForm)) return {};
  if (evidence.accepts(kJson) && evidence.has(kXRequestedWith)) {
    return offers(kText, "a script uploads a form and accepts JSON");
  }
  if (evidence.accepts("text/html") || !evidence.has(Field::kOrigin)) return {};
  if (evidence.body_unread()) return {.needs_body = true};
  const std::string_view name = name_of_file(evidence.request().body());
  if (name == "upload") return offers(kObject, "a script uploads a file as CKEditor does");
  return name == "image" ? offers(kText, "a script uploads a file as EasyMDE does") : Claim{};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  JsonObject error;
  error.open("error").text("message", page::spoken_text(notice)).close();
  Representation at_once;
  at_once.media_type = "text/plain";
  at_once.content_type = "text/plain; charset=utf-8";
  at_once.status = 500;
  at_once.body = page::spoken_text(notice);
  return {problem_with_error(notice), extended_problem(notice, error), at_once};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "upload",
    .speaks_to =
        "scripts in pages that upload files: Dropzone, Fine Uploader, CKEditor, EasyMDE, "
        "Resumable.js and others",
    .known_by =
        "Content-Type multipart/form-data with X-Requested-With where Accept names "
        "application/json, or with Origin and a file in the first part, named upload or image; "
        "the parameter resumableChunkNumber",
    .triggers = {{.methods = kMethods, .content_types = {kForm}, .parameters = {kChunk}}},
    .yields_to_contract = true,
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::upload
