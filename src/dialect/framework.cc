// Other frameworks whose scripts fetch parts of a page, and how each of them shows an answer to a
// person:
//
//   Livewire      opens a dialog with the document; navigating, it puts the document in place
//   Unpoly        puts the body of a document with an error status in place
//   Datastar      drops every status but 200, and does what the events of a stream say
//   Next.js       throws the text of a failed server action; it loads pages whole by itself
//   SvelteKit     shows `message` of a failed load, and of the error that an action or a remote
//                 function results in
//   Live Component (Symfony)   opens a dialog with the document
//   React Router, Remix        throw the text of a failed request for a page's data
//   TanStack Start   throws the text of a failed server function, and takes JSON for its result
//   SolidStart       takes every answer without X-Error for the result of a server function
//   Astro            reads `message` of an action's error, if `type` says that it is one
//   Jakarta Faces    reads answers with 200 only, and follows a redirect in them
//   ASP.NET AJAX     (update panels of Web Forms) the same
//   Wicket           reads answers with 200 only, and follows Ajax-Location in them
//   Vaadin           loads its page anew if an answer with 200 has a word for that in place of
//                    JSON; after a 503 it says that the connection is lost, and asks again
//   GWT-RPC          throws the text of a failed call behind its status
//   October, Winter  (CMS) show the text of a failed request in a dialog
//   Phoenix          reads `status` of JSON when it polls, and stops polling after a 503
//   fixi             puts the text in place of an element, whatever the status
//   Flamethrower     puts the text in place of the page, whatever the status
//   Pjax (MoOx)      reads answers with 200 only, and loads the page whole if they lack what it
//                    looks for, such as a title
//
// jquery-pjax, swup, Barba, Turbolinks, Turbo, Alpine AJAX, Qwik and the pages of Next.js need
// nothing of their own: they ask for HTML, or load the page whole if an answer is none of theirs.
#include <algorithm>
#include <pugixml.hpp>

#include "base/text.h"
#include "dialect/api_use.h"
#include "dialect/dialect.h"
#include "dialect/in_json.h"
#include "dialect/json.h"
#include "dialect/known_field.h"
#include "dialect/minimal.h"
#include "dialect/path_evidence.h"
#include "dialect/xml.h"
#include "http/target.h"
#include "page/fragment.h"
#include "page/words.h"

namespace intermission::dialect::framework {
namespace {

using http::Field;

const Field kDatastarRequest = http::named_field("Datastar-Request");
const Field kFxRequest = http::named_field("FX-Request");
const Field kFacesRequest = http::named_field("Faces-Request");
const Field kNextAction = http::named_field("Next-Action");
const Field kXMicrosoftAjax = http::named_field("X-MicrosoftAjax");
const Field kWicketAjax = http::named_field("Wicket-Ajax");
const Field kXFlamethrower = http::named_field("X-Flamethrower");
const Field kXLivewire = http::named_field("X-Livewire");
const Field kXLivewireNavigate = http::named_field("X-Livewire-Navigate");
const Field kXOctoberRequestHandler = http::named_field("X-OCTOBER-REQUEST-HANDLER");
const Field kXPjaxSelectors = http::named_field("X-PJAX-Selectors");
const Field kXServerInstance = http::named_field("X-Server-Instance");
const Field kXSveltekitAction = http::named_field("x-sveltekit-action");
const Field kXSveltekitPathname = http::named_field("x-sveltekit-pathname");
const Field kXTsrServerFn = http::named_field("x-tsr-serverFn");
const Field kXUpVersion = http::named_field("X-Up-Version");
const Field kXWinterRequestHandler = http::named_field("X-WINTER-REQUEST-HANDLER");

// Places in render()'s list.
enum Form : std::uint8_t {
  kPage,
  kEvents,
  kText,
  kMessage,
  kResult,
  kThrown,
  kAction,
  kFragment,
  kIncomplete,
  kReload,
  kAjaxLocation,
  kLeave,
  kLeaveWebForms
};

const KnownField kKnown[] = {
    {kXLivewire, kPage, "X-Livewire is given"},
    {kXLivewireNavigate, kPage, "X-Livewire-Navigate is given"},
    {kXUpVersion, kPage, "X-Up-Version is given"},
    {kDatastarRequest, kEvents, "Datastar-Request is given"},
    {kNextAction, kText, "Next-Action is given"},
    {kXSveltekitAction, kResult, "x-sveltekit-action is given"},
    {kFxRequest, kFragment, "FX-Request is given"},
    {kXFlamethrower, kPage, "X-Flamethrower is given"},
    {kXPjaxSelectors, kIncomplete, "X-PJAX-Selectors is given"},
    {kWicketAjax, kAjaxLocation, "Wicket-Ajax is given"},
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

constexpr std::string_view kUrlEncoded = "application/x-www-form-urlencoded";
constexpr std::string_view kMultipart = "multipart/form-data";
constexpr std::string_view kGwtRpc = "text/x-gwt-rpc";

Claim sure(Form form, std::string_view why) {
  return {.strength = Claim::Strength::kSure, .favours = form, .why = why};
}

// Every request of such a page's scripts is a form. Jakarta Faces §13 ("Ajax Integration"); what
// Microsoft's PageRequestManager sends.
Claim sends_page(RequestEvidence& evidence) {
  const bool is_form = evidence.method_class() == kPost &&
                       (evidence.sends(kUrlEncoded) || evidence.sends(kMultipart));
  if (!is_form) return {};
  if (evidence.value(kFacesRequest).starts_with("partial/")) {
    return sure(kLeave, "Faces-Request is given");
  }
  if (base::iequals(evidence.value(kXMicrosoftAjax), "Delta=true")) {
    return sure(kLeaveWebForms, "X-MicrosoftAjax is given");
  }
  if (evidence.has(kXOctoberRequestHandler))
    return sure(kText, "X-OCTOBER-REQUEST-HANDLER is given");
  return evidence.has(kXWinterRequestHandler) ? sure(kText, "X-WINTER-REQUEST-HANDLER is given")
                                              : Claim{};
}

constexpr std::string_view kTanstackFolder = "_serverFn";
constexpr std::string_view kTanstackParameter = "createServerFn";
constexpr std::string_view kAstroFolder = "_actions";
constexpr std::string_view kSolidPath = "_server";
constexpr std::string_view kSvelteFolder = "_app";
constexpr std::string_view kPhoenixPath = "longpoll";
constexpr std::string_view kPhoenixParameter = "vsn";
constexpr std::string_view kVaadinParameter = "v-uiId";

// Whether the page that asks is in maintenance too. One that asks as soon as it is loaded would
// else load itself anew for ever.
bool page_is_held(RequestEvidence& evidence) {
  return evidence.holds_page(evidence.request().host(), evidence.request().path());
}

// Where the state of a page is sent: POST /orders/?v-r=uidl&v-uiId=0, and before Flow
// POST /orders/UIDL/?v-uiId=0. Not its heartbeats.
bool is_of_vaadin(const http::Request& request) {
  if (!http::query_value(request.query(), kVaadinParameter)) return false;
  return http::query_value(request.query(), "v-r") == "uidl" ||
         request.path().find("/UIDL/") != std::string_view::npos;
}

// Calls of functions on the server. Each framework has a path for them that nothing else has.
Claim calls_server(RequestEvidence& evidence) {
  const http::Request& request = evidence.request();
  const std::string_view path = request.path();
  if (path.starts_with("/_serverFn/") && evidence.has(kXTsrServerFn)) {
    return sure(kText, "x-tsr-serverFn is given");
  }
  if (http::query_value(request.query(), kTanstackParameter) && is_script(evidence)) {
    return sure(kText, "the target is a server function of TanStack Start");
  }
  if ((path.starts_with("/_server/") || path.ends_with("/_server")) &&
      evidence.value(kXServerInstance).starts_with("server-fn:")) {
    return sure(kThrown, "X-Server-Instance names a server function of SolidStart");
  }
  if (evidence.method_class() == kPost && path.starts_with("/_actions/") &&
      leaves_form_to_path(evidence, {"application/json"})) {
    return {.strength = Claim::Strength::kOffers,
            .favours = kAction,
            .why = "the path is an action of Astro"};
  }
  if (path.starts_with("/_app/remote/") && evidence.has(kXSveltekitPathname)) {
    return sure(kResult, "the path is a remote function of SvelteKit");
  }
  if (evidence.method_class() == kPost && evidence.sends(kGwtRpc)) {
    return sure(kText, "Content-Type is text/x-gwt-rpc");
  }
  if (evidence.method_class() == kPost && is_of_vaadin(request)) {
    return sure(page_is_held(evidence) ? kReload : kText, "the target is one of Vaadin");
  }
  if (path.ends_with("/longpoll") && http::query_value(request.query(), kPhoenixParameter)) {
    return sure(kText, "the target is where Phoenix polls");
  }
  return {};
}

Claim recognise(RequestEvidence& evidence) {
  Claim claim = by_field(evidence, kKnown);
  if (claim.favours == kAjaxLocation && !page_is_held(evidence)) claim.favours = kText;
  if (claim.strength == Claim::Strength::kNone) claim = calls_server(evidence);
  if (claim.strength == Claim::Strength::kNone) claim = sends_page(evidence);
  if (claim.strength != Claim::Strength::kNone) return claim;
  if (evidence.accepts(kLiveComponent)) {
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

// A piece of a page, without a title.
Representation fragment(const page::Notice& notice) {
  Representation said = page(notice);
  said.body = page::html_fragment(notice);
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

// Vaadin's word, and the message for who looks at the answer.
Representation reload(const page::Notice& notice) {
  Representation said = text(notice);
  said.status = 200;
  said.body.insert(0, "Vaadin-Refresh\n");
  return said;
}

// jQuery, which Wicket asks by, wants XML.
Representation ajax_location() {
  Representation said;
  said.media_type = "text/xml";
  said.content_type = "text/xml; charset=utf-8";
  said.status = 200;
  said.body = "<ajax-response/>";
  return said;
}

// Loads the page of `url`, which is in maintenance too. Nothing may stand before the redirect.
std::string leave_for(const std::string& url) {
  pugi::xml_document document;
  document.append_child("partial-response").append_child("redirect").append_attribute("url") =
      url.c_str();
  return to_string(document);
}

// The same in the delta of a page of Web Forms: LENGTH|TYPE|ID|CONTENT|.
std::string leave_web_forms_for(const std::string& url) {
  return std::to_string(url.size()) + "|pageRedirect||" + url + "|";
}

Representation leave(const char* media_type, std::string body) {
  Representation said;
  said.media_type = media_type;
  said.content_type = said.media_type + "; charset=utf-8";
  said.status = 200;
  said.body = std::move(body);
  return said;
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  const std::string spoken = page::spoken_text(notice);
  JsonObject message;
  message.text("message", spoken).number("status", 503).about(notice);
  JsonObject result;
  result.text("type", "error").number("status", 503);
  result.open("error").text("message", spoken).about(notice).close();
  JsonObject action;
  action.text("type", "AstroActionError").text("code", "SERVICE_UNAVAILABLE");
  action.text("message", spoken).number("status", 503).about(notice);
  Representation thrown = text(notice);
  // 2.0 looks at the status, and at its own field for what the body is: 1 is a text.
  thrown.fields = "X-Error: true\r\nX-Start-Type: 1\r\n";
  Representation incomplete = fragment(notice);
  incomplete.status = 200;
  return {page(notice),
          events(notice),
          text(notice),
          in_json(message.finish()),
          in_json(result.finish()),
          thrown,
          in_json(action.finish()),
          fragment(notice),
          incomplete,
          reload(notice),
          ajax_location(),
          leave("text/xml", leave_for("/")),
          leave("text/plain", leave_web_forms_for("/"))};
}

// Two slashes in front would lead to another host, and browsers take a backslash for one.
bool leads_to_this_host(std::string_view path) {
  return path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/\\");
}

Repeated repeat(RequestEvidence& evidence, const page::Notice&, const Representation&,
                const Claim& claim) {
  const http::Request& request = evidence.request();
  if (claim.favours == kAjaxLocation) {
    // Without the query, which names a part of the page.
    Repeated repeated;
    repeated.fields.add("Ajax-Location", leads_to_this_host(request.path()) ? request.path() : "/");
    return repeated;
  }
  if (claim.favours != kLeave && claim.favours != kLeaveWebForms) return {};
  if (!leads_to_this_host(request.path())) return {};
  std::string url(request.path());
  if (!request.query().empty()) url.append("?").append(request.query());
  return {.body = claim.favours == kLeave ? leave_for(fit_for_xml(url)) : leave_web_forms_for(url)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "framework",
    .speaks_to =
        "pages with Livewire, Unpoly, Datastar, Next.js, SvelteKit, React Router, Symfony's Live "
        "Component, TanStack Start, SolidStart, Astro, Jakarta Faces, ASP.NET AJAX, October, "
        "Winter, Phoenix, fixi, Flamethrower, Pjax, Wicket, Vaadin or GWT-RPC",
    .known_by =
        "X-Livewire, X-Livewire-Navigate, X-Up-Version, Datastar-Request, Next-Action, "
        "x-sveltekit-action, FX-Request, X-Flamethrower, X-PJAX-Selectors, Wicket-Ajax; "
        "x-tsr-serverFn at "
        "/_serverFn/…; X-Server-Instance at "
        ".../_server; x-sveltekit-pathname at /_app/remote/…; "
        "Accept names application/vnd.live-component+html; the parameter "
        "x-sveltekit-invalidated behind .../__data.json; a script asks for ….data, ?_data= or "
        "?createServerFn; POST /_actions/…; a form with Faces-Request, with X-MicrosoftAjax "
        "Delta=true, or with X-OCTOBER- or X-WINTER-REQUEST-HANDLER; .../longpoll?vsn=; POST with "
        "v-uiId and v-r=uidl or /UIDL/; Content-Type text/x-gwt-rpc",
    .triggers = {{.fields = {kXLivewire, kXLivewireNavigate, kXUpVersion, kDatastarRequest,
                             kNextAction, kXSveltekitAction, kFxRequest, kXFlamethrower,
                             kXPjaxSelectors, kWicketAjax}},
                 {.accepts = {kLiveComponent},
                  .last_segments = {".data", kSolidPath, kPhoenixPath},
                  .first_segments = {kTanstackFolder, kSolidPath, kSvelteFolder},
                  .parameters = {"_data", kTanstackParameter}},
                 {.methods = kRead, .parameters = {kSvelteParameter}},
                 {.methods = kPost,
                  .content_types = {kUrlEncoded, kMultipart, kGwtRpc},
                  .first_segments = {kAstroFolder},
                  .parameters = {kVaadinParameter}}},
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
};

}  // namespace intermission::dialect::framework
