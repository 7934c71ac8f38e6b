#include "page/page_document.h"

#include <algorithm>
#include <array>
#include <kainjow/mustache.hpp>

#include "http/date.h"
#include "page/page_style.h"
#include "page/words.h"

namespace intermission::embedded {
extern const std::string_view page_script;
extern const std::string_view page_template;
}  // namespace intermission::embedded

namespace intermission::page {
namespace {

namespace mustache = kainjow::mustache;

constexpr std::array<std::string_view, 40> kVariables = {
    "back_to_form", "color_scheme", "direction",   "end_unknown",   "has_brand",     "has_links",
    "heading",      "label",        "language",    "links",         "logo",          "meanwhile",
    "message",      "message_lang", "name",        "not_processed", "offline",       "open_page",
    "picture",      "posted",       "reference",   "script",        "service",       "service_back",
    "since",        "since_iso",    "since_label", "style",         "taking_longer", "time_passed",
    "title",        "try_again",    "until",       "until_iso",     "until_label",   "url",
    "wait",         "watching",     "words_lang",  "zone"};

/// Text that stands for itself; an empty one is no value, so that a section can ask for it.
class Values {
 public:
  void set(const char* name, std::string_view value) {
    if (!value.empty()) values_.set(name, std::string(value));
  }
  void flag(const char* name, bool value) { values_.set(name, mustache::data(value)); }
  void list(const char* name, mustache::data list) { values_.set(name, std::move(list)); }
  const mustache::data& data() const { return values_; }

 private:
  mustache::data values_;
};

std::string_view primary(std::string_view language) {
  return language.substr(0, language.find('-'));
}

std::string lang_attributes(std::string_view language, std::string_view direction) {
  return " lang=\"" + std::string(language) + "\" dir=\"" + std::string(direction) + "\"";
}

// Of languages without words here the primary subtag tells; most of the world writes from left
// to right.
std::string_view direction_of(std::string_view language) {
  const Words& words = words_for(language);
  if (primary(words.language) == primary(language)) return words.direction;
  for (const std::string_view rtl : {"ckb", "dv", "ks", "ps", "sd", "ug", "yi"}) {
    if (primary(language) == rtl) return "rtl";
  }
  return "ltr";
}

void set_words(Values& values, const Words& words) {
  values.set("since_label", words.since);
  values.set("until_label", words.back_at);
  values.set("time_passed", words.time_passed);
  values.set("end_unknown", words.end_unknown);
  values.set("taking_longer", words.taking_longer);
  values.set("try_again", words.try_again);
  values.set("watching", words.watching);
  values.set("offline", words.offline);
  values.set("service_back", words.service_back);
  values.set("not_processed", words.not_processed);
  values.set("back_to_form", words.back_to_form);
  values.set("open_page", words.open_page);
  values.set("meanwhile", words.meanwhile);
  values.set("reference", words.reference);
}

// The document's language is the visitor's; what is in another one says so.
void set_languages(Values& values, const Notice& notice, const Words& words,
                   std::string_view language) {
  values.set("language", language);
  values.set("direction", direction_of(language));
  if (language != notice.language) {
    values.set("message_lang", lang_attributes(notice.language, direction_of(notice.language)));
  }
  const bool own = primary(words_for(language).language) == primary(language) ||
                   !words_for(language).also.empty();
  if (!own) values.set("words_lang", lang_attributes(words.language, words.direction));
}

void set_notice(Values& values, const Notice& notice, const Words& words) {
  values.set("heading", heading(notice, words));
  values.set("service", notice.service);
  values.set("title", notice.title);
  values.set("message", notice.message);
  if (notice.since) {
    values.set("since", spelled_time(*notice.since, words));
    values.set("since_iso", http::rfc3339(*notice.since));
  }
  if (notice.until) {
    values.set("until", spelled_time(*notice.until, words));
    values.set("until_iso", http::rfc3339(*notice.until));
  }
}

void set_settings(Values& values, const catalog::PageSettings& settings) {
  values.set("name", settings.name);
  values.set("logo", settings.logo);
  values.flag("has_brand", !settings.name.empty() || !settings.logo.empty());
  values.set("zone", settings.zone);
  mustache::data links{mustache::data::type::list};
  for (const auto& link : settings.links) {
    mustache::data item;
    item.set("url", link.url);
    item.set("label", link.label);
    links.push_back(item);
  }
  values.flag("has_links", !settings.links.empty());
  values.list("links", links);
}

void set_fit(Values& values, const Fit& fit) {
  values.set("color_scheme", fit.scheme == Fit::Scheme::kLight  ? "light"
                             : fit.scheme == Fit::Scheme::kDark ? "dark"
                                                                : "light dark");
  values.flag("posted", fit.posted);
}

std::size_t line_ends(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// Turbo puts a document into the one that it has, with that one's scripts and policy, unless it
// says otherwise. A page of the operator's own need not know.
void make_turbo_load_it_whole(std::string& page) {
  constexpr std::string_view kHead = "<head>";
  if (page.find("turbo-visit-control") != std::string::npos) return;
  const auto head = page.find(kHead);
  if (head == std::string::npos) return;
  page.insert(head + kHead.size(), "<meta name=\"turbo-visit-control\" content=\"reload\">");
}

}  // namespace

std::string page_document(const Notice& notice, const catalog::Service& service) {
  const std::string_view language =
      notice.words_language.empty() ? notice.language : notice.words_language;
  const Words& words = words_for(language);
  Values values;
  set_words(values, words);
  set_languages(values, notice, words, language);
  set_notice(values, notice, words);
  set_settings(values, service.page);
  set_fit(values, notice.fit);
  values.set("wait", std::to_string(service.retry_after.fallback.count()));
  values.set("style", page_style(service.page, notice.fit));
  values.set("script", embedded::page_script);
  values.set("picture", theme_picture(service.page.theme));
  mustache::mustache page{service.page.document.empty() ? std::string(embedded::page_template)
                                                        : service.page.document};
  std::string rendered = page.render(values.data());
  make_turbo_load_it_whole(rendered);
  return rendered;
}

std::vector<UnknownVariable> unknown_variables(std::string_view text) {
  std::vector<UnknownVariable> unknown;
  for (std::size_t at = 0, line = 1;;) {
    const auto open = text.find("{{", at);
    const auto close = text.find("}}", open);
    if (open == std::string_view::npos || close == std::string_view::npos) return unknown;
    line += line_ends(text.substr(at, open - at));
    std::string_view name = text.substr(open + 2, close - open - 2);
    const std::size_t start = line;
    line += line_ends(name);
    at = close + 2;
    const auto first = name.find_first_not_of("{#^/&> \t\n");
    if (name.starts_with('!') || name.starts_with('=') || first == std::string_view::npos) continue;
    name.remove_prefix(first);
    name = name.substr(0, name.find_last_not_of("} \t\n") + 1);
    const bool known = std::find(kVariables.begin(), kVariables.end(), name) != kVariables.end();
    const bool told = std::any_of(unknown.begin(), unknown.end(),
                                  [&](const UnknownVariable& one) { return one.name == name; });
    if (!known && !told) unknown.push_back({std::string(name), start});
  }
}

}  // namespace intermission::page
