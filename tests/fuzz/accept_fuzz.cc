// Accept, Accept-Language and Accept-Encoding. The input is a header's lines, one per line.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/media_type.h"
#include "negotiate/negotiate.h"
#include "support/header_lines.h"
#include "support/require.h"

namespace intermission::negotiate {
namespace {

using testing::HeaderLines;
using testing::require;

using Texts = std::vector<std::string>;

constexpr std::array kOffers = {Offer{"application/problem+json", 1}, Offer{"text/html", 0},
                                Offer{"application/problem+xml", 1}, Offer{"text/plain", 2},
                                Offer{"application/json", 1}};
const Languages kLanguages({"en", "de", "pt-BR", "zh-Hant", "zh-Hans-CN", "en-GB"});
constexpr std::array kForms = {CodedSize{Coding::kIdentity, 900}, CodedSize{Coding::kGzip, 300},
                               CodedSize{Coding::kBrotli, 250}, CodedSize{Coding::kZstd, 1000}};

Texts split_lines(std::string_view text) {
  Texts lines;
  for (;;) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

// Every member on a line of its own, with its white space.
Texts split_members(const Texts& lines) {
  Texts members;
  for (const std::string& line : lines) {
    http::Splitter splitter(line, ',');
    std::string_view before = line;
    std::string_view part;
    while (splitter.next(part)) {
      const std::size_t read = before.size() - splitter.rest().size();
      const bool comma = !splitter.rest().empty() || line.ends_with(',');
      members.emplace_back(before.substr(0, read - (comma ? 1U : 0U)));
      before = splitter.rest();
    }
    if (line.empty() || line.ends_with(',')) members.emplace_back();
  }
  return members;
}

Texts join(const Texts& lines) {
  Texts joined(1);
  for (std::size_t i = 0; i < lines.size(); ++i) joined[0] += (i == 0 ? "" : ",") + lines[i];
  return joined;
}

void check_type(const TypeChoice& choice) {
  require(choice.index < kOffers.size(), "index is one of the offers");
  require(choice.weight >= 0 && choice.weight <= kMaxWeight, "weight is 0 to 1000");
  require((choice.match == Match::kUnacceptable) == (choice.weight == 0), "0 is unacceptable");
}

struct Answers {
  std::size_t type;
  int weight;
  Match match;
  int html;
  std::size_t language;
  Coding coding;

  bool operator==(const Answers&) const = default;
};

Answers answers(const Texts& lines) {
  const HeaderLines header(lines);
  const TypeChoice type = choose_type(header.values(), kOffers);
  check_type(type);
  const TypeWeight html = weight_of(header.values(), "text/html");
  require(html.weight >= -1 && html.weight <= kMaxWeight, "weight is -1 to 1000");
  require(!html.named || html.weight >= 0, "a named type has a weight");
  const std::size_t language = choose_language(header.values(), kLanguages, 1);
  require(language < kLanguages.size(), "language is one of the available");
  const Coding coding = choose_coding(header.values(), kForms);
  require(static_cast<std::size_t>(coding) < kCodings, "coding is one of the available");
  return {type.index, type.weight, type.match, html.weight, language, coding};
}

}  // namespace
}  // namespace intermission::negotiate

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace intermission::negotiate;
  const std::string text(data, data + size);
  const Texts lines = split_lines(text);
  if (lines.size() > 1000) return 0;
  const Answers expected = answers(lines);
  require(answers(split_members(lines)) == expected, "one member per line is the same");
  // A quoted-string ends with its line, so joining may change what is quoted.
  if (text.find('"') == std::string::npos) {
    require(answers(join(lines)) == expected, "one line is the same");
  }
  return 0;
}
