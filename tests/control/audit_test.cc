#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/service_json.h"

namespace intermission::control {
namespace {

using ::testing::HasSubstr;

std::string trail_of(const std::string& by) {
  State state;
  state.audit.push_back({1, {}, "orders", "on", by});
  JsonText json;
  write_audit(state, json);
  return std::string(json.text());
}

TEST(Audit, RepeatsANameAsWhatItIs) {
  EXPECT_THAT(trail_of("maria"), HasSubstr(R"("by":"claims to be maria")"));
  EXPECT_THAT(trail_of(""), HasSubstr(R"("by":"")"));
}

}  // namespace
}  // namespace intermission::control
