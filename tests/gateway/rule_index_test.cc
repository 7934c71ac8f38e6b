#include "gateway/rule_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "base/text.h"

namespace intermission::gateway {
namespace {

std::vector<catalog::Rule> rules_for(const std::vector<std::string>& globs) {
  std::vector<catalog::Rule> rules(globs.size());
  for (std::size_t i = 0; i < globs.size(); ++i) {
    if (globs[i] != "(none)") rules[i].path = globs[i];
  }
  return rules;
}

std::vector<std::size_t> candidates(const RuleIndex& index, std::string_view path) {
  std::vector<std::size_t> found;
  const auto possible = index.for_path(path);
  for (auto i = possible.next(0); i; i = possible.next(*i + 1)) found.push_back(*i);
  return found;
}

TEST(RuleIndex, KeepsTheOrderOfTheRules) {
  const auto rules = rules_for({"/v1/a*", "*", "/v1/*", "(none)", "/v2/*", "/v1/a/b", "*x"});
  const RuleIndex index(rules);
  EXPECT_THAT(candidates(index, "/v1/a/b"), testing::ElementsAre(0, 1, 2, 3, 5, 6));
  EXPECT_THAT(candidates(index, "/v1/b"), testing::ElementsAre(1, 2, 3, 6));
  EXPECT_THAT(candidates(index, "/v1"), testing::ElementsAre(1, 3, 6));
  EXPECT_THAT(candidates(index, "/v3"), testing::ElementsAre(1, 3, 6));
  EXPECT_THAT(candidates(index, ""), testing::ElementsAre(1, 3, 6));
}

TEST(RuleIndex, NoRulesNoCandidates) {
  EXPECT_THAT(candidates(RuleIndex(), "/"), testing::IsEmpty());
  EXPECT_THAT(candidates(RuleIndex(rules_for({})), "/"), testing::IsEmpty());
}

// The texts of up to `most` of these letters.
std::vector<std::string> texts(std::string_view letters, std::size_t most) {
  std::vector<std::string> out = {""};
  for (std::size_t from = 0; out.back().size() < most;) {
    const std::size_t end = out.size();
    for (; from < end; ++from) {
      for (const char letter : letters) out.push_back(out[from] + letter);
    }
  }
  return out;
}

// Against the definition, whatever the globs and the path: all rules, one after the other.
TEST(RuleIndex, FindsWhatALoopOverAllRulesFinds) {
  std::vector<std::string> globs = texts("/a\xff*", 4);
  const std::vector<std::string> paths = texts("/a\xff", 5);
  std::mt19937 random(1);
  for (int round = 0; round < 60; ++round) {
    std::shuffle(globs.begin(), globs.end(), random);
    const auto rules = rules_for({globs.begin(), globs.begin() + 1 + round});
    const RuleIndex index(rules);
    for (const std::string& path : paths) {
      std::vector<std::size_t> expected;
      std::optional<std::size_t> first;
      for (std::size_t i = 0; i < rules.size(); ++i) {
        const std::string& glob = *rules[i].path;
        if (path.starts_with(glob.substr(0, glob.find('*')))) expected.push_back(i);
        if (!first && base::matches_glob(glob, path)) first = i;
      }
      ASSERT_EQ(candidates(index, path), expected) << path;
      // Whoever matches is possible, so the first match is the same.
      ASSERT_TRUE(!first || std::find(expected.begin(), expected.end(), *first) != expected.end());
    }
  }
}

}  // namespace
}  // namespace intermission::gateway
