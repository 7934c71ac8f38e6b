#include "openapi/path_trie.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace intermission::openapi {
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

TEST(PathTrie, APathThatOnlyLeadsToOthersIsNotKnown) {
  EXPECT_FALSE(trie_of({"/a/b"}).find("GET", "/a"));
  EXPECT_FALSE(trie_of({"/a/{x}/b"}).find("GET", "/a/7"));
  EXPECT_FALSE(trie_of({"/a"}).find("GET", "/"));
}

TEST(PathTrie, CutsSegmentsWhereTheyEnd) {
  EXPECT_EQ(found_in({"/ab/c"}, "/ab/c"), "/ab/c");
  EXPECT_EQ(found_in({"/ab/c"}, "/a/b/c"), "nothing");
  EXPECT_EQ(found_in({"/a//b"}, "/a//b"), "/a//b");
  const std::string not_closed = "/{a";
  EXPECT_EQ(found_in({not_closed}, not_closed), not_closed);
  const std::string closed_before = "/a}{x}";
  EXPECT_EQ(found_in({closed_before}, "/a}7"), closed_before);
}

TEST(PathTrie, ReadsSeveralParametersOfASegment) {
  EXPECT_EQ(found_in({"/{x}-{y}-{z}"}, "/1-2-3"), "/{x}-{y}-{z}");
  EXPECT_EQ(found_in({"/{x}-{y}-{z}"}, "/1-2"), "nothing");
  EXPECT_EQ(found_in({"/{x}-{y}-{z}"}, "/1--"), "nothing");
  EXPECT_EQ(found_in({"/{x}ab{y}c"}, "/1ab2c"), "/{x}ab{y}c");
  EXPECT_EQ(found_in({"/{x}ab{y}c"}, "/1abc"), "nothing");
  EXPECT_EQ(found_in({"/v{x}"}, "/v"), "nothing");
  EXPECT_EQ(found_in({"/{x}.csv"}, "/.csv"), "nothing");
  EXPECT_EQ(found_in({"/{x}{y}"}, "/ab"), "/{x}{y}");
}

TEST(PathTrie, OnlyHeadIsAnsweredAsAnother) {
  PathTrie trie;
  EXPECT_TRUE(trie.add("GET", "/a", 1));
  EXPECT_TRUE(trie.add("HEAD", "/a", 2));
  EXPECT_TRUE(trie.add("GET", "/b", 3));
  EXPECT_TRUE(trie.add("POST", "/c", 4));
  EXPECT_EQ(trie.find("HEAD", "/a")->value, 2U);
  EXPECT_EQ(trie.find("HEAD", "/b")->value, 3U);
  EXPECT_EQ(trie.find("HEAD", "/c")->value, std::nullopt);
  EXPECT_EQ(trie.find("POST", "/b")->value, std::nullopt);
  EXPECT_EQ(trie.find("MKCOL", "/b")->value, std::nullopt);
}

TEST(PathTrie, TakesWhatItKnowsAndNoMore) {
  PathTrie trie;
  EXPECT_FALSE(trie.add("MKCOL", "/a", 0));
  EXPECT_FALSE(trie.add("GET", "a", 0));
  EXPECT_FALSE(trie.add("GET", "", 0));
  EXPECT_FALSE(trie.find("GET", ""));
  std::string longest;
  for (std::size_t i = 0; i < PathTrie::kMaxSegments; ++i) longest += "/a";
  EXPECT_TRUE(trie.add("GET", longest, 7));
  EXPECT_EQ(trie.find("GET", longest)->value, 7U);
  EXPECT_FALSE(trie.add("GET", longest + "/a", 8));
  for (const char* method :
       {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "QUERY"}) {
    EXPECT_TRUE(trie.add(method, "/all", 9)) << method;
    EXPECT_EQ(trie.find(method, "/all")->value, 9U) << method;
  }
}

// What would be found after that is not looked for: a path must not cost more.
TEST(PathTrie, GivesUpAfterSoManyNodes) {
  PathTrie trie;
  // In each level the concrete segment leads nowhere in the end, so all are tried.
  for (int i = 0; i < 1 << 10; ++i) {
    std::string path;
    for (int bit = 0; bit < 10; ++bit) path += (i >> bit & 1) != 0 ? "/a" : "/{x}";
    trie.add("GET", path + (i == 0 ? "/last" : "/end"), 0);
  }
  EXPECT_FALSE(trie.find("GET", "/a/a/a/a/a/a/a/a/a/a/last"));
  EXPECT_TRUE(trie.find("GET", "/b/b/b/b/b/b/b/b/b/b/last"));
}

TEST(PathTrie, APatternIsThereOnceAndTheFirstOfTwoGoesFirst) {
  PathTrie trie;
  EXPECT_TRUE(trie.add("GET", "/{x}.a/b", 1));
  EXPECT_TRUE(trie.add("GET", "/{y}.a/c", 2));
  EXPECT_FALSE(trie.add("GET", "/{z}.a/b", 3));
  EXPECT_EQ(trie.find("GET", "/7.a/b")->value, 1U);
  EXPECT_EQ(trie.find("GET", "/7.a/c")->value, 2U);
  EXPECT_FALSE(trie.find("GET", "/7.b/c"));
  EXPECT_EQ(found_in({"/{x}a", "/a{x}"}, "/aba"), "/{x}a");
  EXPECT_EQ(found_in({"/a{x}", "/{x}a"}, "/aba"), "/a{x}");
  EXPECT_EQ(found_in({"/a", "/a/b", "/a/b/c"}, "/a/b"), "/a/b");
  EXPECT_FALSE(trie.find("GET", "x/7.a/b"));
}

TEST(PathTrie, AParameterAloneGivesWayToLetters) {
  EXPECT_EQ(found_in({"/{x}{y}", "/{z}.a"}, "/b.a"), "/{z}.a");
  EXPECT_EQ(found_in({"/{x}{y}/c", "/{z}/d"}, "/b/d"), "/{z}/d");
  EXPECT_EQ(found_in({"/{x}/c", "/{z}/d"}, "/b/d"), "/{z}/d");
}

std::string found_for(const std::vector<std::string>& templates, std::string_view path,
                      std::string_view query) {
  const auto found = trie_of(templates).find("GET", path, query);
  return !found ? "no path" : found->value ? templates[*found->value] : "nothing";
}

TEST(PathTrie, AnEncodedSlashIsPartOfASegment) {
  const std::vector<std::string> templates = {"/projects/{id}/issues", "/projects/a%2Fb/issues"};
  EXPECT_EQ(found_in(templates, keep_slashes("/projects/group%2Fapp/issues")), templates[0]);
  EXPECT_EQ(found_in(templates, keep_slashes("/projects/group%2fapp/issues")), templates[0]);
  EXPECT_EQ(found_in(templates, keep_slashes("/projects/a%2fb/issues")), templates[1]);
  EXPECT_EQ(found_in(templates, "/projects/group/app/issues"), "nothing");
  EXPECT_TRUE(has_encoded_slash("/a%2Fb"));
  EXPECT_TRUE(has_encoded_slash("/a%20%2f"));
  EXPECT_FALSE(has_encoded_slash("/a%252Fb")) << "an encoded percent sign";
  EXPECT_FALSE(has_encoded_slash("/a%2"));
  EXPECT_FALSE(has_encoded_slash("/a/b"));
  EXPECT_EQ(keep_slashes("/caf%C3%A9/x%2520"), "/caf\u00E9/x%20");
}

TEST(PathTrie, ATemplateIsDecodedOnce) {
  EXPECT_EQ(found_in({"/caf%C3%A9/{id}"}, "/caf\u00E9/7"), "/caf%C3%A9/{id}");
  EXPECT_EQ(found_in({"/a%2520b"}, "/a%20b"), "/a%2520b");
}

TEST(PathTrie, AQueryTellsOperationsOfAPathApart) {
  const std::vector<std::string> templates = {
      "/", "/?Action=Run", "/?Action=Stop&Now=true", "/#Action=Stop", "/?list", "/x?page={page}"};
  EXPECT_EQ(found_for(templates, "/", ""), "/");
  EXPECT_EQ(found_for(templates, "/", "Action=Run&Version=1"), "/?Action=Run");
  EXPECT_EQ(found_for(templates, "/", "Action=%52un"), "/?Action=Run");
  EXPECT_EQ(found_for(templates, "/", "Action=Running"), "/");
  EXPECT_EQ(found_for(templates, "/", "Action=Stop"), "/#Action=Stop");
  EXPECT_EQ(found_for(templates, "/", "Now=true&Action=Stop"), "/?Action=Stop&Now=true");
  EXPECT_EQ(found_for(templates, "/", "list="), "/?list");
  EXPECT_EQ(found_for(templates, "/x", "page=2"), "/x?page={page}");
  EXPECT_EQ(found_for(templates, "/x", ""), "nothing");
  EXPECT_EQ(found_for(templates, "/y", "page=2"), "no path");
  PathTrie trie = trie_of(templates);
  EXPECT_FALSE(trie.add("GET", "/?Action=Run", 9));
  EXPECT_TRUE(trie.add("POST", "/?Action=Run", 9));
  EXPECT_EQ(trie.find("POST", "/", "Action=Run")->value, 9U);
  EXPECT_EQ(trie.find("HEAD", "/", "Action=Run")->value, 1U);
}

TEST(PathTrie, ACustomVerbAndSeveralParametersInASegment) {
  const std::vector<std::string> templates = {"/v1/{name}", "/v1/{name}:cancel", "/f/{a}-{b}.zip"};
  EXPECT_EQ(found_in(templates, "/v1/7:cancel"), "/v1/{name}:cancel");
  EXPECT_EQ(found_in(templates, "/v1/7:start"), "/v1/{name}");
  EXPECT_EQ(found_in(templates, "/f/1-2.zip"), "/f/{a}-{b}.zip");
  EXPECT_EQ(found_in(templates, "/f/1-2.tar"), "nothing");
}

TEST(PathTrie, AParameterMayTakeAllThatIsLeft) {
  for (const std::string parameter : {"{path+}", "{+path}", "{path*}"}) {
    const std::vector<std::string> templates = {"/files/" + parameter, "/files/{id}/info"};
    EXPECT_EQ(found_in(templates, "/files/a"), templates[0]);
    EXPECT_EQ(found_in(templates, "/files/a/b/c"), templates[0]);
    EXPECT_EQ(found_in(templates, "/files/a/info"), templates[1]);
    EXPECT_EQ(found_in(templates, "/files/"), "nothing");
  }
  EXPECT_EQ(found_in({"/files/{path}"}, "/files/a/b"), "nothing");
}

}  // namespace
}  // namespace intermission::openapi
