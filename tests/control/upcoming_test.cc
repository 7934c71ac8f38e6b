#include "control/upcoming.h"

#include <gtest/gtest.h>

#include "http/date.h"

namespace intermission::control {
namespace {

base::TimePoint at(const char* text) {
  return http::parse_rfc3339(text).value();
}

const gate::Schedule kThree({{at("2026-12-01T22:00:00Z"), at("2026-12-02T02:00:00Z")},
                             {at("2026-12-05T00:00:00Z"), at("2026-12-05T01:00:00Z")},
                             {at("2026-12-09T00:00:00Z"), at("2026-12-09T01:00:00Z")}});

std::vector<std::string> starts(const char* from, const char* until, std::size_t most = 10) {
  std::vector<std::string> found;
  for (const base::Window& window : between(kThree, at(from), at(until), most)) {
    found.push_back(http::rfc3339(window.start));
  }
  return found;
}

using Starts = std::vector<std::string>;

TEST(BetweenTest, AWindowThatBeganBeforeAndLastsIsTold) {
  EXPECT_EQ(starts("2026-12-02T01:59:59Z", "2026-12-06T00:00:00Z"),
            (Starts{"2026-12-01T22:00:00Z", "2026-12-05T00:00:00Z"}));
}

TEST(BetweenTest, EndsAreExcluded) {
  EXPECT_EQ(starts("2026-12-02T02:00:00Z", "2026-12-05T00:00:00Z"), Starts{});
  EXPECT_EQ(starts("2026-12-05T00:00:00Z", "2026-12-05T00:00:01Z"), Starts{"2026-12-05T00:00:00Z"});
}

TEST(BetweenTest, NoMoreThanWasAskedFor) {
  EXPECT_EQ(starts("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z", 2).size(), 2U);
  EXPECT_EQ(starts("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z", 3).size(), 3U);
}

}  // namespace
}  // namespace intermission::control
