// Foreign JSON, valid or not: the members that can be recognised are found.
#include "dialect/json_scan.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::dialect {
namespace {

class Writes : public JsonVisitor {
 public:
  void begin_object() override { out += '{'; }
  bool member(std::string_view name, std::string_view value) override {
    out.append(name).append("=").append(value).append(";");
    return name != "stop";
  }
  void end_object() override { out += '}'; }
  std::string out;
};

// The members seen, then "whole" or "list" as they hold.
std::string scan(std::string_view body) {
  Writes writes;
  const JsonScan found = scan_json(body, writes);
  return writes.out + (found.is_list ? " list" : "") + (found.is_whole ? " whole" : "");
}

TEST(JsonScan, TellsTheMembersOfAnObject) {
  EXPECT_EQ(scan("{}"), "{} whole");
  EXPECT_EQ(scan(" \r\n{ \"a\" : 1 , \"b\":\"x\" }\t"), "{a=1;b=\"x\";} whole");
  EXPECT_EQ(scan("\xEF\xBB\xBF{\"a\":null}"), "{a=null;} whole");
  EXPECT_EQ(scan("{\"a\":[1,{\"b\":\"]}\"}],\"c\":{}}"), "{a=[1,{\"b\":\"]}\"}];c={};} whole");
  EXPECT_EQ(scan(R"({"a\"b":"\\"})"), R"({a\"b="\\";} whole)");
}

TEST(JsonScan, TellsTheMembersOfEachObjectInAList) {
  EXPECT_EQ(scan("[]"), " list whole");
  EXPECT_EQ(scan("[{\"a\":1},7,{\"b\":2}]"), "{a=1;}{b=2;} list whole");
}

TEST(JsonScan, ANumberKeepsAllItsDigits) {
  EXPECT_EQ(scan("{\"a\":-1234567890123456789012345678901234567890.50e+999}"),
            "{a=-1234567890123456789012345678901234567890.50e+999;} whole");
}

TEST(JsonScan, TellsWhatStoodBeforeACutOrAMistake) {
  EXPECT_EQ(scan("{\"a\":1,\"b\":\"x"), "{a=1;");
  EXPECT_EQ(scan("{\"a\":1,\"b\":[1,2"), "{a=1;");
  EXPECT_EQ(scan("{\"a\":1"), "{") << "the number may go on";
  EXPECT_EQ(scan("[{\"a\":1},{\"b\":2"), "{a=1;}{ list");
  EXPECT_EQ(scan("{\"a\":1} x"), "{a=1;}");
  EXPECT_EQ(scan("{\"a\" 1}"), "{");
  EXPECT_EQ(scan("{a:1}"), "{");
  EXPECT_EQ(scan("{\"a\":}"), "{");
  for (const char* body : {"", "x", "7", "\"", "]", ",", "\xEF\xBB"}) EXPECT_EQ(scan(body), "");
}

TEST(JsonScan, EndsEarlyWhereEnoughWasSeen) {
  EXPECT_EQ(scan("{\"stop\":1,\"b\":2}"), "{stop=1;");
}

TEST(JsonScan, DeepNestingIsSurvived) {
  const std::string deep(100000, '[');
  EXPECT_EQ(scan("{\"a\":" + deep + "}"), "{");
  EXPECT_EQ(scan(deep), " list");
}

TEST(JsonScan, OneValueIsVerified) {
  for (const char* text :
       {"0", "-0", "7", "1e400", "-0.5E-3", "\"\"", "\"\\u00e4\\n\"", "null", "true", "[1,{}]",
        "12345678901234567890123456789012345678901234567890"}) {
    EXPECT_TRUE(is_json(text)) << text;
  }
  for (const char* text : {"", "-", "01", "1.", "1e", "+1", ".5", "\"", "\"\\x\"", "\"\n\"", "nul",
                           "[1", "1 2", "\"\xC3\"", "NaN"}) {
    EXPECT_FALSE(is_json(text)) << text;
  }
  EXPECT_FALSE(is_json(std::string_view("null\0", 5)));
}

}  // namespace
}  // namespace intermission::dialect
