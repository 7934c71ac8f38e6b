#include "base/environment.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

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

TEST(Environment, NamesTheMachine) {
  std::array<char, 256> name{};
  ASSERT_EQ(gethostname(name.data(), name.size() - 1), 0);
  EXPECT_EQ(machine_name(), name.data());
  EXPECT_NE(machine_name(), "");
}

}  // namespace
}  // namespace intermission::base
