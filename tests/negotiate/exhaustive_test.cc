// Every header of up to three members of a small alphabet, against a second implementation
// that is written straight from the rules, slowly, with strings and maps.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "negotiate/negotiate.h"
#include "support/header_lines.h"

namespace intermission::negotiate {
namespace {

using testing::HeaderLines;

using Texts = std::vector<std::string>;

std::string join(const Texts& members, const std::string& separator) {
  std::string out;
  for (const std::string& member : members) out += (out.empty() ? "" : separator) + member;
  return out;
}

// Calls visit for every sequence of at most `length` members, the empty one first.
void for_every_list(const Texts& alphabet, std::size_t length,
                    const std::function<void(const Texts&)>& visit) {
  Texts members;
  const auto extend = [&](const auto& self) -> void {
    visit(members);
    if (members.size() == length) return;
    for (const std::string& member : alphabet) {
      members.push_back(member);
      self(self);
      members.pop_back();
    }
  };
  extend(extend);
}

// ---------------------------------------------------------------- Accept, naively

struct Range {
  std::string type, subtype;
  bool parameters = false;
  int weight = 1000;
};

// The alphabet holds name, name;q=W, name;p=1 and name;p=1;q=W only.
std::optional<Range> parse_range(const std::string& member) {
  static const std::map<std::string, int> kWeights = {
      {"0", 0}, {"0.5", 500}, {"0.3", 300}, {"1", 1000}, {".5", 1}};
  Range range;
  const std::string name = member.substr(0, member.find(';'));
  const auto slash = name.find('/');
  if (slash == std::string::npos) return {};
  range.type = name.substr(0, slash);
  range.subtype = name.substr(slash + 1);
  if (range.type == "*" && range.subtype != "*") return {};
  range.parameters = member.find(";p=1") != std::string::npos;
  if (const auto q = member.find(";q="); q != std::string::npos) {
    range.weight = kWeights.at(member.substr(q + 3));
  }
  return range;
}

// RFC 9110 §12.5.1: ask for the most specific kind of range first.
TypeWeight naive_weight(const std::vector<Range>& ranges, const std::string& type,
                        const std::string& subtype) {
  if (ranges.empty()) return {1000, false};
  const auto heaviest = [&](auto matches) {
    int weight = -1;
    for (const Range& range : ranges) {
      if (matches(range)) weight = std::max(weight, range.weight);
    }
    return weight;
  };
  const auto named = [&](const Range& r) { return r.type == type && r.subtype == subtype; };
  const int variant =
      heaviest([&](const Range& r) { return named(r) && r.parameters && r.weight > 0; });
  if (variant >= 0) return {variant, true};
  const int plain = heaviest([&](const Range& r) { return named(r) && !r.parameters; });
  if (plain >= 0) return {plain, true};
  const int family = heaviest([&](const Range& r) { return r.type == type && r.subtype == "*"; });
  if (family >= 0) return {family, false};
  return {heaviest([&](const Range& r) { return r.type == "*" && r.subtype == "*"; }), false};
}

std::string syntax(const std::string& subtype) {
  if (subtype == "json" || subtype.ends_with("+json")) return "json";
  if (subtype == "xml" || subtype.ends_with("+xml")) return "xml";
  return "";
}

struct NaiveOffer {
  std::string type, subtype;
  int rank;
};

struct NaiveChoice {
  std::size_t index;
  int weight;
  Match match;

  bool operator==(const NaiveChoice&) const = default;
};

void PrintTo(const NaiveChoice& choice, std::ostream* out) {
  *out << "offer " << choice.index << " weight " << choice.weight << " match "
       << static_cast<int>(choice.match);
}

// All candidates, sorted by what the rules say comes first.
NaiveChoice naive_choice(const std::vector<Range>& ranges, const std::vector<NaiveOffer>& offers) {
  std::vector<NaiveChoice> candidates;
  for (std::size_t i = 0; i < offers.size(); ++i) {
    const TypeWeight weight = naive_weight(ranges, offers[i].type, offers[i].subtype);
    if (weight.weight <= 0) continue;
    const Match match = weight.named ? Match::kExact : Match::kWildcard;
    candidates.push_back({i, weight.weight, ranges.empty() ? Match::kAny : match});
  }
  if (candidates.empty()) {
    for (std::size_t i = 0; i < offers.size(); ++i) {
      if (naive_weight(ranges, offers[i].type, offers[i].subtype).named) continue;
      for (const Range& range : ranges) {
        if (range.weight == 0 || syntax(range.subtype).empty()) continue;
        if (syntax(range.subtype) != syntax(offers[i].subtype)) continue;
        candidates.push_back({i, range.weight, Match::kSuffix});
      }
    }
  }
  if (candidates.empty()) {
    for (std::size_t i = 0; i < offers.size(); ++i) {
      candidates.push_back({i, 0, Match::kUnacceptable});
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [&](const NaiveChoice& a, const NaiveChoice& b) {
                     if (a.weight != b.weight) return a.weight > b.weight;
                     return offers[a.index].rank < offers[b.index].rank;
                   });
  return candidates.front();
}

TEST(Exhaustive, Accept) {
  const Texts alphabet = {"text/html",
                          "text/html;q=0",
                          "text/html;p=1",
                          "text/html;p=1;q=0",
                          "text/html;q=0.5",
                          "text/*;q=0.3",
                          "text/*;q=0",
                          "*/*",
                          "*/*;q=0",
                          "*/*;q=.5",
                          "application/problem+json",
                          "application/problem+json;q=0",
                          "application/problem+json;p=1;q=0.3",
                          "application/*;q=0.5",
                          "application/x+json;q=0.5",
                          "application/x+json;q=0",
                          "application/y+xml;q=0.5",
                          "application/z+json",
                          "image/png",
                          "*",
                          "*/x",
                          "nonsense"};
  const std::vector<std::vector<NaiveOffer>> menus = {
      {{"application", "problem+json", 0}, {"text", "html", 0}, {"application", "problem+xml", 0}},
      {{"application", "problem+json", 2}, {"text", "html", 1}, {"application", "problem+xml", 1}},
      {{"text", "html", 0}},
      {{"text", "plain", 1}, {"text", "html", 1}, {"application", "xml", 0}},
  };
  std::size_t headers = 0;
  for_every_list(alphabet, 3, [&](const Texts& members) {
    ++headers;
    std::vector<Range> ranges;
    for (const std::string& member : members) {
      if (const auto range = parse_range(member)) ranges.push_back(*range);
    }
    const HeaderLines one_line(join(members, ", "));
    const HeaderLines own_lines(members);
    for (const auto& menu : menus) {
      Texts types;
      for (const NaiveOffer& offer : menu) types.push_back(offer.type + "/" + offer.subtype);
      std::vector<Offer> offers;
      for (std::size_t i = 0; i < menu.size(); ++i) offers.push_back({types[i], menu[i].rank});
      const NaiveChoice expected = naive_choice(ranges, menu);
      for (const HeaderLines* header : {&one_line, &own_lines}) {
        const TypeChoice choice = choose_type(header->values(), offers);
        ASSERT_EQ((NaiveChoice{choice.index, choice.weight, choice.match}), expected)
            << "Accept: " << join(members, ", ") << " for " << join(types, " or ");
      }
      const TypeWeight html = weight_of(one_line.values(), "text/html");
      const TypeWeight naive_html = naive_weight(ranges, "text", "html");
      ASSERT_EQ(html.weight, naive_html.weight) << join(members, ", ");
      ASSERT_EQ(html.named, naive_html.named) << join(members, ", ");
    }
  });
  EXPECT_EQ(headers, 1 + 22 + 22 * 22 + 22 * 22 * 22U);
}

// ---------------------------------------------------------------- Accept-Language, naively

struct LanguageRange {
  std::string tag;
  int weight;
};

// "zh-Hant-x-y" and what it is shortened to: "zh-Hant", "zh".
Texts shortenings(const std::string& range) {
  Texts subtags;
  std::string subtag;
  for (const char c : range + "-") {
    if (c != '-') {
      subtag += c;
      continue;
    }
    subtags.push_back(subtag);
    subtag.clear();
  }
  Texts out;
  for (std::size_t n = subtags.size(); n > 0; --n) {
    const bool whole = n == subtags.size();
    if (!whole && n > 1 && subtags[n - 1].size() == 1) continue;
    out.push_back(join({subtags.begin(), subtags.begin() + static_cast<std::ptrdiff_t>(n)}, "-"));
  }
  return out;
}

int directness(const std::string& range, const std::string& tag) {
  if (range == tag) return 3;
  if (tag.starts_with(range + "-")) return 2;
  return range.starts_with(tag + "-") ? 1 : 0;
}

bool naive_refused(const std::vector<LanguageRange>& ranges, const std::string& tag) {
  int refusal = 0;
  int wish = 0;
  for (const LanguageRange& range : ranges) {
    int& most = range.weight == 0 ? refusal : wish;
    most = std::max(most, directness(range.tag, tag));
  }
  return refusal > wish;
}

std::string naive_language(std::vector<LanguageRange> ranges, const Texts& available) {
  std::stable_sort(
      ranges.begin(), ranges.end(),
      [](const LanguageRange& a, const LanguageRange& b) { return a.weight > b.weight; });
  for (const bool whole_tag : {true, false}) {
    for (const LanguageRange& range : ranges) {
      if (range.weight == 0) continue;
      for (const std::string& shortened : shortenings(range.tag)) {
        for (const std::string& tag : available) {
          const bool found = whole_tag ? tag == shortened : tag.starts_with(shortened + "-");
          if (found && !naive_refused(ranges, tag)) return tag;
        }
      }
    }
  }
  return available.front();
}

TEST(Exhaustive, AcceptLanguage) {
  const Texts alphabet = {
      "en",         "en;q=0", "en-gb",     "en-gb;q=0",   "en-us;q=0.5", "en-us;q=0",
      "de;q=0.5",   "de-at",  "de-at;q=0", "zh-hant-x-y", "zh;q=0",      "zh-hant-tw;q=.5",
      "zh-x-y;q=0", "*",      "*;q=0",     "fr-ca;q=.5",  "no_tag!",     "toolongsubtag"};
  const std::vector<Texts> menus = {{"fr", "en", "de"},
                                    {"de", "en-gb", "en-us"},
                                    {"en", "de-at", "zh-hant"},
                                    {"en-us", "zh", "zh-hant-tw", "de-ch"},
                                    {"fr"}};
  std::size_t headers = 0;
  for_every_list(alphabet, 3, [&](const Texts& members) {
    ++headers;
    std::vector<LanguageRange> ranges;
    for (const std::string& member : members) {
      const std::string tag = member.substr(0, member.find(';'));
      if (tag == "*" || tag == "no_tag!" || tag == "toolongsubtag") continue;
      int weight = 1000;
      if (member.ends_with(";q=0")) weight = 0;
      if (member.ends_with(";q=0.5")) weight = 500;
      if (member.ends_with(";q=.5")) weight = 1;
      ranges.push_back({tag, weight});
    }
    const HeaderLines one_line(join(members, " , "));
    const HeaderLines own_lines(members);
    for (const Texts& menu : menus) {
      const Languages available({menu.begin(), menu.end()});
      const std::string expected = naive_language(ranges, menu);
      for (const HeaderLines* header : {&one_line, &own_lines}) {
        ASSERT_EQ(menu[choose_language(header->values(), available, 0)], expected)
            << "Accept-Language: " << join(members, ", ") << " for " << join(menu, " or ");
      }
    }
  });
  EXPECT_EQ(headers, 1 + 18 + 18 * 18 + 18 * 18 * 18U);
}

// ---------------------------------------------------------------- Accept-Encoding, naively

// What the header says of one coding: nothing if it says nothing.
std::optional<int> naive_coding_weight(const std::vector<std::pair<std::string, int>>& members,
                                       const std::string& coding) {
  for (const std::string& name : {coding, std::string("*")}) {
    std::optional<int> weight;
    for (const auto& [member, member_weight] : members) {
      if (member == name) weight = std::max(weight.value_or(0), member_weight);
    }
    if (weight) return weight;
  }
  return {};
}

std::string naive_coding(const std::vector<std::pair<std::string, int>>& members,
                         const std::map<std::string, std::size_t>& sizes) {
  const auto identity = naive_coding_weight(members, "identity");
  const bool refused = identity && *identity == 0;
  std::string best = "identity";
  int best_weight = 0;
  for (const std::string coding : {"zstd", "br", "gzip"}) {
    if (!sizes.contains(coding)) continue;
    const int weight = naive_coding_weight(members, coding).value_or(0);
    if (weight == 0) continue;
    if (!refused && weight < identity.value_or(0)) continue;
    if (!refused && sizes.at(coding) >= sizes.at("identity")) continue;
    const bool lighter = best == "identity" || sizes.at(coding) < sizes.at(best);
    if (weight > best_weight || (weight == best_weight && lighter)) {
      best = coding;
      best_weight = weight;
    }
  }
  return best;
}

TEST(Exhaustive, AcceptEncoding) {
  const Texts alphabet = {
      "gzip",     "gzip;q=0",   "gzip;q=0.5", "x-gzip;q=0.7", "br",           "br;q=0",
      "br;q=0.5", "zstd;q=0.5", "zstd",       "identity",     "identity;q=0", "identity;q=0.5",
      "*",        "*;q=0",      "*;q=0.5",    "deflate",      "non sense",    "br;q=.5"};
  const std::map<std::string, Coding> codings = {{"identity", Coding::kIdentity},
                                                 {"gzip", Coding::kGzip},
                                                 {"br", Coding::kBrotli},
                                                 {"zstd", Coding::kZstd}};
  const std::vector<std::map<std::string, std::size_t>> menus = {
      {{"identity", 900}, {"gzip", 300}, {"br", 250}, {"zstd", 280}},
      {{"identity", 20}, {"gzip", 38}, {"br", 20}, {"zstd", 19}},
      {{"identity", 900}, {"gzip", 300}, {"br", 300}, {"zstd", 300}},
      {{"identity", 900}, {"gzip", 300}},
      {{"identity", 900}}};
  for_every_list(alphabet, 3, [&](const Texts& texts) {
    std::vector<std::pair<std::string, int>> members;
    for (const std::string& text : texts) {
      std::string name = text.substr(0, text.find(';'));
      if (name == "x-gzip") name = "gzip";
      int weight = 1000;
      if (text.ends_with(";q=0")) weight = 0;
      if (text.ends_with(";q=0.5")) weight = 500;
      if (text.ends_with(";q=0.7")) weight = 700;
      if (text.ends_with(";q=.5")) weight = 1;
      members.emplace_back(name, weight);
    }
    const HeaderLines one_line(join(texts, ","));
    const HeaderLines own_lines(texts);
    for (const auto& menu : menus) {
      std::vector<CodedSize> available;
      for (const auto& [name, bytes] : menu) available.push_back({codings.at(name), bytes});
      const std::string expected = naive_coding(members, menu);
      for (const HeaderLines* header : {&one_line, &own_lines}) {
        ASSERT_EQ(coding_name(choose_coding(header->values(), available)), expected)
            << "Accept-Encoding: " << join(texts, ", ");
      }
    }
  });
}

}  // namespace
}  // namespace intermission::negotiate
