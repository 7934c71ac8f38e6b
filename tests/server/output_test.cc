#include "server/output.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

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

// Answers to pipelined requests, large and small, leave together and in order.
TEST(Output, SendsSegmentsInOrderInAnyPieces) {
  const std::string all = "a BODY b c EVER d BORROWED";
  for (std::size_t piece = 1; piece <= all.size(); ++piece) {
    for (const std::size_t kept_at : {std::size_t{0}, std::size_t{4}, all.size() - 1}) {
      const auto owner = std::make_shared<const std::string>("BODY");
      Output round;
      round.bytes() = "a ";
      round.refer(*owner, owner);
      round.bytes() += " b ";
      round.bytes() += "c ";
      round.refer("EVER", nullptr);
      round.bytes() += " d ";
      round.borrow("BORROWED");
      Output kept;
      std::string sent;
      Output* out = &round;
      while (!out->empty()) {
        if (sent.size() >= kept_at && out == &round) {
          kept.keep(round);
          out = &kept;
        }
        const std::string part = text_of(*out, piece);
        ASSERT_EQ(part.size(), std::min(piece, all.size() - sent.size()));
        sent += part;
        out->sent(part.size());
      }
      EXPECT_EQ(sent, all) << piece << " " << kept_at;
      EXPECT_EQ(owner.use_count(), 1);
    }
  }
}

TEST(Output, CopiesOnlyWhatItsOwnersHold) {
  const auto owner = std::make_shared<const std::string>("BODY");
  Output out;
  out.bytes() = "a ";
  out.refer("EVER", nullptr);
  out.refer(*owner, owner);
  out.bytes() += " b";
  EXPECT_EQ(out.referred(), 4U);
  out.own();
  EXPECT_EQ(owner.use_count(), 1);
  EXPECT_EQ(out.referred(), 0U);
  EXPECT_EQ(text_of(out), "a EVERBODY b");
}

TEST(Output, KnowsWhatItWouldKeep) {
  const auto owner = std::make_shared<const std::string>(5000, 'o');
  Output out;
  out.bytes() = "abc";
  out.refer(*owner, owner);
  out.sent(1);
  const std::size_t without = out.to_keep();
  EXPECT_LT(without, 1000U);
  out.borrow(*owner);
  EXPECT_EQ(out.to_keep(), without + 5000);
}

TEST(Output, PassesOverAViewOfNothing) {
  Output out;
  out.refer("", nullptr);
  EXPECT_TRUE(out.empty());
}

TEST(Output, KeepsTheMemoryOfOrdinaryRoundsAlone) {
  for (const auto& [size, is_kept] :
       {std::pair{2 * Output::kEnough, true}, std::pair{2 * Output::kEnough + 1, false}}) {
    Output out;
    out.bytes().reserve(size);
    out.bytes() = "x";
    out.clear();
    EXPECT_EQ(out.held() > Output::kEnough, is_kept) << size;
  }
}

TEST(Output, IsFullWithEnoughBytesOrViews) {
  Output out;
  EXPECT_FALSE(out.full());
  out.bytes().assign(Output::kEnough, 'x');
  EXPECT_TRUE(out.full());
  out.clear();
  for (std::size_t i = 0; i < Output::kMostViews; ++i) {
    EXPECT_FALSE(out.full());
    out.refer("body", nullptr);
  }
  EXPECT_TRUE(out.full());
  out.clear();
  const std::string large(Output::kEnough, 'x');
  out.refer(large, nullptr);
  EXPECT_TRUE(out.full());
  out.clear();
  out.borrow("body");
  EXPECT_TRUE(out.full());
}

}  // namespace
}  // namespace intermission::server
