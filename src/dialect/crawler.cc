// Crawlers and makers of link previews, known by User-Agent where Accept leaves the form open:
// HTML, as they expect of every address, with what a preview shows. 503 with Retry-After keeps
// what they know of the site for a day or two.
//
// Programs are called bots too (certbot, Hubot, RenovateBot), and want no HTML. So a name like a
// crawler's is not enough: what crawlers say about themselves stands beside it, or the name is on
// the list below.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "dialect/api_use.h"
#include "dialect/dialect.h"
#include "dialect/minimal.h"

namespace intermission::dialect::crawler {
namespace {

using http::Field;

// Whole words of a User-Agent, lower case: names that crawlers also use without anything beside
// them. Discordbot is not among them, because programs that use Discord's API bear that name.
constexpr auto kCrawlers = std::to_array<std::string_view>({
    "360spider",
    "adidxbot",
    "adsbot-google",
    "ahrefsbot",
    "ahrefssiteaudit",
    "amazonbot",
    "anthropic-ai",
    "apis-google",
    "applebot",
    "awariobot",
    "baiduspider",
    "barkrowler",
    "bingbot",
    "bingpreview",
    "bitlybot",
    "blexbot",
    "bufferbot",
    "bytespider",
    "ccbot",
    "censysinspect",
    "chatgpt-user",
    "claude-searchbot",
    "claude-user",
    "claude-web",
    "claudebot",
    "coccocbot",
    "cohere-ai",
    "cohere-training-data-crawler",
    "dataforseobot",
    "daumoa",
    "deepcrawl",
    "deepseekbot",
    "diffbot",
    "domainstatsbot",
    "dotbot",
    "duckassistbot",
    "duckduckbot",
    "embedly",
    "exabot",
    "facebookbot",
    "facebookcatalog",
    "facebookexternalhit",
    "facebot",
    "fast-webcrawler",
    "flipboardproxy",
    "gigabot",
    "google-adwords-instant",
    "google-inspectiontool",
    "google-safety",
    "googlebot",
    "googlebot-image",
    "googleother",
    "gptbot",
    "grapeshotcrawler",
    "heritrix",
    "httrack",
    "ia_archiver",
    "iframely",
    "imagesiftbot",
    "istellabot",
    "linkdexbot",
    "linkedinbot",
    "livelapbot",
    "magpie-crawler",
    "mediapartners-google",
    "meta-externalagent",
    "meta-externalfetcher",
    "mistralai-user",
    "mj12bot",
    "moatbot",
    "mojeekbot",
    "msnbot",
    "naverbot",
    "neevabot",
    "nutch",
    "oai-searchbot",
    "omgili",
    "omgilibot",
    "outbrain",
    "perplexity-user",
    "perplexitybot",
    "petalbot",
    "pinterest",
    "pinterestbot",
    "qwantbot",
    "qwantify",
    "redditbot",
    "rogerbot",
    "rssingbot",
    "safednsbot",
    "scrapy",
    "seekbot",
    "seekportbot",
    "semrushbot",
    "serpstatbot",
    "seznambot",
    "siteauditbot",
    "skypeuripreview",
    "slack-imgproxy",
    "slackbot",
    "slurp",
    "sogou",
    "storebot-google",
    "teoma",
    "timpibot",
    "turnitinbot",
    "tweetmemebot",
    "twitterbot",
    "vkshare",
    "whatsapp",
    "xing-contenttabreceiver",
    "yacybot",
    "yandexbot",
    "yandeximages",
    "yisouspider",
    "youbot",
    "zoominfobot",
    "zumbot",
});
static_assert(std::is_sorted(kCrawlers.begin(), kCrawlers.end()));

// Words that stand where a crawler's name would, in what programs and browsers say.
constexpr auto kOthers = std::to_array<std::string_view>({
    "certbot",
    "dependabot",
    "errbot",
    "hubot",
    "konqueror",
    "msie",
    "pywikibot",
    "renovatebot",
});
static_assert(std::is_sorted(kOthers.begin(), kOthers.end()));

template <std::size_t size>
constexpr std::size_t shortest(const std::array<std::string_view, size>& names) {
  return std::min_element(names.begin(), names.end(),
                          [](auto a, auto b) { return a.size() < b.size(); })
      ->size();
}

// Most words are numbers and other short ones, for which no name is looked at.
bool contains(const auto& names, std::size_t shortest_name, std::string_view word) {
  std::array<char, 32> lower{};
  if (word.size() < shortest_name || word.size() > lower.size()) return false;
  std::transform(word.begin(), word.end(), lower.begin(), base::ascii_lower);
  return std::binary_search(names.begin(), names.end(),
                            std::string_view(lower.data(), word.size()));
}

constexpr bool is_word_char(char c) {
  return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_';
}

bool iends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && base::iequals(text.substr(text.size() - end.size()), end);
}

// A word of a User-Agent, with what stands around it.
class Word {
 public:
  Word(std::string_view text, bool is_compatible, bool has_url)
      : text_(text),
        stem_(text.substr(0, text.find('-'))),
        is_compatible_(is_compatible),
        has_url_(has_url) {}

  bool names_a_crawler() const {
    const bool looks_so = looks_like_one(text_) || looks_like_one(stem_);
    const bool stands_so =
        looks_so ? is_compatible_ || has_url_ : text_.size() > 2 && is_compatible_ && has_url_;
    if (is_listed(text_) || (looks_so && is_listed(stem_))) return true;
    return stands_so && !is_other(text_) && !is_other(stem_) && !watches_sites();
  }

 private:
  static bool is_listed(std::string_view name) {
    return contains(kCrawlers, shortest(kCrawlers), name);
  }
  static bool is_other(std::string_view name) { return contains(kOthers, shortest(kOthers), name); }

  // "Googlebot", "Baiduspider"; the stem of "Applebot-Extended".
  static bool looks_like_one(std::string_view name) {
    return iends_with(name, "bot") || iends_with(name, "spider") || iends_with(name, "crawler");
  }

  // "UptimeRobot" is a monitor.
  bool watches_sites() const { return iends_with(text_, "robot") || iends_with(stem_, "robot"); }

  std::string_view text_;
  std::string_view stem_;
  bool is_compatible_;  // "(compatible; Name/1.0"
  bool has_url_;        // "Name/1.0 (+https://…"
};

std::size_t end_of_word(std::string_view text, std::size_t start) {
  while (start < text.size() && is_word_char(text[start])) ++start;
  return start;
}

bool is_crawler(std::string_view user_agent) {
  const std::size_t url = user_agent.rfind("+http");
  bool is_compatible = false;
  for (std::size_t at = 0; at < user_agent.size();) {
    const std::size_t end = end_of_word(user_agent, at);
    const std::string_view word = user_agent.substr(at, end - at);
    if (word.empty()) {
      if (user_agent[at] == ';' || user_agent[at] == ')') is_compatible = false;
      ++at;
      continue;
    }
    at = end;
    if (base::iequals(word, "compatible") && user_agent.substr(at).starts_with(';')) {
      is_compatible = true;
      ++at;
    } else if (Word(word, is_compatible, url != std::string_view::npos && url >= at)
                   .names_a_crawler()) {
      return true;
    }
  }
  return false;
}

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kRead) return {};
  const negotiate::TypeWeight html = evidence.accept().weight_of("text/html");
  if (html.weight < negotiate::kMaxWeight || html.named) return {};
  if (!is_crawler(evidence.value(Field::kUserAgent)) || shows_api_use(evidence)) return {};
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = "User-Agent names a crawler"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  Representation page;
  page.media_type = "text/html";
  page.content_type = "text/html; charset=utf-8";
  page.body = minimal_page(notice, true);
  page.fields = minimal_page_fields(page.body);
  return {page};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "crawler",
    .speaks_to = "crawlers and link previews",
    .known_by =
        "User-Agent: a name on our list, or one that ends in bot, spider or crawler and stands "
        "behind \"compatible;\" or before \"+http\"; where Accept leaves the form open and nothing "
        "shows the use of an API",
    .triggers = {{.methods = kRead, .always = true}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::crawler
