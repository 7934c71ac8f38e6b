#include "http/body.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace intermission::http {
namespace {

TEST(Body, IsWhatWasSetLast) {
  Body body;
  EXPECT_TRUE(body.empty());
  body.own() = "own";
  EXPECT_EQ(body.view(), "own");
  EXPECT_TRUE(body.is_own());
  body.refer("elsewhere");
  EXPECT_EQ(body.view(), "elsewhere");
  EXPECT_EQ(body.size(), 9U);
  EXPECT_FALSE(body.is_own());
  body.own() += "!";
  EXPECT_EQ(body.view(), "own!");
}

TEST(Body, KeepsWhatItRefersToAlive) {
  auto owner = std::make_shared<const std::string>("text");
  const std::weak_ptr<const std::string> watched = owner;
  Body body;
  body.refer(*owner, owner);
  owner.reset();
  Body moved = std::move(body);
  EXPECT_EQ(moved.view(), "text");
  auto taken = moved.take_owner();
  EXPECT_FALSE(watched.expired());
  EXPECT_EQ(moved.view(), "text");
  taken.reset();
  EXPECT_TRUE(watched.expired());
}

TEST(Body, ForgetsEverythingButItsMemory) {
  const auto owner = std::make_shared<const std::string>("text");
  Body body;
  body.own().assign(1000, 'x');
  const std::size_t capacity = body.capacity();
  body.refer(*owner, owner);
  body.clear();
  EXPECT_TRUE(body.empty());
  EXPECT_EQ(owner.use_count(), 1);
  EXPECT_EQ(body.capacity(), capacity);
  EXPECT_EQ(body.own(), "");
}

}  // namespace
}  // namespace intermission::http
