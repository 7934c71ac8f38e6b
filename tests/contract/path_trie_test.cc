#include "contract/path_trie.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace intermission::contract {
namespace {

PathTrie trie_of(const std::vector<std::string>& templates) {
  PathTrie trie;
  for (std::size_t i = 0; i < templates.size(); ++i) EXPECT_TRUE(trie.add("GET", templates[i], i));
  return trie;
}

std::string found_in(const std::vector<std::string>& templates, std::string_view path) {
  const auto found = trie_of(templates).find("GET", path);
  return found && found->value ? templates[*found->value] : "nothing";
}

TEST(PathTrie, PrefersWhatIsConcreteInAnyOrderOfTheDocument) {
  std::vector<std::string> templates = {"/o/{id}", "/o/mine", "/o/{id}.csv", "/o/report-{id}.csv"};
  std::sort(templates.begin(), templates.end());
  do {
    EXPECT_EQ(found_in(templates, "/o/mine"), "/o/mine");
    EXPECT_EQ(found_in(templates, "/o/report-7.csv"), "/o/report-{id}.csv");
    EXPECT_EQ(found_in(templates, "/o/7.csv"), "/o/{id}.csv");
    EXPECT_EQ(found_in(templates, "/o/7"), "/o/{id}");
    EXPECT_EQ(found_in(templates, "/o/7/x"), "nothing");
  } while (std::next_permutation(templates.begin(), templates.end()));
}

TEST(PathTrie, TakesAChoiceBackThatLeadsNowhere) {
  EXPECT_EQ(found_in({"/a/b/c", "/a/{x}/d"}, "/a/b/d"), "/a/{x}/d");
  EXPECT_EQ(found_in({"/a/b/c", "/{x}/b/d"}, "/a/b/d"), "/{x}/b/d");
}

TEST(PathTrie, GivesEveryParameterACharacter) {
  EXPECT_EQ(found_in({"/a/{x}"}, "/a/"), "nothing");
  EXPECT_EQ(found_in({"/a/{x}"}, "/a//"), "nothing");
  EXPECT_EQ(found_in({"/a/{x}-{y}"}, "/a/-"), "nothing");
  EXPECT_EQ(found_in({"/a/{x}-{y}"}, "/a/1-2"), "/a/{x}-{y}");
}

TEST(PathTrie, DoesNotMindASlashAtTheEnd) {
  EXPECT_EQ(found_in({"/a/b"}, "/a/b/"), "/a/b");
  EXPECT_EQ(found_in({"/a/b/"}, "/a/b"), "/a/b/");
  EXPECT_EQ(found_in({"/"}, "/"), "/");
  EXPECT_EQ(found_in({"/a"}, "a"), "nothing");
}

TEST(PathTrie, KnowsAPathWithoutTheMethod) {
  const PathTrie trie = trie_of({"/a"});
  ASSERT_TRUE(trie.find("DELETE", "/a"));
  EXPECT_FALSE(trie.find("DELETE", "/a")->value);
  EXPECT_TRUE(trie.find("HEAD", "/a")->value);
  EXPECT_FALSE(trie.find("GET", "/b"));
}

TEST(PathTrie, RefusesTheSamePathUnderOtherNames) {
  PathTrie trie;
  EXPECT_TRUE(trie.add("GET", "/a/{x}", 0));
  EXPECT_FALSE(trie.add("GET", "/a/{y}", 1));
  EXPECT_TRUE(trie.add("PUT", "/a/{y}", 1));
}

TEST(PathTrie, EndsOnTemplatesMadeToBranchWithoutEnd) {
  PathTrie trie;
  for (int i = 0; i < 1 << 10; ++i) {
    std::string path;
    for (int bit = 0; bit < 10; ++bit) path += (i >> bit & 1) != 0 ? "/a" : "/{x}";
    trie.add("GET", path + "/end", 0);
  }
  EXPECT_FALSE(trie.find("GET", "/a/a/a/a/a/a/a/a/a/a/other"));
}

}  // namespace
}  // namespace intermission::contract
