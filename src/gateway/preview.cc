#include "gateway/preview.h"

#include <fmt/format.h>

#include <string_view>

#include "dialect/page_document.h"
#include "dialect/page_style.h"
#include "dialect/words.h"

namespace intermission::gateway {
namespace {

constexpr std::string_view kIndexHead = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Intermission: preview</title>
<style>
body{margin:2rem;font:1rem/1.6 system-ui,sans-serif;color-scheme:light dark}
.sizes{display:flex;gap:1rem;overflow-x:auto;align-items:start}
iframe{border:1px solid;flex:none}
.languages{columns:12rem;padding:0;list-style:none}
</style>
<h1>Preview</h1>
)";

struct Size {
  int width;
  int height;
};
constexpr Size kSizes[] = {{360, 740}, {768, 740}, {1280, 740}};

std::string file_name(std::string_view theme, std::string_view language, bool posted) {
  return fmt::format("{}-{}{}.html", theme, language, posted ? "-form" : "");
}

std::string index_of(std::string_view theme, std::string_view language) {
  const std::string first = file_name(theme, language, false);
  std::string text = fmt::format("<h2>{}</h2>\n<div class=\"sizes\">\n", theme);
  for (const auto& [width, height] : kSizes) {
    text += fmt::format(
        "<iframe src=\"{}\" width=\"{}\" height=\"{}\" title=\"{}, {} wide\">"
        "</iframe>\n",
        first, width, height, theme, width);
  }
  text += "</div>\n<ul class=\"languages\">\n";
  for (const dialect::Words& words : dialect::all_words()) {
    text += fmt::format("<li><a href=\"{}\" lang=\"{}\">{}</a> · <a href=\"{}\">form</a></li>\n",
                        file_name(theme, words.language, false), words.language, words.name,
                        file_name(theme, words.language, true));
  }
  return text + "</ul>\n";
}

}  // namespace

std::vector<PreviewFile> preview(const catalog::Catalog& catalog, base::TimePoint now) {
  catalog::Service service = catalog.services().front();
  dialect::Notice notice;
  notice.service = service.name;
  notice.title = service.title;
  notice.message = service.message.entries.front().text;
  notice.language = service.message.entries.front().language;
  notice.since = now - std::chrono::minutes(30);
  notice.until = now + std::chrono::minutes(90);

  std::vector<PreviewFile> files;
  std::string index(kIndexHead);
  for (const std::string_view theme : dialect::theme_names()) {
    service.page.theme = theme;
    index += index_of(theme, dialect::words_for(notice.language).language);
    for (const dialect::Words& words : dialect::all_words()) {
      notice.words_language = words.language;
      for (const bool posted : {false, true}) {
        notice.fit.posted = posted;
        files.push_back(
            {file_name(theme, words.language, posted), dialect::page_document(notice, service)});
      }
    }
  }
  files.push_back({"index.html", index + "</html>\n"});
  return files;
}

}  // namespace intermission::gateway
