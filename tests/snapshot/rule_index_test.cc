#include "snapshot/rule_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace intermission::snapshot {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Numbers = std::vector<std::size_t>;

// Rules over two fields that only rules know, numbers 0 and 1, and User-Agent.
class Rules {
 public:
  Rules& path(std::string_view glob) {
    add().path = glob;
    return *this;
  }
  Rules& nothing() {
    add();
    return *this;
  }
  Rules& field(std::size_t number, std::string_view glob, std::string_view path = "",
               const std::vector<std::string>& methods = {}) {
    catalog::Rule& rule = add();
    rule.headers.push_back({"X-" + std::to_string(number), std::string(glob)});
    rules_.back().fields.push_back({http::Field::kOther, number});
    if (!path.empty()) rule.path = path;
    rule.methods = methods;
    return *this;
  }
  Rules& agent(std::string_view glob) {
    add().user_agent = glob;
    return *this;
  }
  operator std::span<const Rule>() const { return rules_; }

 private:
  catalog::Rule& add() {
    catalog::Rule& rule = configured_.emplace_back();
    rules_.push_back({&rule, 0, {}});
    return rule;
  }
  std::deque<catalog::Rule> configured_;
  std::vector<Rule> rules_;
};

struct Asked {
  std::string_view method = "GET";
  std::string_view path = "/";
  std::vector<std::string> fields = {"", ""};
  std::string_view agent = {};
};

struct Found {
  Numbers rules;
  Numbers read;  // the fields, in the order in which they were read; User-Agent is 9
};

Found find(const RuleIndex& index, const Asked& asked, std::size_t most = 1000) {
  Found found;
  const auto read = [&](const Rule::Field& field) -> std::string_view {
    const bool is_agent = field.known == http::Field::kUserAgent;
    found.read.push_back(is_agent ? 9 : field.other);
    return is_agent ? asked.agent : std::string_view(asked.fields[field.other]);
  };
  auto possible = index.for_request(asked.method, asked.path);
  for (auto i = possible.next(0, read); i; i = possible.next(*i + 1, read)) {
    found.rules.push_back(*i);
    if (found.rules.size() == most) break;
  }
  return found;
}

Numbers for_path(const RuleIndex& index, std::string_view path) {
  return find(index, {.path = path}).rules;
}

TEST(RuleIndex, KeepsTheOrderOfTheRules) {
  Rules rules;
  rules.path("/v1/a*").path("*").path("/v1/*").nothing().path("/v2/*").path("/v1/a/b").path("*x");
  const RuleIndex index(rules);
  EXPECT_THAT(for_path(index, "/v1/a/b"), ElementsAre(0, 1, 2, 3, 5, 6));
  EXPECT_THAT(for_path(index, "/v1/b"), ElementsAre(1, 2, 3, 6));
  EXPECT_THAT(for_path(index, "/v1"), ElementsAre(1, 3, 6));
  EXPECT_THAT(for_path(index, "/v3"), ElementsAre(1, 3, 6));
  EXPECT_THAT(for_path(index, ""), ElementsAre(1, 3, 6));
}

TEST(RuleIndex, NoRulesNoCandidates) {
  EXPECT_THAT(for_path(RuleIndex(), "/"), IsEmpty());
  EXPECT_THAT(for_path(RuleIndex(Rules()), "/"), IsEmpty());
}

TEST(RuleIndex, FindsRulesByTheFirstFieldTheyLookAt) {
  Rules rules;
  rules.field(0, "acme").field(1, "b*").field(0, "Acme-*").field(0, "*").agent("curl/*");
  const RuleIndex index(rules);
  EXPECT_THAT(find(index, {.fields = {"ACME-7", ""}}).rules, ElementsAre(0, 2, 3));
  EXPECT_THAT(find(index, {.fields = {"other", "bee"}}).rules, ElementsAre(1, 3));
  EXPECT_THAT(find(index, {.agent = "Curl/8"}).rules, ElementsAre(3, 4));
  EXPECT_THAT(find(index, {}).rules, ElementsAre(3));
}

TEST(RuleIndex, ReadsAFieldWhenARuleThatLooksAtItComesUp) {
  Rules rules;
  rules.path("/open*").field(0, "a").field(0, "b").field(1, "c").agent("d");
  const RuleIndex index(rules);
  EXPECT_THAT(find(index, {.fields = {"a", ""}}, 1).read, ElementsAre(0));
  EXPECT_THAT(find(index, {.fields = {"b", ""}}).rules, ElementsAre(2));
  EXPECT_THAT(find(index, {.fields = {"x", "y"}}).read, ElementsAre(0, 1, 9));
  // The first match ends the search, so what later rules look at is not read.
  auto possible = index.for_request("GET", "/open");
  const auto never = [](const Rule::Field&) -> std::string_view {
    ADD_FAILURE() << "nothing need be read";
    return {};
  };
  EXPECT_EQ(possible.next(0, never), 0U);
}

TEST(RuleIndex, ReadsNothingForRulesOfOtherPathsAndMethods) {
  Rules rules;
  rules.field(0, "a", "/v1/*").field(0, "a", "", {"POST"}).field(1, "a", "/v2/*", {"PUT", "GET"});
  const RuleIndex index(rules);
  EXPECT_THAT(find(index, {.path = "/v3"}).read, IsEmpty());
  EXPECT_THAT(find(index, {.path = "/v2/x"}).read, ElementsAre(1));
  EXPECT_THAT(find(index, {.method = "POST", .path = "/v1/x", .fields = {"a", ""}}).rules,
              ElementsAre(0, 1));
}

TEST(RuleIndex, RulesOfOtherMethodsAreFoundApart) {
  Rules rules;
  rules.field(0, "a", "/v1/*", {"GET"}).field(0, "a", "/v1/*", {"POST"}).field(0, "a", "/v1/*");
  const RuleIndex index(rules);
  const Asked get = {.method = "GET", .path = "/v1/x", .fields = {"a", ""}};
  const Asked post = {.method = "POST", .path = "/v1/x", .fields = {"a", ""}};
  const Asked put = {.method = "PUT", .path = "/v1/x", .fields = {"a", ""}};
  EXPECT_THAT(find(index, get).rules, ElementsAre(0, 2));
  EXPECT_THAT(find(index, post).rules, ElementsAre(1, 2));
  EXPECT_THAT(find(index, put).rules, ElementsAre(2));
}

// A path whose glob says more than a prefix may still not fit, and then no field is read for it.
TEST(RuleIndex, LeavesItToTheCallerWherePathsSayMore) {
  Rules rules;
  rules.field(0, "a", "/v1/*/x");
  const auto found = find(RuleIndex(rules), {.path = "/v1/y"});
  EXPECT_THAT(found.rules, ElementsAre(0));
  EXPECT_THAT(found.read, IsEmpty());
}

TEST(RuleIndex, HasRoomForAnyNumberOfGroups) {
  Rules rules;
  for (int i = 0; i < 200; ++i) rules.field(0, "a", "/" + std::to_string(i) + "/*");
  const RuleIndex index(rules);
  const Asked early = {.path = "/7/x", .fields = {"a", ""}};
  EXPECT_THAT(find(index, early).rules, ElementsAre(7));
  const Asked late = {.path = "/190/x", .fields = {"b", ""}};
  EXPECT_THAT(find(index, late).rules, ElementsAre(190));  // the caller tries it
}

TEST(RuleIndex, TheLastGroupThatThereIsRoomForIsAGroupLikeTheOthers) {
  Rules rules;
  for (int i = 0; i < 64; ++i) rules.field(0, "a", "/" + std::to_string(i) + "/*");
  const RuleIndex index(rules);
  for (const char* path : {"/0/x", "/63/x"}) {
    EXPECT_THAT(find(index, {.path = path, .fields = {"a", ""}}).rules, SizeIs(1)) << path;
    EXPECT_THAT(find(index, {.path = path, .fields = {"b", ""}}).rules, IsEmpty()) << path;
  }
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

std::string before_star(const std::string& glob) {
  return glob.substr(0, glob.find('*'));
}

// Against the definition, whatever the globs and the path: all rules, one after the other.
TEST(RuleIndex, FindsWhatALoopOverAllPathsFinds) {
  std::vector<std::string> globs = texts("/a\xff*", 4);
  const std::vector<std::string> paths = texts("/a\xff", 5);
  std::mt19937 random(1);
  for (std::size_t round = 0; round < 60; ++round) {
    std::shuffle(globs.begin(), globs.end(), random);
    Rules rules;
    for (std::size_t i = 0; i <= round; ++i) rules.path(globs[i]);
    const RuleIndex index(rules);
    for (const std::string& path : paths) {
      Numbers expected;
      for (std::size_t i = 0; i <= round; ++i) {
        const bool possible = path.starts_with(before_star(globs[i]));
        if (possible) expected.push_back(i);
        // A rule that matches is possible.
        ASSERT_TRUE(possible || !base::matches_glob(globs[i], path)) << path;
      }
      ASSERT_EQ(for_path(index, path), expected) << path;
    }
  }
}

// And whatever the fields.
TEST(RuleIndex, FindsWhatALoopOverAllFieldsFinds) {
  const std::vector<std::string> globs = texts("aB*", 3);
  const std::vector<std::string> values = texts("abA", 3);
  std::mt19937 random(2);
  const auto any = [&](const std::vector<std::string>& from) {
    return from[random() % from.size()];
  };
  for (int round = 0; round < 40; ++round) {
    Rules rules;
    std::vector<std::pair<std::size_t, std::string>> asks;
    for (int i = 0; i < 30; ++i) {
      asks.emplace_back(random() % 2, any(globs));
      rules.field(asks.back().first, asks.back().second);
    }
    const RuleIndex index(rules);
    for (int request = 0; request < 40; ++request) {
      const Asked asked{.fields = {any(values), any(values)}};
      Numbers expected;
      for (std::size_t i = 0; i < asks.size(); ++i) {
        const auto& [field, glob] = asks[i];
        if (base::istarts_with(asked.fields[field], before_star(glob))) expected.push_back(i);
      }
      ASSERT_EQ(find(index, asked).rules, expected);
    }
  }
}

}  // namespace
}  // namespace intermission::snapshot
