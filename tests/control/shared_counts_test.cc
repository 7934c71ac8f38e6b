// What several instances counted, put together.
#include "control/shared_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "http/date.h"

namespace intermission::control {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

base::TimePoint at(const char* text) {
  return http::parse_rfc3339(text).value();
}

observe::Caller caller(std::string agent, std::uint64_t count, const char* seen) {
  return {"orders", "page", std::move(agent), "/" + std::string(seen), at(seen), count, 1, 3};
}

constexpr const char* kNoon = "2026-12-01T12:00:00Z";
constexpr const char* kLater = "2026-12-01T12:05:00Z";

TEST(Counts, OfTheSameThingAreAdded) {
  Counts a{
      {caller("curl", 2, kNoon)}, {{"orders", "page", 503, 5}}, {{at(kNoon), "orders", "page", 5}}};
  Counts b{{caller("curl", 3, kLater), caller("wget", 1, kNoon)},
           {{"orders", "page", 503, 7}, {"orders", "page", 200, 1}},
           {{at(kNoon), "orders", "page", 1}, {at(kLater), "orders", "page", 2}}};
  const Counts all = joined(a, b, {});
  ASSERT_THAT(all.callers, SizeIs(2));
  EXPECT_EQ(all.callers[0].agent, "curl") << "who called last is first";
  EXPECT_EQ(all.callers[0].count, 5U);
  EXPECT_EQ(all.callers[0].wrong_passes, 2U);
  EXPECT_EQ(all.callers[0].last_path, std::string("/") + kLater);
  ASSERT_THAT(all.answers, SizeIs(2));
  EXPECT_EQ(all.answers[0].count + all.answers[1].count, 13U);
  ASSERT_THAT(all.history, SizeIs(2));
  EXPECT_EQ(all.history[0].count, 6U);
  EXPECT_EQ(all.history[1].minute, at(kLater));
  EXPECT_THAT(joined(a, b, at(kLater)).history, SizeIs(1)) << "older minutes are dropped";
}

TEST(Counts, AreFoundAgain) {
  const Counts counts{{caller("a \"quoted\" agent", 2, kNoon)},
                      {{"", "text", 404, 5}},
                      {{at(kNoon), "orders", "page", 5}}};
  const auto read = counts_from_json(counts_to_json(counts));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(counts_to_json(*read), counts_to_json(counts));
  EXPECT_EQ(read->callers[0].agent, "a \"quoted\" agent");
  EXPECT_EQ(read->answers[0].status, 404);
}

// Instances of another version read it.
TEST(Counts, AreWrittenWithAllTheirMembers) {
  const Counts counts{{{"orders", "page", "curl", "/a", at(kNoon), 2, 1, 3}},
                      {{"shop", "text", 404, 5}},
                      {{at(kLater), "wiki", "json", 6}}};
  EXPECT_EQ(counts_to_json(counts),
            R"({"callers":[{"service":"orders","kind":"page","agent":"curl","path":"/a",)"
            R"("seen":"2026-12-01T12:00:00Z","count":2,"wrong":1,"minutes":3}],)"
            R"("answers":[{"service":"shop","kind":"text","status":404,"count":5}],)"
            R"("history":[{"minute":"2026-12-01T12:05:00Z","service":"wiki","kind":"json",)"
            R"("count":6}]})");
  const auto read = counts_from_json(counts_to_json(counts));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(counts_to_json(*read), counts_to_json(counts));
}

// A database takes no bytes that are no text.
TEST(Counts, OfWhatClientsSentAreText) {
  const Counts counts{{caller(std::string("x\0\xff\n", 4), 2, kNoon)}, {}, {}};
  const std::string json = counts_to_json(counts);
  for (const char c : json) EXPECT_TRUE(c >= ' ' && c <= '~') << json;
}

TEST(Counts, AreBounded) {
  Counts counts;
  for (int i = 0; i < 5000; ++i) {
    counts.callers.push_back(caller(std::to_string(i), 1, kNoon));
    counts.answers.push_back({"orders", std::to_string(i), 503, 1});
    counts.history.push_back({at(kNoon), "orders", std::to_string(i), 1});
  }
  const auto read = counts_from_json(counts_to_json(counts));
  ASSERT_TRUE(read);
  EXPECT_THAT(read->callers, SizeIs(kMostSharedCallers));
  EXPECT_EQ(read->callers[0].agent, "0") << "those that called last";
  EXPECT_THAT(read->answers, SizeIs(kMostSharedAnswers));
  EXPECT_THAT(read->history, SizeIs(kMostSharedMinutes));
  EXPECT_EQ(read->history.back().kind, "4999") << "the newest";
}

TEST(Counts, SinceEarlierOnesAreTheDifference) {
  const Counts earlier{{caller("curl", 2, kNoon)}, {{"orders", "page", 503, 5}}, {}};
  const Counts now{
      {caller("curl", 2, kNoon), caller("wget", 4, kNoon)}, {{"orders", "page", 503, 9}}, {}};
  const Counts since = counted_since(now, earlier);
  ASSERT_THAT(since.callers, SizeIs(1));
  EXPECT_EQ(since.callers[0].agent, "wget");
  ASSERT_THAT(since.answers, SizeIs(1));
  EXPECT_EQ(since.answers[0].count, 4U);
  EXPECT_THAT(counted_since(earlier, earlier).answers, IsEmpty());
}

TEST(Counts, OfAnotherVersionOfTheProgramDoNoHarm) {
  for (const char* text : {"", "[]", "{", "\"x\""}) EXPECT_FALSE(counts_from_json(text)) << text;
  for (const char* text :
       {"{}", R"({"callers":3})", R"({"callers":[3],"answers":[{"count":"x"}]})"}) {
    EXPECT_TRUE(counts_from_json(text)) << text;
  }
}

}  // namespace
}  // namespace intermission::control
