#include "report/preview.h"

#include <fmt/format.h>

#include <kainjow/mustache.hpp>
#include <string_view>

#include "negotiate/negotiate.h"
#include "page/content_policy.h"
#include "page/page_document.h"
#include "page/page_style.h"
#include "page/words.h"

namespace intermission::embedded {
extern const std::string_view preview_template;
}  // namespace intermission::embedded

namespace intermission::report {
namespace {

namespace mustache = kainjow::mustache;

std::string file_name(std::string_view theme, std::string_view language, bool posted) {
  return fmt::format("{}-{}{}.html", theme, language, posted ? "-form" : "");
}

mustache::data item(const std::string& name, std::string_view value) {
  return {name, std::string(value)};
}

std::string index_of(const catalog::Service& service, std::string_view language) {
  mustache::data themes{mustache::data::type::list};
  for (const std::string_view theme : page::theme_names()) themes << item("theme", theme);
  mustache::data languages{mustache::data::type::list};
  for (const page::Words& words : page::all_words()) {
    mustache::data entry = item("language", words.language);
    entry.set("name", words.name);
    languages << entry;
  }
  mustache::data values;
  values.set("title", service.title.empty() ? service.name : service.title);
  values.set("first", file_name(service.page.theme, language, false));
  values.set("themes", themes);
  values.set("languages", languages);
  return mustache::mustache{std::string(embedded::preview_template)}.render(values);
}

const catalog::LocalizedText::Entry& message_for(const catalog::LocalizedText& message,
                                                 std::string_view language) {
  std::vector<std::string_view> available;
  for (const auto& entry : message.entries) available.push_back(entry.language);
  http::Request visitor;
  visitor.reset("GET", "/", 11);
  visitor.add_field("Accept-Language", language);
  return message.entries[negotiate::choose_language(visitor.values(http::Field::kAcceptLanguage),
                                                    negotiate::Languages(available), 0)];
}

}  // namespace

std::vector<PreviewFile> preview(const catalog::Catalog& catalog, base::TimePoint now) {
  catalog::Service service = catalog.services().front();
  std::vector<PreviewFile> files;
  const std::string_view first = service.message.entries.front().language;
  files.push_back(
      {std::string(kPreviewIndex), index_of(service, page::words_for(first).language), ""});
  page::Notice notice;
  notice.service = service.name;
  notice.title = service.title;
  notice.since = now - std::chrono::minutes(30);
  notice.until = now + std::chrono::minutes(90);
  for (const std::string_view theme : page::theme_names()) {
    service.page.theme = theme;
    for (const page::Words& words : page::all_words()) {
      const auto& message = message_for(service.message, words.language);
      notice.message = message.text;
      notice.language = message.language;
      notice.words_language = words.language;
      for (const bool posted : {false, true}) {
        notice.fit.posted = posted;
        std::string page = page::page_document(notice, service);
        std::string policy = page::content_policy(page);
        files.push_back(
            {file_name(theme, words.language, posted), std::move(page), std::move(policy)});
      }
    }
  }
  return files;
}

}  // namespace intermission::report
