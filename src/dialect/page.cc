// The page for browsers: one self-contained document, without script, that follows the
// visitor's colour scheme by CSS alone.
#include <kainjow/mustache.hpp>

#include "dialect/dialect.h"
#include "dialect/html.h"
#include "dialect/words.h"
#include "http/date.h"

namespace intermission::embedded {
extern const std::string_view page_template;
extern const std::string_view page_style;
extern const std::string_view page_style_hash;  // 'sha256-…' of page_style, for the CSP
}  // namespace intermission::embedded

namespace intermission::dialect {
namespace {

using http::Field;

Claim recognise(Clues& clues) {
  const Claim claim = claim_html(clues);
  if (claim.strength == Claim::Strength::kNone || wants_little(clues)) return {};
  return claim;
}

std::string fill(const Notice& notice) {
  namespace mustache = kainjow::mustache;
  const Words& words = words_for(notice.language);
  mustache::data values;
  const auto set = [&](const char* name, std::string_view value) {
    values.set(name, std::string(value));
  };
  set("language", notice.language);
  if (!notice.title.empty()) set("title", notice.title);  // an empty text would count as one
  set("message", notice.message);
  set("heading", words.down_for_maintenance);
  set("try_again", words.try_again);
  set("style", embedded::page_style);
  const bool own_words = notice.language.starts_with(words.language);
  set("words_lang", own_words ? "" : " lang=\"" + std::string(words.language) + "\"");
  if (notice.since || notice.until) values.set("times", mustache::data::type::bool_true);
  if (notice.since) {
    set("since", readable_time(*notice.since));
    set("since_iso", http::rfc3339(*notice.since));
    set("since_label", words.since);
  }
  if (notice.until) {
    set("until", readable_time(*notice.until));
    set("until_iso", http::rfc3339(*notice.until));
    set("until_label", words.back_at);
  }
  mustache::mustache page{std::string(embedded::page_template)};
  return page.render(values);
}

std::vector<Representation> render(const Notice& notice, const catalog::Service&) {
  Representation page;
  page.media_type = "text/html";
  page.content_type = "text/html; charset=utf-8";
  page.fields = "Content-Security-Policy: default-src 'none'; style-src " +
                std::string(embedded::page_style_hash) +
                "; img-src data:; base-uri 'none'; form-action 'none'\r\n"
                "Referrer-Policy: no-referrer\r\n";
  page.body = fill(notice);
  return {page};
}

}  // namespace

extern const Dialect kPage;
const Dialect kPage = {
    .name = "page",
    .speaks_to = "browsers",
    .known_by = "Sec-Fetch-Mode navigate; without it, Accept names text/html",
    .asked = {{.fields = {Field::kSecFetchMode}, .accepts = {"text/html"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect
