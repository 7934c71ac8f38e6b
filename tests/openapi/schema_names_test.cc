// References between schemas (RFC 3986 section 5.4, and what documents in files write).
#include "openapi/schema_names.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::openapi {
namespace {

TEST(ResolveUri, FollowsTheExamplesOfTheStandard) {
  const std::string base = "http://a/b/c/d;p?q";
  const std::pair<const char*, const char*> examples[] = {
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"../g", "http://a/b/g"},
      {"../../g", "http://a/g"},
      {"", "http://a/b/c/d;p?q"},
      {"http://x/y", "http://x/y"},
  };
  for (const auto& [reference, resolved] : examples) {
    EXPECT_EQ(resolve_uri(base, reference), resolved) << reference;
  }
}

TEST(ResolveUri, LeavesFragmentsOut) {
  EXPECT_EQ(resolve_uri("http://a/b#c", "#d"), "http://a/b");
  EXPECT_EQ(resolve_uri("http://a/b#c", "e#d"), "http://a/e");
  EXPECT_EQ(resolve_uri("http://a/b", "http://x/y#z"), "http://x/y");
}

TEST(ResolveUri, KnowsNamesWithoutAPath) {
  EXPECT_EQ(resolve_uri("urn:example:order", "urn:example:item"), "urn:example:item");
  EXPECT_EQ(resolve_uri("", "order.json"), "order.json");
  EXPECT_EQ(resolve_uri("schemas/order.json", "item.json"), "schemas/item.json");
}

}  // namespace
}  // namespace intermission::openapi
