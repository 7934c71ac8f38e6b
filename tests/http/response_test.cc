#include "http/response.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace intermission::http {
namespace {

struct NoStream final : Stream {
  bool read(std::string& /*out*/) override { return false; }
};

// It is used again for the next request: nothing of the last answer may reach another client.
TEST(Response, ResetForgetsTheLastAnswer) {
  Response response;
  response.status = 200;
  response.add_field("Set-Cookie", "a=b");
  response.body.own() = "for one client";
  const auto owner = std::make_shared<const std::string>("owned");
  response.body.set_owner(owner);
  response.stream = std::make_unique<NoStream>();
  response.reset();
  EXPECT_EQ(response.status, 503);
  EXPECT_TRUE(response.fields.empty());
  EXPECT_TRUE(response.body.empty());
  EXPECT_FALSE(response.body.is_own());
  EXPECT_EQ(response.body.own(), "");
  EXPECT_EQ(owner.use_count(), 1);
  EXPECT_EQ(response.stream, nullptr);
}

// Short texts stand in the object itself, and move with it.
TEST(Response, KeepsItsBodyWhereItIsMoved) {
  for (const std::size_t size : {4U, 4000U}) {
    auto response = std::make_unique<Response>();
    response->body.own().assign(size, 'b');
    const Response moved = std::move(*response);
    response.reset();
    EXPECT_EQ(moved.body.view(), std::string(size, 'b'));
  }
}

TEST(Response, IsAnOutageUntilSomebodySaysOtherwise) {
  EXPECT_EQ(Response().status, 503);
}

}  // namespace
}  // namespace intermission::http
