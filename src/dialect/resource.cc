// What a page loads beside itself: pictures, scripts, styles, fonts. Each destination gets its
// own type, or the browser reports a wrong type instead of the 503. People see pictures, so
// these contain the message; nobody would read it in the others.
#include <algorithm>
#include <kainjow/mustache.hpp>
#include <utility>

#include "base/text.h"
#include "dialect/dialect.h"
#include "page/words.h"

namespace intermission::dialect::resource {
namespace {

using http::Field;

enum Form : std::size_t { kImage, kScript, kStyle, kFont, kManifest, kTrack, kMedia };

constexpr std::pair<std::string_view, Form> kDestinations[] = {
    {"image", kImage},         {"script", kScript},        {"worker", kScript},
    {"sharedworker", kScript}, {"serviceworker", kScript}, {"audioworklet", kScript},
    {"paintworklet", kScript}, {"style", kStyle},          {"font", kFont},
    {"manifest", kManifest},   {"track", kTrack},          {"audio", kMedia},
    {"video", kMedia},
};

Claim claim(Form form, std::string_view why) {
  return {.strength = Claim::Strength::kSure, .favours = form, .why = why};
}

Claim by_destination(std::string_view destination) {
  for (const auto& [name, form] : kDestinations) {
    if (name == destination) return claim(form, "Sec-Fetch-Dest says what it is for");
  }
  return {};
}

bool is_icon(std::string_view path) {
  return path == "/favicon.ico" || path.starts_with("/apple-touch-icon");
}

// Without Sec-Fetch-Dest, as over plain HTTP, Accept tells pictures and styles; of a script it
// says nothing, but then the target does, if a browser asks.
Claim by_accept(RequestEvidence& evidence) {
  const negotiate::Accept& accept = evidence.accept();
  if (evidence.accepts("text/html")) return {};
  const std::string_view path = evidence.request().path();
  if (is_icon(path)) return claim(kImage, "the path is an icon's");
  // More than what a wildcard weighs, too: application/json;q=0.8, */* is no wish for pictures.
  const int picture = accept.weight_of("image/svg+xml").weight;
  const int other = std::max(accept.weight_of("application/json").weight,
                             accept.weight_of("application/octet-stream").weight);
  if (!accept.empty() && picture > 0 && picture > other) {
    return claim(kImage, "Accept likes pictures best");
  }
  if (evidence.accepts("text/css")) return claim(kStyle, "Accept names text/css");
  if (evidence.accepts("application/font-woff2") || evidence.accepts("font/woff2")) {
    return claim(kFont, "Accept names a font");
  }
  if ((path.ends_with(".js") || path.ends_with(".mjs")) &&
      accept.weight_of("text/javascript").weight > 0 &&
      evidence.value(Field::kUserAgent).starts_with("Mozilla/")) {
    return claim(kScript, "a browser asks for a script");
  }
  return {};
}

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kRead) return {};
  const std::string_view destination = evidence.value(Field::kSecFetchDest);
  return destination.empty() ? by_accept(evidence) : by_destination(destination);
}

// ------------------------------------------------------------------ speaking

constexpr const char* kPicture =
    R"(<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180" viewBox="0 0 320 180" role="img">)"
    R"(<title>{{#title}}{{title}} – {{/title}}{{message}}</title>)"
    R"(<rect width="320" height="180" fill="#808080" fill-opacity=".12"/>)"
    R"(<text x="160" y="96" text-anchor="middle" font-family="system-ui,sans-serif" font-size="18" fill="#767676">{{heading}}</text></svg>)";

std::string picture(const page::Notice& notice) {
  namespace mustache = kainjow::mustache;
  mustache::data values;
  const auto set = [&](const char* name, std::string_view value) {
    values.set(name, std::string(value));
  };
  if (!notice.title.empty()) set("title", notice.title);
  set("message", notice.message);
  set("heading", page::heading(notice, page::words_for(notice.language)));
  mustache::mustache svg{std::string(kPicture)};
  return svg.render(values);
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  // Other origins show our pictures and load our scripts; theirs may ask for this permission
  // (Fetch §3.6).
  const auto with = [](const char* media_type, const char* content_type, std::string body) {
    return Representation{.media_type = media_type,
                          .content_type = content_type,
                          .fields = "Cross-Origin-Resource-Policy: cross-origin\r\n",
                          .body = std::move(body)};
  };
  return {
      with("image/svg+xml", "image/svg+xml", picture(notice)),
      with("text/javascript", "text/javascript; charset=utf-8", ""),
      with("text/css", "text/css; charset=utf-8", ""),
      with("font/woff2", "font/woff2", ""),
      with("application/manifest+json", "application/manifest+json", "{}"),
      with("text/vtt", "text/vtt; charset=utf-8", "WEBVTT\n"),
      with("", "", ""),  // which of many audio and video types, only the file would tell
  };
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "resource",
    .speaks_to = "browsers that load a part of a page",
    .known_by =
        "Sec-Fetch-Dest; without it, Accept prefers images or styles, or a browser asks for a "
        "script",
    .triggers = {{.methods = kRead, .fields = {Field::kSecFetchDest}},
                 {.methods = kRead,
                  .accepts = {"image/svg+xml", "image/avif", "image/webp", "image/png", "text/css",
                              "font/woff2", "application/font-woff2"}},
                 {.methods = kRead, .last_segments = {"favicon.ico", ".png", ".js", ".mjs"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::resource
