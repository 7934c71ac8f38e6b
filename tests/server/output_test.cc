#include "server/output.h"

#include <gtest/gtest.h>

namespace intermission::server {
namespace {

std::string text_of(const Output& out, std::size_t limit = 1 << 20) {
  std::string text;
  const Output::Pending pending = out.pending(limit);
  for (std::size_t i = 0; i < pending.count; ++i) {
    text.append(static_cast<const char*>(pending.parts[i].iov_base), pending.parts[i].iov_len);
  }
  return text;
}

TEST(Output, SendsBytesThenTheBodyInAnyPieces) {
  for (std::size_t piece = 1; piece <= 9; ++piece) {
    Output out;
    out.bytes() = "head ";
    out.refer("body", nullptr);
    std::string sent;
    while (!out.empty()) {
      const std::string part = text_of(out, piece);
      ASSERT_LE(part.size(), piece);
      sent += part;
      out.sent(part.size());
    }
    EXPECT_EQ(sent, "head body") << piece;
  }
}

TEST(Output, KeepsTheOwnerUntilAllIsSent) {
  auto owner = std::make_shared<const std::string>("body");
  const std::weak_ptr<const std::string> watched = owner;
  Output round;
  round.bytes() = "head ";
  round.refer(*owner, owner);
  owner.reset();
  Output kept;
  round.sent(2);
  kept.keep(round);
  EXPECT_TRUE(round.empty());
  EXPECT_FALSE(watched.expired());
  EXPECT_EQ(text_of(kept), "ad body");
  kept.sent(7);
  EXPECT_TRUE(watched.expired());
}

TEST(Output, CopiesWhatWasOnlyBorrowed) {
  std::string text = "borrowed";
  Output round;
  round.bytes() = "head ";
  round.borrow(text);
  round.sent(7);
  Output kept;
  kept.keep(round);
  text = "gone____";
  EXPECT_EQ(text_of(kept), "rrowed");
}

TEST(Output, LetsTheOwnerGoOnceItHasACopy) {
  auto owner = std::make_shared<const std::string>("body");
  const std::weak_ptr<const std::string> watched = owner;
  Output round;
  round.bytes() = "head ";
  round.refer(*owner, owner);
  owner.reset();
  Output kept;
  kept.keep(round);
  kept.sent(2);
  EXPECT_EQ(kept.referred(), 4U);
  kept.own();
  EXPECT_EQ(kept.referred(), 0U);
  EXPECT_TRUE(watched.expired());
  EXPECT_EQ(text_of(kept), "ad body");
}

TEST(Output, IsFullWithABodyOrEnoughBytes) {
  Output out;
  EXPECT_FALSE(out.full());
  out.bytes().assign(Output::kEnough, 'x');
  EXPECT_TRUE(out.full());
  out.clear();
  out.refer("body", nullptr);
  EXPECT_TRUE(out.full());
}

}  // namespace
}  // namespace intermission::server
