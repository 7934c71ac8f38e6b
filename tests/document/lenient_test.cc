// Documents that somebody else maintains, and what their lines are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "document/document.h"

namespace intermission::document {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string json(const rapidjson::Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

Document lenient(const std::string& text) {
  auto document = parse_document(text, "f", Strictness::kLenient);
  if (!document) throw std::runtime_error(document.error().text());
  return std::move(*document);
}

/// "LINE: MESSAGE" of each.
std::vector<std::string> oddities(const Document& document) {
  std::vector<std::string> out;
  for (const Oddity& oddity : document.oddities) {
    out.push_back(std::to_string(oddity.line) + ": " + oddity.message);
  }
  return out;
}

TEST(LenientDocument, MergesMaps) {
  const std::string base = "base: &base { a: 1, b: 2 }\nother: &other { b: 3, c: 4 }\n";
  EXPECT_EQ(json(lenient(base + "one: { <<: *base, b: 5 }").value["one"]), R"({"b":5,"a":1})");
  EXPECT_EQ(json(lenient(base + "two: { <<: [*base, *other] }").value["two"]),
            R"({"a":1,"b":2,"c":4})");
  EXPECT_EQ(json(lenient(base + "two: { <<: *other, <<: *base }").value["two"]),
            R"({"b":3,"c":4,"a":1})");
  EXPECT_EQ(json(lenient(base + "two: { x: 1, <<: *other, y: 2 }").value["two"]),
            R"({"x":1,"y":2,"b":3,"c":4})");
  EXPECT_EQ(json(lenient("one: { '<<': 7 }").value), R"({"one":{"<<":7}})") << "a key in quotes";
  EXPECT_THAT(oddities(lenient(base + "one: { <<: *base }")), IsEmpty());
  const Document wrong = lenient("one:\n  <<: 7\n  a: 1\n");
  EXPECT_EQ(json(wrong.value), R"({"one":{"a":1}})");
  EXPECT_THAT(oddities(wrong),
              ElementsAre("1: expected a map, or several, to merge at <<, got something else"));
}

TEST(LenientDocument, KnowsTheLinesOfWhatIsMerged) {
  const Document document = lenient("a: 1\n<<:\n  b: 2\nc: 3\n");
  EXPECT_EQ(document.line_of("/<<"), 2);
  EXPECT_EQ(document.line_of("/<</b"), 3);
  EXPECT_EQ(document.line_of("/b"), 1) << "it stands in another map";
  EXPECT_EQ(document.line_of("/c"), 4);
}

TEST(LenientDocument, OfAKeyThatIsThereTwiceTheLastValueCounts) {
  const Document document = lenient("a: 1\nb: 2\na: 3\n");
  EXPECT_EQ(json(document.value), R"({"a":3,"b":2})");
  EXPECT_THAT(oddities(document), ElementsAre("3: the key \"a\" is there twice, first on line 1"));
}

TEST(LenientDocument, TakesForTextWhatNoTypeHolds) {
  const Document document = lenient(
      "a: .inf\nb: -.INF\nc: .nan\nd: 1e999\ne: !!int x\nf: !!float on\ng: !other 7\nh: !!int 7\n");
  EXPECT_EQ(json(document.value),
            R"({"a":".inf","b":"-.INF","c":".nan","d":"1e999","e":"x","f":"on","g":"7","h":7})");
  EXPECT_THAT(
      oddities(document),
      ElementsAre("1: expected a finite number, got .inf", "2: expected a finite number, got -.INF",
                  "3: expected a finite number, got .nan",
                  "4: expected a number that 64 bits can hold, got 1e999",
                  "5: expected what the tag !!int says, got x",
                  "6: expected what the tag !!float says, got on",
                  "7: unknown tag !other; only the core schema's are known"));
  const Document large = lenient("{\"a\": 1e999,\n \"b\": 7}");
  EXPECT_EQ(json(large.value), R"({"a":"1e999","b":7})");
  EXPECT_THAT(oddities(large),
              ElementsAre("1: expected a number that 64 bits can hold, got 1e999"));
}

TEST(LenientDocument, ReplacesHalfASurrogate) {
  const Document document = lenient(R"({"a\udc00": "x\udc00yy\udfffzzz\udc01", "c": "\ud7ff)"
                                    "\xed\x9f\xbf\"}");
  EXPECT_EQ(document.oddities.size(), 4U);
  EXPECT_STREQ(document.value["a\uFFFD"].GetString(), "x\uFFFDyy\uFFFDzzz\uFFFD");
  EXPECT_STREQ(document.value["c"].GetString(), "\xed\x9f\xbf\xed\x9f\xbf") << "whole characters";
}

TEST(LenientDocument, NotesSoManyOdditiesAndNoMore) {
  std::string text;
  for (std::size_t i = 1; i < kMaxOddities; ++i) text += "- .inf\n";
  EXPECT_EQ(lenient(text).oddities.size(), kMaxOddities - 1);
  EXPECT_EQ(lenient(text + "- .inf\n").oddities.size(), kMaxOddities);
  EXPECT_EQ(lenient(text + "- .inf\n- .inf\n- .inf\n").oddities.size(), kMaxOddities);
}

std::string strict(const std::string& text) {
  const auto document = parse_document(text, "f");
  return document ? json(document->value) : document.error().text();
}

TEST(StrictDocument, HoldsEachTagToItsOwnKind) {
  const std::vector<std::pair<std::string, std::string>> values = {
      {"null", "~"}, {"bool", "true"}, {"int", "7"}, {"float", "1.5"}};
  for (const auto& [tag, unused] : values) {
    for (const auto& [kind, value] : values) {
      const bool fits = tag == kind || (tag == "float" && kind == "int");
      const std::string said = strict("a: !!" + tag + " " + value);
      EXPECT_EQ(!said.starts_with("f:1: expected what the tag !!" + tag + " says, got "), fits)
          << said;
    }
  }
}

TEST(StrictDocument, AByteOrderMarkIsNoPartOfJson) {
  EXPECT_EQ(strict("\xef\xbb\xbf{\"a\": \"\\ud83d\\ude00\"}"), "{\"a\":\"\xf0\x9f\x98\x80\"}");
}

TEST(StrictDocument, MayBeAsLargeAsItsLimit) {
  const std::string blank(kMaxDocumentBytes, ' ');
  EXPECT_THAT(strict(blank), ::testing::Not(HasSubstr("expected at most")));
  EXPECT_EQ(strict(blank + ' '), "f: expected at most 67108864 bytes");
}

// A list whose alias stands inside `around` further lists, in a map.
std::string with_alias(const std::string& repeated, std::size_t around) {
  return "a: &a " + repeated + "\nb: " + std::string(around, '[') + "*a" +
         std::string(around, ']') + "\n";
}

TEST(StrictDocument, CountsTheLevelsThatAliasesRepeat) {
  const std::string limit =
      "f:2: expected at most 200 levels of nesting, those that aliases repeat included";
  const std::vector<std::pair<std::string, std::size_t>> heights = {
      {"7", 0}, {"x", 0}, {"[]", 1}, {"{}", 1}, {"[7]", 1}, {"[x]", 1}, {"{ k: [7] }", 2}};
  for (const auto& [repeated, height] : heights) {
    const std::size_t most = kMaxDocumentDepth - 1 - height;  // the map is one level
    EXPECT_THAT(strict(with_alias(repeated, most)), ::testing::StartsWith("{\"a\":")) << repeated;
    if (height > 0) {
      EXPECT_EQ(strict(with_alias(repeated, most + 1)), limit) << repeated;
    }
  }
}

TEST(StrictDocument, CountsTheBytesThatAliasesRepeat) {
  const std::string text(1024 * 1024, 'x');
  for (const std::string& container : {"[ " + text + " ]", "{ k: " + text + " }", text}) {
    std::string document = "a: &a " + container + "\nb:\n";
    for (int i = 0; i < 100; ++i) document += "- *a\n";
    EXPECT_THAT(strict(document), HasSubstr("expected aliases to repeat at most 67108864 bytes"));
  }
}

}  // namespace
}  // namespace intermission::document
