// Other frameworks whose scripts fetch parts of a page, and the form in which each of them shows a
// person what it hears:
//
//   Livewire      opens a dialog with the document; navigating, it puts the document in place
//   Unpoly        puts the body of a document with an error status in place
//   Datastar      drops every status but 200, and does what the events of a stream say
//   Next.js       throws the text of a failed server action; it loads pages whole by itself
//   SvelteKit     shows `message` of a failed load, and of the error that an action results in
//   Live Component (Symfony)   opens a dialog with the document
//   React Router, Remix        throw the text of what loads a page's data
//
// pjax, swup, Barba, Turbolinks, Turbo and the pages of Next.js need nothing of their own: they ask
// for HTML, or load the page whole if an answer is none of theirs.
#include <algorithm>

#include "dialect/api_use.h"
#include "dialect/dialect.h"
#include "dialect/in_json.h"
#include "dialect/json.h"
#include "dialect/known_field.h"
#include "dialect/minimal.h"
#include "dialect/path_evidence.h"
#include "http/target.h"
#include "page/fragment.h"
#include "page/words.h"

namespace intermission::dialect {
namespace {

using http::Field;

const Field kDatastarRequest = http::named_field("Datastar-Request");
const Field kNextAction = http::named_field("Next-Action");
const Field kXLivewire = http::named_field("X-Livewire");
const Field kXLivewireNavigate = http::named_field("X-Livewire-Navigate");
const Field kXSveltekitAction = http::named_field("x-sveltekit-action");
const Field kXUpVersion = http::named_field("X-Up-Version");

enum Form : std::uint8_t { kPage, kEvents, kText, kMessage, kResult };  // places in render()'s list

const KnownField kKnown[] = {
    {kXLivewire, kPage, "X-Livewire is given"},
    {kXLivewireNavigate, kPage, "X-Livewire-Navigate is given"},
    {kXUpVersion, kPage, "X-Up-Version is given"},
    {kDatastarRequest, kEvents, "Datastar-Request is given"},
    {kNextAction, kText, "Next-Action is given"},
    {kXSveltekitAction, kResult, "x-sveltekit-action is given"},
};

constexpr std::string_view kLiveComponent = "application/vnd.live-component+html";

constexpr std::string_view kSvelteData = "__data.json";
constexpr std::string_view kSvelteParameter = "x-sveltekit-invalidated";

// /orders.data, with ?_routes=… where it is not for all routes of the page; Remix: /orders?_data=….
bool loads_route(RequestEvidence& evidence) {
  const http::Request& request = evidence.request();
  const bool is_data = request.path().ends_with(".data");
  if (!is_data && !http::query_value(request.query(), "_data")) return false;
  const bool names_routes = is_data && http::query_value(request.query(), "_routes").has_value();
  return (names_routes || is_script(evidence)) && leaves_form_to_path(evidence, {});
}

Claim recognise(RequestEvidence& evidence) {
  const Claim claim = by_field(evidence, kKnown);
  if (claim.strength != Claim::Strength::kNone) return claim;
  const auto live = evidence.accept().weight_of(kLiveComponent);
  if (live.named && live.weight > 0) {
    return {.strength = Claim::Strength::kSure,
            .favours = kPage,
            .why = "Accept names a live component of Symfony"};
  }
  const http::Request& request = evidence.request();
  if (loads_route(evidence)) {
    return {.strength = Claim::Strength::kOffers,
            .favours = kText,
            .why = "the target asks for the data of a page of React Router"};
  }
  if (evidence.method_class() == kRead && request.path().ends_with(kSvelteData) &&
      http::query_value(request.query(), kSvelteParameter)) {
    return {.strength = Claim::Strength::kSure,
            .favours = kMessage,
            .why = "the target asks for the data of a page of SvelteKit"};
  }
  return {};
}

// ------------------------------------------------------------------ speaking

Representation page(const page::Notice& notice) {
  Representation said;
  said.media_type = "text/html";
  said.content_type = "text/html; charset=utf-8";
  said.body = minimal_page(notice, false);
  said.fields = minimal_page_fields(said.body);
  return said;
}

// In the events of version 1 and in those before. The message takes the place of the whole page, so
// that nothing is left there that asks again, and the page is loaded anew after the wait.
Representation events(const page::Notice& notice) {
  std::string html = "<div>" + page::html_fragment(notice) +
                     R"(<meta http-equiv="refresh" content=")" + std::string(page::kSecondsMark) +
                     R"("></div>)";
  // A line of a stream ends at either (HTML §9.2.5).
  std::replace(html.begin(), html.end(), '\n', ' ');
  std::replace(html.begin(), html.end(), '\r', ' ');
  const auto event = [&](const char* name, const char* mode, const char* content) {
    return std::string("event: ") + name + "\ndata: selector body\ndata: " + mode +
           " inner\ndata: " + content + ' ' + html + "\n\n";
  };
  Representation said;
  said.media_type = said.content_type = "text/event-stream";
  said.status = 200;
  said.may_be_coded = false;
  said.body = event("datastar-patch-elements", "mode", "elements") +
              event("datastar-merge-fragments", "mergeMode", "fragments");
  return said;
}

// Next.js compares the whole field.
Representation text(const page::Notice& notice) {
  Representation said;
  said.media_type = said.content_type = "text/plain";
  said.body = page::spoken_text(notice);
  return said;
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  const std::string spoken = page::spoken_text(notice);
  JsonObject message;
  message.text("message", spoken).number("status", 503).about(notice);
  JsonObject result;
  result.text("type", "error").number("status", 503);
  result.open("error").text("message", spoken).about(notice).close();
  return {page(notice), events(notice), text(notice), in_json(message.finish()),
          in_json(result.finish())};
}

}  // namespace

extern const Dialect kFramework;
const Dialect kFramework = {
    .name = "framework",
    .speaks_to =
        "pages with Livewire, Unpoly, Datastar, Next.js, SvelteKit, React Router or Symfony's Live "
        "Component",
    .known_by =
        "X-Livewire, X-Livewire-Navigate, X-Up-Version, Datastar-Request, Next-Action, "
        "x-sveltekit-action; Accept names application/vnd.live-component+html; the parameter "
        "x-sveltekit-invalidated behind .../__data.json; a script asks for ….data or ?_data=",
    .triggers = {{.fields = {kXLivewire, kXLivewireNavigate, kXUpVersion, kDatastarRequest,
                             kNextAction, kXSveltekitAction}},
                 {.accepts = {kLiveComponent}, .last_segments = {".data"}, .parameters = {"_data"}},
                 {.methods = kRead, .parameters = {kSvelteParameter}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect
