#include "http/response.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

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
  response.text = "for one client";
  response.body_from_text();
  EXPECT_EQ(response.body, "for one client");
  const auto owner = std::make_shared<const std::string>("owned");
  response.owner = owner;
  response.stream = std::make_unique<NoStream>();
  response.close = true;
  response.reset();
  EXPECT_EQ(response.status, 503);
  EXPECT_TRUE(response.fields.empty());
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.text, "");
  EXPECT_EQ(response.owner, nullptr);
  EXPECT_EQ(owner.use_count(), 1);
  EXPECT_EQ(response.stream, nullptr);
  EXPECT_FALSE(response.close);
}

TEST(Response, IsAnOutageUntilSomebodySaysOtherwise) {
  EXPECT_EQ(Response().status, 503);
  EXPECT_FALSE(Response().close);
}

}  // namespace
}  // namespace intermission::http
