#include "negotiate/members.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "support/header_lines.h"

namespace intermission::negotiate {
namespace {

using ::testing::ElementsAre;
using testing::HeaderLines;

using Texts = std::vector<std::string>;

using Told = std::tuple<std::string, int, bool>;  // name, weight, has_parameters

std::vector<Told> members(const HeaderLines& header) {
  std::vector<Told> members;
  each_member(header.values(), [&](const Member& member) {
    members.emplace_back(member.name, member.weight, member.has_parameters);
  });
  return members;
}

Texts names(const Texts& lines) {
  const HeaderLines header(lines);
  Texts names;
  for (const auto& [name, weight, has_parameters] : members(header)) names.push_back(name);
  return names;
}

TEST(Members, NameWeightAndWhetherThereIsMore) {
  const HeaderLines header(" a/b ; Q=0.5 , c;x=\"1,2;q=0.1\";q=0.25,,d;q=0.1;;y , e ;");
  EXPECT_THAT(members(header), ElementsAre(Told("a/b", 500, false), Told("c", 250, true),
                                           Told("d", 100, true), Told("e", 1000, false)));
}

TEST(Members, AnEmptyParameterIsNone) {
  const HeaderLines header("a;;q=0.5, b; ;, c;;, d;;x, e;;q=0.1;\"\"");
  EXPECT_THAT(members(header),
              ElementsAre(Told("a", 500, false), Told("b", 1000, false), Told("c", 1000, false),
                          Told("d", 1000, true), Told("e", 100, true)));
  EXPECT_THAT(members(HeaderLines("a;;q=0.5, b; ;")),
              ElementsAre(Told("a", 500, false), Told("b", 1000, false)));
}

// Lines without quotes are read in another way than those with; that must not be seen.
TEST(Members, QuotesElsewhereInTheLineChangeNothing) {
  for (const std::string text : {"a/b;q=0.9",
                                 "a/b;q=0.9,c",
                                 "a/b;q=0.9 , c",
                                 "a/b; q=0.9",
                                 "a/b ;q=0.9",
                                 "a/b;Q=0.9",
                                 "a/b;q=0.95,c;q=1",
                                 "a/b;q=0.9x",
                                 "a/b;q=0.",
                                 "a/b;q=0",
                                 "a/b;q=.9",
                                 "a/b;q=1.0",
                                 "a/b;q=0.9;x=1",
                                 "a/b;x=1;q=0.9",
                                 "a/b;q=0.9;q=0.1",
                                 "a/b;q",
                                 "a/b;",
                                 "a/b;;q=0.2",
                                 "a/b;q= 0.9",
                                 "a/b;q =0.9,c;q=0.1",
                                 "a /b",
                                 "a//b",
                                 "/b",
                                 "a/",
                                 " a ,\tb\t",
                                 ",,",
                                 ";q=0.3"}) {
    const HeaderLines plain(text);
    const HeaderLines with_quotes("\"," + text);
    const auto expected = members(plain);
    auto found = members(with_quotes);
    found.erase(found.begin());
    EXPECT_EQ(found, expected) << text;
  }
}

TEST(Members, LinesAreOneList) {
  EXPECT_EQ(names({}), Texts{});
  EXPECT_EQ(names({""}), Texts{});
  EXPECT_EQ(names({"", ",", " "}), Texts{});
  EXPECT_EQ(names({"a", "", "b,c", ",d,"}), (Texts{"a", "b", "c", "d"}));
  EXPECT_EQ(names({"a;x=\"1", "2\",b"}), (Texts{"a", "2\"", "b"}));
}

TEST(Members, AtMostSoMany) {
  std::string list;
  for (std::size_t i = 0; i < kMaxMembers; ++i) list += ",," + std::to_string(i);
  EXPECT_EQ(names({list}).size(), kMaxMembers);
  EXPECT_EQ(names({list + ",more"}).size(), kMaxMembers);
  EXPECT_EQ(names({list, "more"}).size(), kMaxMembers);
  EXPECT_EQ(names({list, "more"}).back(), std::to_string(kMaxMembers - 1));
}

// Around the limit, the same text as one line and as two: a member counts if it ends within
// the first kMaxBytes, and half a member never does.
TEST(Members, AtMostSoManyBytes) {
  for (std::size_t before = kMaxBytes - 8; before <= kMaxBytes + 2; ++before) {
    const std::string start = "a," + std::string(before - 2, ' ');
    const bool fits = before + 3 <= kMaxBytes;
    const Texts expected = fits ? Texts{"a", "xyz"} : Texts{"a"};
    EXPECT_EQ(names({start + "xyz"}), expected) << before;
    EXPECT_EQ(names({start + "xyz,"}), expected) << before;
    EXPECT_EQ(names({start + "xyz,b,c,d,e,f,g,h,i,j"}).at(0), "a") << before;
    EXPECT_EQ(names({start + "xyz,bcdefghijkl"}), expected) << before;
    EXPECT_EQ(names({"a", start.substr(2) + "xyz"}), expected) << before;
    EXPECT_EQ(names({"a", start.substr(2) + "xyz", "bcdefghijkl"}), expected) << before;
    EXPECT_EQ(names({start + "xyz", "bcdefghijkl"}), expected) << before;
  }
  EXPECT_EQ(names({std::string(kMaxBytes, 'x')}).size(), 1U);
  EXPECT_EQ(names({std::string(kMaxBytes + 1, 'x')}).size(), 0U);
  EXPECT_EQ(names({std::string(kMaxBytes + 1, 'x'), "y"}).size(), 0U);
  EXPECT_EQ(names({std::string(kMaxBytes, 'x'), "y"}).size(), 1U);
  // Lines without a byte cost the comma that would join them.
  Texts lines(kMaxBytes - 1, "");
  lines.emplace_back("x");
  EXPECT_EQ(names(lines), Texts{"x"});
  lines.insert(lines.begin(), "");
  EXPECT_EQ(names(lines), Texts{});
}

}  // namespace
}  // namespace intermission::negotiate
