// Crawlers and makers of link previews, known by User-Agent where Accept leaves the form open:
// HTML, as they expect of every address, with what a preview shows. 503 with Retry-After keeps
// what they know of the site for a day or two.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/minimal.h"

namespace intermission::dialect {
namespace {

using http::Field;

// Whole words of a User-Agent, lower case; those that end like a crawler's need no entry.
constexpr std::array<std::string_view, 13> kNames = {
    "bingpreview",
    "chatgpt-user",
    "facebookexternalhit",
    "facebot",
    "google-inspectiontool",
    "googleother",
    "ia_archiver",
    "mediapartners-google",
    "pinterest",
    "skypeuripreview",
    "slurp",
    "vkshare",
    "whatsapp",
};
static_assert(std::is_sorted(kNames.begin(), kNames.end()));

constexpr bool is_word_char(char c) {
  return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_';
}

bool iends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && base::iequals(text.substr(text.size() - end.size()), end);
}

// "Googlebot", "AdsBot-Google", "Baiduspider", "Applebot-Extended"; not "UptimeRobot", which
// watches a site rather than reads it.
bool names_a_crawler(std::string_view word) {
  const std::string_view head = word.substr(0, word.find('-'));
  for (const std::string_view part : {word, head}) {
    if (iends_with(part, "robot")) return false;
    if (iends_with(part, "bot") || iends_with(part, "spider") || iends_with(part, "crawler")) {
      return true;
    }
  }
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view name) { return base::iequals(name, word); });
}

bool is_crawler(std::string_view user_agent) {
  while (!user_agent.empty()) {
    const auto end = std::find_if_not(user_agent.begin(), user_agent.end(), is_word_char);
    const auto size = static_cast<std::size_t>(end - user_agent.begin());
    if (size >= 3 && names_a_crawler(user_agent.substr(0, size))) return true;
    user_agent.remove_prefix(std::min(size + 1, user_agent.size()));
  }
  return false;
}

Claim recognise(Clues& clues) {
  if (clues.method_class() != kRead) return {};
  const negotiate::TypeWeight html = clues.accept().weight_of("text/html");
  if (html.weight < negotiate::kMaxWeight || html.named) return {};
  if (!is_crawler(clues.value(Field::kUserAgent))) return {};
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = "User-Agent names a crawler"};
}

std::vector<Representation> render(const Notice& notice, const catalog::Service&) {
  Representation page;
  page.media_type = "text/html";
  page.content_type = "text/html; charset=utf-8";
  page.fields = minimal_page_fields();
  page.body = minimal_page(notice, true);
  return {page};
}

}  // namespace

extern const Dialect kCrawler;
const Dialect kCrawler = {
    .name = "crawler",
    .speaks_to = "crawlers and makers of link previews",
    .known_by = "User-Agent, where Accept leaves the form open",
    .asked = {{.methods = kRead, .always = true}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect
