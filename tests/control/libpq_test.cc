// The library that is loaded where a database is configured.
#include "control/libpq.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace intermission::control {
namespace {

TEST(Libpq, IsUsedOnlyIfItHasEveryFunction) {
  int place = 0;
  std::vector<std::string> names;
  ASSERT_TRUE(complete_libpq([&](const char* name) -> void* {
    names.emplace_back(name);
    return &place;
  }));
  EXPECT_THAT(names, ::testing::Contains("PQstatus"));
  for (const std::string& missing : names) {
    EXPECT_FALSE(complete_libpq([&](const char* name) -> void* {
      return name == missing ? nullptr : &place;
    })) << missing;
  }
}

}  // namespace
}  // namespace intermission::control
