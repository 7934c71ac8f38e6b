#include "http/request_id.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::http {
namespace {

TEST(RequestId, IsWhatTheFieldHoldsUnlessThatIsTooLong) {
  const std::string longest(200, 'a');
  Request request;
  request.reset("GET", "/", 11);
  request.add_field("X-Request-Id", longest);
  request.add_field("X-Vcap-Request-Id", longest + "a");
  EXPECT_EQ(request_id(request, Field::kXRequestId), longest);
  EXPECT_EQ(request_id(request, Field::kXVcapRequestId), "");
  EXPECT_EQ(request_id(request, Field::kTraceparent), "");
}

}  // namespace
}  // namespace intermission::http
