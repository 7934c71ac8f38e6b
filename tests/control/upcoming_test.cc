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

TEST(BetweenTest, AWindowThatBeganBeforeAndLastsIsListed) {
  EXPECT_EQ(starts("2026-12-02T01:59:59Z", "2026-12-06T00:00:00Z"),
            (Starts{"2026-12-01T22:00:00Z", "2026-12-05T00:00:00Z"}));
}

TEST(BetweenTest, EndsAreExcluded) {
  EXPECT_EQ(starts("2026-12-02T02:00:00Z", "2026-12-05T00:00:00Z"), Starts{});
  EXPECT_EQ(starts("2026-12-05T00:00:00Z", "2026-12-05T00:00:01Z"), Starts{"2026-12-05T00:00:00Z"});
}

std::string first_upcoming(const catalog::Service& service, const char* now) {
  return http::rfc3339(upcoming(service, at(now), 1).at(0).start);
}

TEST(UpcomingTest, AWindowThatAnOperatorEndedIsOver) {
  catalog::Service service;
  service.windows = {{at("2026-12-01T22:00:00Z"), at("2026-12-02T02:00:00Z")},
                     {at("2026-12-05T00:00:00Z"), at("2026-12-05T01:00:00Z")}};
  EXPECT_EQ(first_upcoming(service, "2026-12-02T01:00:00Z"), "2026-12-01T22:00:00Z");
  service.switched = base::Switch{false, at("2026-12-02T00:30:00Z"), {}, false};
  EXPECT_EQ(first_upcoming(service, "2026-12-02T01:00:00Z"), "2026-12-05T00:00:00Z");
  EXPECT_EQ(first_upcoming(service, "2026-12-05T00:30:00Z"), "2026-12-05T00:00:00Z")
      << "one that began later was not ended by it";
  service.switched->in_maintenance = true;
  EXPECT_EQ(first_upcoming(service, "2026-12-02T01:00:00Z"), "2026-12-01T22:00:00Z");
}

TEST(BetweenTest, NoMoreThanWasAskedFor) {
  EXPECT_EQ(starts("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z", 2).size(), 2U);
  EXPECT_EQ(starts("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z", 3).size(), 3U);
}

TEST(UpcomingTest, AWindowEndsAtItsEnd) {
  catalog::Service service;
  service.windows = {{at("2026-12-01T22:00:00Z"), at("2026-12-02T02:00:00Z")},
                     {at("2026-12-05T00:00:00Z"), at("2026-12-05T01:00:00Z")}};
  EXPECT_EQ(first_upcoming(service, "2026-12-02T01:59:59Z"), "2026-12-01T22:00:00Z");
  EXPECT_EQ(first_upcoming(service, "2026-12-02T02:00:00Z"), "2026-12-05T00:00:00Z");
  EXPECT_TRUE(upcoming(service, at("2026-12-05T01:00:00Z"), 5).empty());
  EXPECT_TRUE(upcoming(catalog::Service(), at("2026-12-05T01:00:00Z"), 5).empty());
  EXPECT_EQ(upcoming(service, at("2026-12-01T00:00:00Z"), 1).size(), 1U);
}

TEST(UpcomingTest, OffInTheSecondInWhichItBeginsEndsIt) {
  catalog::Service service;
  service.windows = {{at("2026-12-01T22:00:00Z"), at("2026-12-02T02:00:00Z")}};
  service.switched = base::Switch{false, at("2026-12-01T22:00:00Z"), {}, false};
  EXPECT_TRUE(upcoming(service, at("2026-12-01T23:00:00Z"), 1).empty());
}

TEST(UpcomingTest, NothingBeginsWhereThereIsNoWindow) {
  EXPECT_FALSE(begins_at(catalog::Service(), at("2026-12-01T22:00:00Z")));
}

}  // namespace
}  // namespace intermission::control
