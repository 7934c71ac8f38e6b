#include "document/document.h"

#include <gtest/gtest.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "support/temporary_folder.h"

namespace intermission::document {
namespace {

std::string json(const rapidjson::Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

// In a heap buffer of exactly the text's size, so that the address sanitizer sees an overread.
base::Result<Document> parse(std::string_view text) {
  const auto exact = std::make_unique<char[]>(text.size());
  std::memcpy(exact.get(), text.data(), text.size());
  return parse_document({exact.get(), text.size()}, "f");
}

/// The value as compact JSON, or the error.
std::string read(std::string_view text) {
  const auto document = parse(text);
  return document ? json(document->value) : document.error().text();
}

TEST(Document, JsonNumbers) {
  EXPECT_EQ(read("{\"a\": [0, -1, 0.5, 1e3, 18446744073709551615, -9223372036854775808]}"),
            "{\"a\":[0,-1,0.5,1000.0,18446744073709551615,-9223372036854775808]}");
  EXPECT_EQ(read("{\"a\": [0e-73, 0e73, 0.0]}"), "{\"a\":[0.0,0.0,0.0]}");
}

TEST(Document, YamlByTheCoreSchema) {
  EXPECT_EQ(read("a: on\nb: Off\nc: yes\nd: \"1\"\ne: 'true'\nf: 2026-12-01T22:00:00Z\n"),
            R"({"a":"on","b":"Off","c":"yes","d":"1","e":"true","f":"2026-12-01T22:00:00Z"})");
  EXPECT_EQ(read("[1, 0x1F, 0o17, -7, .5, 1e3, ~, null, True, FALSE]"),
            "[1,31,15,-7,0.5,1000.0,null,null,true,false]");
  EXPECT_EQ(read("a:\nb: !!str 1\nc: !!int 7\nd: !!float 3\ne: !!null ~\nf: !!bool true\n"),
            R"({"a":null,"b":"1","c":7,"d":3,"e":null,"f":true})");
  EXPECT_EQ(read("a: !!seq [1]\nb: !!map {c: ! 2}\n"), R"({"a":[1],"b":{"c":"2"}})");
  EXPECT_EQ(read("a: |\n  one\n   two\nb: >-\n  three\n  four\n"),
            R"({"a":"one\n two\n","b":"three four"})");
  EXPECT_EQ(read("%YAML 1.2\n---\n- a\n-\n - b\n- c: 1\n  d: 2\n...\n"),
            R"(["a",["b"],{"c":1,"d":2}])");
  EXPECT_EQ(read("just text"), R"("just text")");
  EXPECT_EQ(read("---\n~"), "null");
  EXPECT_EQ(read("--- # nothing\n\n---"), "f:3: expected the end of the document, got more text");
  EXPECT_EQ(read("a: 1\r\nb: 2\r\n"), R"({"a":1,"b":2})");
  EXPECT_EQ(read("\xef\xbb\xbf"
                 "a: 1"),
            R"({"a":1})");
  EXPECT_EQ(read("a: \"\\x00\\u00e9\\U0001f600\""), "{\"a\":\"\\u0000\xc3\xa9\xf0\x9f\x98\x80\"}");
}

TEST(Document, KeysAreTextAsWritten) {
  EXPECT_EQ(read("200: a\n1.5: b\ntrue: c\n'on': d\n\"\": e\n!!str f: g\n<<: {h: 1}\n"),
            R"({"200":"a","1.5":"b","true":"c","on":"d","":"e","f":"g","<<":{"h":1}})");
}

TEST(Document, EscapesOfYamlAreWholeCharacters) {
  const auto document =
      parse_document("\"k\\_\": \"\\x41\\_00\\N\\xe9\\u2003\xC3\x85\xE2\x82\xA0\"\n", "f");
  ASSERT_TRUE(document) << document.error().text();
  const auto& member = *document->value.MemberBegin();
  EXPECT_STREQ(member.name.GetString(), "k\xC2\xA0");
  EXPECT_STREQ(member.value.GetString(),
               "A\xC2\xA0"
               "00\xC2\x85\xC3\xA9\xE2\x80\x83\xC3\x85\xE2\x82\xA0");
}

TEST(Document, Json) {
  EXPECT_EQ(read(" {\"a\": [1, -2, 1.5, true, false, null, \"\\ud83d\\ude00\\u0000\\/\"]}\n"),
            "{\"a\":[1,-2,1.5,true,false,null,\"\xf0\x9f\x98\x80\\u0000/\"]}");
  EXPECT_EQ(read("[\"\xed\x9f\xbf\"]"), "[\"\xed\x9f\xbf\"]");  // U+D7FF, no surrogate
  EXPECT_EQ(read("{}"), "{}");
  EXPECT_EQ(read("[]"), "[]");
  EXPECT_EQ(read("{\"a\": 1,}  # YAML, after all"), R"({"a":1})");
  EXPECT_EQ(read("{a: 1, b: [on]}"), R"({"a":1,"b":["on"]})");
}

TEST(Document, Aliases) {
  EXPECT_EQ(read("a: &x {k: [1]}\nb: *x\nc: [*x, {d: *x}]\n"),
            R"({"a":{"k":[1]},"b":{"k":[1]},"c":[{"k":[1]},{"d":{"k":[1]}}]})");
  EXPECT_EQ(read("&k a: 1\nb: *k\nc: {*k : 2}\n"), R"({"a":1,"b":"a","c":{"a":2}})");
  EXPECT_EQ(read("a: &x 1\nb: &x 2\nc: *x\n"), R"({"a":1,"b":2,"c":2})");
  EXPECT_EQ(read("a: &x\nb: *x\n"), R"({"a":null,"b":null})");
}

TEST(Document, EveryValueHasTheLineOfItsKeyOrItself) {
  const auto yaml = parse("# comment\na: 1\nb:\n  c:\n    - x\n    -\n      d/e~:\n        5\n");
  ASSERT_TRUE(yaml) << yaml.error().text();
  const std::map<std::string, int, std::less<>> expected = {
      {"", 2},       {"/a", 2},     {"/b", 3},           {"/b/c", 4},
      {"/b/c/0", 5}, {"/b/c/1", 7}, {"/b/c/1/d~1e~0", 7}};
  EXPECT_EQ(yaml->lines, expected);
  const auto from_json = parse("{\n\"a\":\n 1,\n\"b\": [\n 2,\n {}]}");
  ASSERT_TRUE(from_json);
  const std::map<std::string, int, std::less<>> json_lines = {
      {"", 1}, {"/a", 2}, {"/b", 4}, {"/b/0", 5}, {"/b/1", 6}};
  EXPECT_EQ(from_json->lines, json_lines);
}

TEST(Document, NoLineIsPastTheEnd) {
  for (const std::string_view text : {"-", "- ", "a:", "a:\n", "a:\n  b:\n    -", "? a"}) {
    const auto document = parse(text);
    ASSERT_TRUE(document) << document.error().text();
    const auto last = 1 + std::count(text.begin(), text.end(), '\n');
    for (const auto& [pointer, line] : document->lines) EXPECT_LE(line, last) << text << pointer;
  }
}

TEST(Document, LineOfFallsBackToTheNearestParent) {
  const auto document = parse("a:\n  b: &x [1]\nc: *x\n");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->line_of("/a/b/0"), 2);
  EXPECT_EQ(document->line_of("/a/b/7/none"), 2);
  EXPECT_EQ(document->line_of("/c/0"), 3);
  EXPECT_EQ(document->line_of("/none"), 1);
  EXPECT_EQ(document->line_of(""), 1);
  EXPECT_EQ(Document{}.line_of("/a"), 0);
}

TEST(Document, Mistakes) {
  const std::string closing = "expected a closing quote, got the end of the document";
  const std::string colon =
      "expected no ': ' in this value (put text that contains ': ' in quotes, or check the "
      "indentation)";
  const std::string token =
      "expected a key, a list item or text (text that starts with @, ` or % is quoted; a tab is "
      "no indentation)";
  const std::string empty = "f: expected a YAML or JSON document, got an empty text";
  const std::string more = "expected the end of the document, got more text";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", empty},
      {" \n\n", empty},
      {"# only\n  # comments", empty},
      {"---\n", empty},
      {"%2a: 1", empty},
      {"a: 1\nb: 2\na: 3\n", R"(f:3: the key "a" is there twice, first on line 1)"},
      {"{\"a\": 1,\n\"a\": 2}", R"(f:2: the key "a" is there twice, first on line 1)"},
      {"a: {\"x\\n\": 1, \"x\\n\": 2}", R"(f:1: the key "x\x0a" is there twice, first on line 1)"},
      {"&k a: 1\n*k : 2\n", R"(f:2: the key "a" is there twice, first on line 1)"},
      {"[a, b]: c",
       "f:1: expected text as a key, got a list (text that starts with { or [ is quoted)"},
      {"a:\n  response: {{message}}",
       "f:2: expected text as a key, got a map (text that starts with { or [ is quoted)"},
      {": x", "f:1: expected text as a key, got nothing (a key null is quoted)"},
      {"a: &x [1]\n? *x\n: 2", "f:2: expected text as a key, got an alias of something else"},
      {"a: !color red", "f:1: unknown tag !color; only the core schema's are known"},
      {"a: !!binary aGk=",
       "f:1: unknown tag tag:yaml.org,2002:binary; only the core schema's are known"},
      {"!x a: 1", "f:1: unknown tag !x; only the core schema's are known"},
      {"a: !!map [1]", "f:1: unknown tag tag:yaml.org,2002:map; only the core schema's are known"},
      {"a: !!int x", "f:1: expected what the tag !!int says, got x"},
      {"a: !!bool on", "f:1: expected what the tag !!bool says, got on"},
      {"a: .inf", "f:1: expected a finite number, got .inf"},
      {"a: [1,\n .nan]", "f:2: expected a finite number, got .nan"},
      {"a: 1e999", "f:1: expected a number that 64 bits can hold, got 1e999"},
      {"{\"a\":\n1e999}", "f:2: expected a number that 64 bits can hold"},
      {R"({"a": "\ude00"})", "f:1: expected a pair of surrogates, got one half"},
      {R"({"\ud66d\ude00": 1})", "f:1: expected a pair of surrogates, got one half"},
      {R"({"a": "\ud83d"})", "f:1: not valid YAML: invalid unicode: 55357"},
      {"a: 1\n---\nb: 2\n", "f:2: " + more},
      {"a: 1\n...\nb: 2\n", "f:3: " + more},
      {"{\"a\": 1} x", "f:1: " + more},
      {R"({"a": [})", "f:1: this } or ] does not match the last { or [ that is open"},
      {"a: 1\n]", "f:2: this } or ] does not match the last { or [ that is open"},
      {"\ta: 1", "f:1: expected spaces as indentation, got a tab"},
      {"a:\n\tb: 1", "f:2: expected spaces as indentation, got a tab"},
      {"a:\n  b: 1\n\tc: 1", "f:3: expected spaces as indentation, got a tab"},
      {"a: b: c", "f:1: " + colon},
      {"a: 1\n  b: 2", "f:2: " + colon},
      {"a: \"x", "f:1: " + closing},
      {"a: \"x\n", "f:1: " + closing},
      {"a: 'x\nb: 1\n  ", "f:3: " + closing},
      {"a: [1, 2\nb: 3", "f:2: expected , or ] in a list that began with ["},
      {"{\"a\": 1\n \"b\": 2}", "f:2: expected , or } in a map that began with {"},
      {"a:\n  - x\n - y", "f:3: expected a key at the indentation of the others"},
      {"- 1\n- 2\nb: 3", "f:3: " + more},
      {"- - 1\n - 2", "f:2: expected an item at the indentation of the others"},
      {"a: - x", "f:1: expected no list item here (check the indentation)"},
      {"a: *x", "f:1: the anchor of this alias (*) is not defined before it"},
      {"a: &a [*a]", "f:1: an alias cannot stand inside the value that it repeats"},
      {"a: @x", "f:1: " + token},
      {"a: \"\\q\"", "f:1: not valid YAML: unknown escape character: q"},
      {"a: 1\nb: \xff", "f:2: expected UTF-8, got the byte \\xff in no valid sequence"},
      {"a: \xc3", "f:1: expected UTF-8, got the byte \\xc3 in no valid sequence"},
      {"a: \xed\xa0\x80", "f:1: expected UTF-8, got the byte \\xed in no valid sequence"},
      {std::string("a: \0", 4), "f:1: expected text, got the control character \\x00"},
      {"a: 1\nb: \x04", "f:2: expected text, got the control character \\x04"},
      {std::string("\xff\xfe"
                   "a\0",
                   4),
       "f:1: expected UTF-8, got the byte \\xff in no valid sequence"},
      {std::string(5000, 'k') + ": 1", "f:1: " + colon},
      {"? " + std::string(5000, 'k') + "\n: 1", "f:1: expected a key of at most 4096 bytes"},
      {"{\"" + std::string(5000, 'k') + "\": 1}", "f:1: expected a key of at most 4096 bytes"},
  };
  for (const auto& [text, error] : rows) EXPECT_EQ(read(text), error) << text;
}

TEST(Document, NestingIsBounded) {
  const std::string limit = "f:1: expected at most 200 levels of nesting";
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(read(nested(kMaxDocumentDepth)), nested(kMaxDocumentDepth));
  EXPECT_EQ(read(nested(kMaxDocumentDepth + 1)), limit);
  EXPECT_EQ(read(std::string(100'000, '[')), limit);
  std::string dashes;
  for (int i = 0; i < 100'000; ++i) dashes += "- ";
  EXPECT_EQ(read(dashes), limit);
  std::string chain = "a0: &a0 [x]\n";
  for (int i = 1; i < 300; ++i) {
    const std::string name = "a" + std::to_string(i);
    chain += name + ": &" + name + " [*a" + std::to_string(i - 1) + "]\n";
  }
  EXPECT_EQ(read(chain),
            "f:200: expected at most 200 levels of nesting, those that aliases repeat included");
}

TEST(Document, AliasesAreBounded) {
  std::string laughs = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c <= 'z'; ++c) {
    const std::string before = std::string("*") + static_cast<char>(c - 1);
    laughs += std::string(1, c) + ": &" + c + " [" + before;
    for (int i = 0; i < 9; ++i) laughs += "," + before;
    laughs += "]\n";
  }
  EXPECT_EQ(read(laughs),
            "f:7: expected at most 4000000 values, those that aliases repeat included");
  std::string copies = "a: &a " + std::string(1024 * 1024, 'x') + "\nb:\n";
  for (int i = 0; i < 100; ++i) copies += "- *a\n";
  EXPECT_EQ(read(copies), "f:66: expected aliases to repeat at most 67108864 bytes of text");
}

// Without a bound, the pointers of this text would take 40 GB.
TEST(Document, LinesOfDeepLongKeysAreBounded) {
  std::string text;
  for (int i = 0; i < 190; ++i) text += "{\"" + std::string(4000, 'k') + "\":";
  text += "[0";
  for (int i = 0; i < 50'000; ++i) text += ",0";
  text += "]" + std::string(190, '}');
  const auto document = parse(text);
  ASSERT_TRUE(document) << document.error().text();
  std::size_t bytes = 0;
  for (const auto& [pointer, line] : document->lines) bytes += pointer.size();
  EXPECT_LE(bytes, kMaxPointerBytes);
  EXPECT_EQ(document->line_of(document->lines.rbegin()->first + "/none"), 1);
}

TEST(Document, KeysAreBounded) {
  const std::string longest(kMaxKeyBytes, 'k');
  for (const char* quote : {"\"", ""}) {
    const std::string open = *quote == '\0' ? "? " : "{\"";
    const std::string close = *quote == '\0' ? "\n: 1\n" : "\":1}";
    EXPECT_EQ(read(open + longest + close), "{\"" + longest + "\":1}");
    EXPECT_EQ(read(open + longest + "k" + close), "f:1: expected a key of at most 4096 bytes");
  }
}

TEST(Document, JsonThatEndsEarlyIsNone) {
  const std::string whole = R"({"a":[1,true,"x\u00fc"],"b":null})";
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EXPECT_FALSE(parse(whole.substr(0, size))) << size;
  }
  EXPECT_EQ(read("[1e400]"), "f:1: expected a number that 64 bits can hold");
  EXPECT_EQ(read("[\n1,\n-1e999]"), "f:3: expected a number that 64 bits can hold");
}

TEST(Document, TagsOfTheCoreSchemaAreHeldTo) {
  EXPECT_EQ(read("a: !!null ~"), R"({"a":null})");
  EXPECT_EQ(read("a: !!float 5"), R"({"a":5})");
  EXPECT_EQ(read("a: !!float 5.5"), R"({"a":5.5})");
  EXPECT_EQ(read("a: !!null x"), "f:1: expected what the tag !!null says, got x");
  EXPECT_EQ(read("a: !!null 5"), "f:1: expected what the tag !!null says, got 5");
  EXPECT_EQ(read("a: !!float x"), "f:1: expected what the tag !!float says, got x");
  EXPECT_EQ(read("a: !!int 5.5"), "f:1: expected what the tag !!int says, got 5.5");
  EXPECT_EQ(read("a: !!bool 1"), "f:1: expected what the tag !!bool says, got 1");
  EXPECT_EQ(read("a: !!seq {}"),
            "f:1: unknown tag tag:yaml.org,2002:seq; only the core schema's are known");
}

TEST(Document, TooLarge) {
  const std::string text(kMaxDocumentBytes + 1, ' ');
  EXPECT_EQ(parse_document(text, "f").error().text(), "f: expected at most 67108864 bytes");
}

TEST(Document, Files) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.write("a.yaml", "a: 1\n");
  const auto document = read_document(path);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->file, path);
  EXPECT_EQ(json(document->value), R"({"a":1})");
  const std::string none = folder.path() / "none.yaml";
  EXPECT_EQ(read_document(none).error().text(),
            none + ": cannot be read: No such file or directory");
  const std::string directory = folder.path();
  EXPECT_EQ(read_document(directory).error().text(),
            directory + ": expected a file, got a directory");
  const std::string broken = folder.write("b.yaml", "a: 1\nb: [\n");
  EXPECT_EQ(read_document(broken).error().text(),
            broken + ":2: expected , or ] in a list that began with [");
}

}  // namespace
}  // namespace intermission::document
