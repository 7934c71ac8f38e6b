#include "http/request.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace intermission::http {
namespace {

TEST(Field, EveryKnownNameIsFoundInAnyCase) {
  for (std::size_t i = 0; i < known_fields(); ++i) {
    const auto field = static_cast<Field>(i);
    std::string upper(field_name(field));
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_EQ(field_from(field_name(field)), field) << field_name(field);
    EXPECT_EQ(field_from(upper), field) << upper;
    EXPECT_EQ(field_from(upper + "x"), Field::kOther) << upper;
  }
  EXPECT_EQ(field_from(""), Field::kOther);
  EXPECT_EQ(field_from("a"), Field::kOther);
}

TEST(Field, ANameIsKnownOnceItIsNamed) {
  if (field_from("X-Of-A-New-Kind") != Field::kOther) GTEST_SKIP() << "named by an earlier round";
  const std::size_t before = known_fields();
  const Field named = named_field("X-Of-A-New-Kind");
  EXPECT_EQ(known_fields(), before + 1);
  EXPECT_EQ(field_name(named), "X-Of-A-New-Kind");
  EXPECT_EQ(field_from("x-of-a-new-kind"), named);
  EXPECT_EQ(named_field("X-OF-A-NEW-KIND"), named);
  EXPECT_EQ(named_field("accept"), Field::kAccept);
  EXPECT_EQ(known_fields(), before + 1);

  Request request;
  request.reset("GET", "/", 11);
  request.add_field("x-of-a-new-kind", "1");
  EXPECT_TRUE(request.has(named));
  EXPECT_EQ(request.value(named), "1");
}

// In a process of its own: what is named stays so.
void name_all_there_may_be() {
  static std::vector<std::string> names;
  names.reserve(kMostFields);
  while (known_fields() < kMostFields) {
    names.push_back("X-Number-" + std::to_string(known_fields()));
    if (field_from(names.back()) != Field::kOther) std::exit(1);
    if (named_field(names.back()) != field_from(names.back())) std::exit(2);
  }
  try {
    named_field("X-One-Too-Many");
    std::exit(3);
  } catch (const std::length_error&) {
  }
  if (field_from("X-One-Too-Many") != Field::kOther) std::exit(4);
  if (named_field("x-number-158") != static_cast<Field>(158)) std::exit(5);
  std::exit(0);
}

TEST(Field, ThereIsAnErrorWhereNoNumberIsLeft) {
  EXPECT_EXIT(name_all_there_may_be(), ::testing::ExitedWithCode(0), "");
}

TEST(Request, RepeatedLinesAreReadInOrder) {
  Request request;
  request.reset("GET", "/", 11);
  request.add_field("accept", "a/b");
  request.add_field("X-Other", "1");
  request.add_field("ACCEPT", "c/d");
  std::vector<std::string_view> values;
  for (const auto value : request.values(Field::kAccept)) values.push_back(value);
  EXPECT_EQ(values, (std::vector<std::string_view>{"a/b", "c/d"}));
  EXPECT_EQ(request.value(Field::kAccept), "a/b");
  EXPECT_EQ(request.value("x-other"), "1");
  EXPECT_TRUE(request.values(Field::kHost).empty());
}

TEST(Request, ResetForgetsTheLastOne) {
  Request request;
  request.reset("POST", "/a?b", 11);
  request.add_field("Host", "one");
  request.set_body("x", false);
  request.reset("GET", "*", 10);
  EXPECT_FALSE(request.has(Field::kHost));
  EXPECT_EQ(request.host(), "");
  EXPECT_EQ(request.path(), "*");
  EXPECT_EQ(request.query(), "");
  EXPECT_EQ(request.body(), "");
  EXPECT_TRUE(request.body_complete());
}

struct TargetCase {
  const char* method;
  const char* target;
  const char* authority;
  const char* path;
  const char* query;
};

TEST(Target, EveryForm) {
  for (const TargetCase& c : {
           TargetCase{"GET", "/", "", "/", ""},
           TargetCase{"GET", "/a/b?c=d&e", "", "/a/b", "c=d&e"},
           TargetCase{"GET", "/a#f?x", "", "/a", ""},
           TargetCase{"GET", "http://h:1/a?b", "h:1", "/a", "b"},
           TargetCase{"GET", "http://h", "h", "/", ""},
           TargetCase{"GET", "http://h?q", "h", "/", "q"},
           TargetCase{"GET", "HTTPS://user:pw@h/a", "h", "/a", ""},
           TargetCase{"OPTIONS", "*", "", "*", ""},
           TargetCase{"CONNECT", "h:443", "h:443", "", ""},
           TargetCase{"CONNECT", "user:pw@h:443", "h:443", "", ""},
           // No scheme, so no host either: the target is a path as a whole.
           TargetCase{"GET", "://h/a", "", "://h/a", ""},
           TargetCase{"GET", "1http://h/a", "", "1http://h/a", ""},
           TargetCase{"GET", "nonsense", "", "nonsense", ""},
           TargetCase{"GET", "//h/a", "", "//h/a", ""},
           TargetCase{"GET", "?q", "", "/", "q"},
       }) {
    const Target target = parse_target(c.method, c.target);
    EXPECT_EQ(target.authority, c.authority) << c.target;
    EXPECT_EQ(target.path, c.path) << c.target;
    EXPECT_EQ(target.query, c.query) << c.target;
  }
}

TEST(Target, HostIsTheAuthorityWithoutPort) {
  EXPECT_EQ(host_of("a.example:80"), "a.example");
  EXPECT_EQ(host_of("a.example."), "a.example");
  EXPECT_EQ(host_of("[::1]:80"), "[::1]");
  EXPECT_EQ(host_of("[::1"), "[::1");
  EXPECT_EQ(host_of(""), "");
}

TEST(Target, DecodedPathsCompareAsPeopleMeanThem) {
  EXPECT_EQ(decode_path("/a%20b"), "/a b");
  EXPECT_EQ(decode_path("/%2e%2E/admin"), "/admin");
  EXPECT_EQ(decode_path("/a/./b/../c"), "/a/c");
  EXPECT_EQ(decode_path("/a/.."), "/");
  EXPECT_EQ(decode_path("/a/."), "/a/");
  EXPECT_EQ(decode_path("/.well-known/x"), "/.well-known/x");
  EXPECT_EQ(decode_path("/a%"), "/a%");
  EXPECT_EQ(decode_path("/a%zz%00"), "/a%zz%00");
  EXPECT_EQ(decode_path("/a%4z%z4"), "/a%4z%z4");
  EXPECT_EQ(decode_path(std::string_view("/a%41").substr(0, 4)), "/a%4");
  EXPECT_EQ(decode_path("*"), "*");
}

TEST(Target, DotSegmentsAreRemovedFromAbsolutePathsAlone) {
  EXPECT_EQ(remove_dot_segments("/a/../../b/./c"), "/b/c");
  EXPECT_EQ(remove_dot_segments("/.."), "/");
  for (const char* path : {"", "*", "a/../b", "../a", "nonsense/."}) {
    EXPECT_EQ(remove_dot_segments(path), path);
  }
}

TEST(Target, APrefixIsFoundInEscapesAndNotInWhatOnlyLooksLikeOne) {
  EXPECT_EQ(behind_prefix("/orders/7", "/orders"), "/7");
  EXPECT_EQ(behind_prefix("/%6frders%2F7", "/orders"), "%2F7");
  EXPECT_EQ(behind_prefix("/order%73", "/orders"), "");
  EXPECT_EQ(behind_prefix("/order", "/orders"), std::nullopt);
  EXPECT_EQ(behind_prefix("/order%7", "/orders"), std::nullopt);
  EXPECT_EQ(behind_prefix("%2forders", "/orders"), std::nullopt);
  // 7 times 16 less 1 is an "o" too.
  EXPECT_EQ(behind_prefix("/%7zrders", "/orders"), std::nullopt);
  EXPECT_EQ(behind_prefix("/a%6zb", "/a_b"), std::nullopt);
}

TEST(Target, QueryValues) {
  EXPECT_EQ(query_value("a=1&format=xml&format=json", "format"), "xml");
  EXPECT_EQ(query_value("format", "format"), "");
  EXPECT_FALSE(query_value("xformat=1", "format"));
  EXPECT_FALSE(query_value("", "format"));
}

}  // namespace
}  // namespace intermission::http
