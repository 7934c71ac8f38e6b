#include "gateway/scope.h"

#include <gtest/gtest.h>

namespace intermission::gateway {
namespace {

TEST(Scope, WithoutPartsCoversAll) {
  EXPECT_TRUE(covers_method({}, "GET"));
  EXPECT_TRUE(covers_path({}, "/x", false));
}

TEST(Scope, ListedMethodsAreMeantInAnyCase) {
  const catalog::Scope scope{{"POST", "DELETE"}, false, {}};
  for (const char* method : {"POST", "post", "Delete", "dELETE"}) {
    EXPECT_TRUE(covers_method(scope, method)) << method;
  }
  for (const char* method : {"GET", "get", "PROPPATCH", "POSTS", ""}) {
    EXPECT_FALSE(covers_method(scope, method)) << method;
  }
}

TEST(Scope, AllowReadsLetsThreeMethodsPassAsTheyAreWritten) {
  const catalog::Scope scope{{}, true, {}};
  for (const char* method : {"GET", "HEAD", "OPTIONS"}) {
    EXPECT_FALSE(covers_method(scope, method)) << method;
  }
  for (const char* method : {"POST", "get", "Head", "TRACE", "MADEUP", ""}) {
    EXPECT_TRUE(covers_method(scope, method)) << method;
  }
}

TEST(Scope, PathsAreWholeSegmentsInAnyCaseUnlessTheServiceIsCaseSensitive) {
  const catalog::Scope scope{{}, false, {"/api", "/Edit"}};
  for (const char* path : {"/api", "/api/", "/api/x", "/Edit"}) {
    EXPECT_TRUE(covers_path(scope, path, false)) << path;
    EXPECT_TRUE(covers_path(scope, path, true)) << path;
  }
  for (const char* path : {"/API", "/edit/x"}) {
    EXPECT_TRUE(covers_path(scope, path, false)) << path;
    EXPECT_FALSE(covers_path(scope, path, true)) << path;
  }
  for (const char* path : {"/", "/apix", "/ap", "", "/x/api"}) {
    EXPECT_FALSE(covers_path(scope, path, false)) << path;
  }
  EXPECT_TRUE(covers_path({{}, false, {"/"}}, "/x", true));
}

}  // namespace
}  // namespace intermission::gateway
