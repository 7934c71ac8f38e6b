#include "base/environment.h"

#include <gtest/gtest.h>

#include "support/variable.h"

namespace intermission::base {
namespace {

using testing::Variable;

constexpr const char* kName = "INTERMISSION_TEST_VARIABLE";

TEST(Environment, AnEmptyVariableIsAbsent) {
  EXPECT_EQ(environment(kName), std::nullopt);
  {
    const Variable variable(kName, "");
    EXPECT_EQ(environment(kName), std::nullopt);
  }
  const Variable variable(kName, " x");
  EXPECT_EQ(environment(kName), " x");
}

}  // namespace
}  // namespace intermission::base
