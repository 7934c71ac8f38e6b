#include "control/dashboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "page/page_style.h"

namespace intermission::control {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Dashboard, IsOneDocumentThatAsksNoOtherHost) {
  const std::string document = make_dashboard().document;
  EXPECT_THAT(document, AllOf(HasSubstr("<style>"), HasSubstr("<script"), HasSubstr("<svg"),
                              HasSubstr("Bearer"), Not(HasSubstr("{{"))));
  EXPECT_THAT(document, HasSubstr(page::theme_picture("horizon")));
  EXPECT_THAT(document, AllOf(Not(HasSubstr("src=\"http")), Not(HasSubstr("href=\"http"))));
}

TEST(Dashboard, AllowsItsOwnStyleAndScriptByHashAndNoFrame) {
  const std::string policy = make_dashboard().policy;
  EXPECT_THAT(policy, AllOf(HasSubstr("default-src 'none'"), HasSubstr("'sha256-"),
                            HasSubstr("frame-ancestors 'none'"), Not(HasSubstr("unsafe"))));
  EXPECT_EQ(std::count(policy.begin(), policy.end(), '\n'), 0);
  EXPECT_LT(policy.size(), 2000U);
}

}  // namespace
}  // namespace intermission::control
