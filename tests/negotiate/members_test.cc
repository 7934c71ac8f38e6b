#include "negotiate/members.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/header_lines.h"

namespace intermission::negotiate {
namespace {

using testing::HeaderLines;

using Texts = std::vector<std::string>;

Texts names(const Texts& lines) {
  const HeaderLines header(lines);
  Members members(header.values());
  Member member;
  Texts names;
  while (members.next(member)) names.emplace_back(member.name);
  return names;
}

TEST(Members, NameWeightAndWhetherThereIsMore) {
  const HeaderLines header(" a/b ; Q=0.5 , c;x=\"1,2;q=0.1\";q=0.25,,d;q=0.1;;y , e ;");
  Members members(header.values());
  Member member;
  ASSERT_TRUE(members.next(member));
  EXPECT_EQ(member.name, "a/b");
  EXPECT_EQ(member.weight, 500);
  EXPECT_FALSE(member.has_parameters);
  ASSERT_TRUE(members.next(member));
  EXPECT_EQ(member.name, "c");
  EXPECT_EQ(member.weight, 250);
  EXPECT_TRUE(member.has_parameters);
  ASSERT_TRUE(members.next(member));
  EXPECT_EQ(member.name, "d");
  EXPECT_EQ(member.weight, 100);
  EXPECT_TRUE(member.has_parameters);
  ASSERT_TRUE(members.next(member));
  EXPECT_EQ(member.name, "e");
  EXPECT_EQ(member.weight, 1000);
  EXPECT_FALSE(member.has_parameters);
  EXPECT_FALSE(members.next(member));
  EXPECT_FALSE(members.next(member));
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
  // Lines without a byte cost the comma that would join them.
  Texts lines(kMaxBytes - 1, "");
  lines.emplace_back("x");
  EXPECT_EQ(names(lines), Texts{"x"});
  lines.insert(lines.begin(), "");
  EXPECT_EQ(names(lines), Texts{});
}

}  // namespace
}  // namespace intermission::negotiate
