// The minimal page: for browsers that save data (Save-Data: on) and for frames.
#include "dialect/minimal.h"

#include <kainjow/mustache.hpp>

#include "dialect/dialect.h"
#include "dialect/html.h"
#include "http/date.h"
#include "page/content_policy.h"
#include "page/words.h"

namespace intermission::dialect::minimal {
namespace {

using http::Field;

constexpr const char* kTemplate = R"(<!doctype html>
<html lang="{{language}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="turbo-visit-control" content="reload">
<title>{{#title}}{{title}} – {{/title}}{{heading}}</title>
{{#preview}}
<meta name="description" content="{{message}}">
<meta property="og:title" content="{{#title}}{{title}} – {{/title}}{{heading}}">
<meta property="og:description" content="{{message}}">
{{/preview}}
</head>
<body>
<h1{{{words_lang}}}>{{heading}}</h1>
<p>{{message}}</p>
{{#until}}
<p{{{words_lang}}}>{{until_label}} <time datetime="{{until_iso}}">{{until}}</time></p>
{{/until}}
<p><a href=""{{{words_lang}}}>{{try_again}}</a></p>
{{^preview}}<script>{{{script}}}</script>
{{/preview}}</body>
</html>
)";

// A service worker of the application may have kept this page, and would show it for ever.
constexpr const char* kForget =
    "(async()=>{try{for(const n of await caches.keys())await(await caches.open(n)).delete("
    "location.href,{ignoreVary:true})}catch{}})()";

Claim recognise(RequestEvidence& evidence) {
  Claim claim = claim_html(evidence);
  if (claim.strength == Claim::Strength::kNone) return claim;
  if (!wants_little(evidence)) return {};
  claim.why = "a page is wanted, and a small one: Save-Data is on, or it is for a frame";
  return claim;
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  Representation page;
  page.media_type = "text/html";
  page.content_type = "text/html; charset=utf-8";
  page.body = minimal_page(notice, false);
  page.fields = minimal_page_fields(page.body);
  return {page};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "minimal",
    .speaks_to = "browsers that save data, and frames",
    .known_by = "as for the page, and Save-Data is on, or Sec-Fetch-Dest is a frame",
    .triggers = {{.fields = {Field::kSecFetchMode}, .accepts = {"text/html"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::minimal

namespace intermission::dialect {

std::string minimal_page(const page::Notice& notice, bool preview) {
  namespace mustache = kainjow::mustache;
  const page::Words& words = page::words_for(notice.language);
  mustache::data values;
  const auto set = [&](const char* name, std::string_view value) {
    values.set(name, std::string(value));
  };
  set("language", notice.language);
  if (!notice.title.empty()) set("title", notice.title);  // an empty text would count as one
  set("message", notice.message);
  set("heading", page::heading(notice, words));
  set("try_again", words.try_again);
  const bool own_words = notice.language.starts_with(words.language);
  set("words_lang", own_words ? "" : " lang=\"" + std::string(words.language) + "\"");
  if (notice.until) {
    set("until", page::readable_time(*notice.until));
    set("until_iso", http::rfc3339(*notice.until));
    set("until_label", words.back_at);
  }
  if (preview) values.set("preview", mustache::data::type::bool_true);
  set("script", minimal::kForget);
  mustache::mustache page{std::string(minimal::kTemplate)};
  return page.render(values);
}

std::string minimal_page_fields(std::string_view html) {
  const bool has_script = html.find("<script>") != std::string_view::npos;
  return "Content-Security-Policy: " +
         (has_script ? page::content_policy(html)
                     : "default-src 'none'; base-uri 'none'; form-action 'none'") +
         "\r\n"
         "Referrer-Policy: no-referrer\r\n";
}

}  // namespace intermission::dialect
