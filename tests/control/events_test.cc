#include "control/events.h"

#include <gtest/gtest.h>

#include "cli/tables.h"
#include "support/fake_clock.h"

namespace intermission::control {
namespace {

TEST(Events, AreHeardInOrderAndOnce) {
  Events events;
  events.publish("service", "{}");
  std::uint64_t seen = 0;
  std::string heard;
  events.read_after(seen, heard);
  EXPECT_EQ(heard, "id: 1\nevent: service\ndata: {}\n\n");
  heard.clear();
  events.read_after(seen, heard);
  EXPECT_EQ(heard, "");
}

TEST(Events, HaveAPlaceForSoManyListeners) {
  Events events(2);
  auto first = events.take_seat();
  {
    const auto second = events.take_seat();
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(events.take_seat());
  }
  auto moved = std::move(first);
  EXPECT_TRUE(events.take_seat()) << "the second is free again";
}

TEST(Events, WhoComesTooLateHearsHowManyAreLost) {
  Events events;
  for (std::size_t i = 0; i < Events::kKept + 3; ++i) events.publish("reload", "{}");
  std::uint64_t seen = 0;
  std::string heard;
  events.read_after(seen, heard);
  EXPECT_EQ(heard.substr(0, heard.find("\n\n")), "event: lost\ndata: 3");
}

TEST(Events, OfAProgramThatRanBeforeThisOneStartAnew) {
  Events events;
  events.publish("reload", "{}");
  std::uint64_t seen = 900;
  std::string heard;
  events.read_after(seen, heard);
  EXPECT_EQ(heard, "id: 1\nevent: reload\ndata: {}\n\n");
}

TEST(Events, AStreamIsNeverSilentForLong) {
  Events events;
  testing::FakeClock clock(base::TimePoint{base::Seconds{1000}});
  EventStream stream(*events.take_seat(), events, clock, 0, {});
  std::string heard;
  EXPECT_TRUE(stream.read(heard));
  EXPECT_EQ(heard, ":\n\n");
  heard.clear();
  EXPECT_TRUE(stream.read(heard));
  EXPECT_EQ(heard, "");
  clock.advance(base::Seconds{10});
  EXPECT_TRUE(stream.read(heard));
  EXPECT_EQ(heard, "");
  clock.advance(base::Seconds{5});
  EXPECT_TRUE(stream.read(heard));
  EXPECT_EQ(heard, ":\n\n") << "15 seconds after it spoke, however often it was asked";
}

TEST(EventLines, AreTheSameHoweverTheyAreCut) {
  const std::string sent =
      ":\n\nid: 1\nevent: service\ndata: "
      "{\"name\":\"orders\",\"state\":\"open\",\"reason\":\"r\"}\n\n"
      "event: lost\ndata: 3\n\n";
  const std::string expected = "orders: open (r)\n(3 events were missed)\n";
  for (std::size_t size = 1; size <= sent.size(); ++size) {
    cli::EventLines lines;
    std::string heard;
    for (std::size_t from = 0; from < sent.size(); from += size) {
      heard += lines.take(std::string_view(sent).substr(from, size));
    }
    EXPECT_EQ(heard, expected) << size;
  }
}

TEST(Events, AreHandedOverInPiecesOfSome64KiB) {
  Events events;
  const std::string data = "\"" + std::string(10'000, 'x') + "\"";
  for (int i = 0; i < 20; ++i) events.publish("service", data);
  std::uint64_t seen = 0;
  std::string all;
  for (int reads = 0; seen < 20; ++reads) {
    ASSERT_LT(reads, 20);
    std::string piece;
    events.read_after(seen, piece);
    EXPECT_GT(piece.size(), 0U);
    EXPECT_LT(piece.size(), 80'000U);
    all += piece;
  }
  for (int id = 1; id <= 20; ++id) {
    EXPECT_NE(all.find("id: " + std::to_string(id) + "\n"), std::string::npos) << id;
  }
}

TEST(Events, AStreamLooksAtTheClockAndSpeaksOfWhatHappens) {
  Events events;
  testing::FakeClock clock(base::TimePoint{base::Seconds{1000}});
  int looks = 0;
  EventStream stream(*events.take_seat(), events, clock, 0, [&] { ++looks; });
  std::string heard;
  stream.read(heard);
  EXPECT_EQ(looks, 1);
  events.publish("service", "{}");
  clock.advance(base::Seconds{20});
  heard.clear();
  stream.read(heard);
  EXPECT_EQ(heard, "id: 1\nevent: service\ndata: {}\n\n") << "and not that it is still there";
  clock.advance(base::Seconds{14});
  heard.clear();
  stream.read(heard);
  EXPECT_EQ(heard, "") << "it has spoken 14 seconds ago";
  EXPECT_EQ(looks, 3);
}

}  // namespace
}  // namespace intermission::control
