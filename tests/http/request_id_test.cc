#include "http/request_id.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

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

TEST(RequestId, FindsTheTraceInATraceparent) {
  const std::string id = "4bf92f3577b34da6a3ce929d0e0e4736";
  EXPECT_EQ(trace_id_in("00-" + id + "-00f067aa0ba902b7-01"), id);
  EXPECT_EQ(trace_id_in("01-" + id + "-and what later versions add"), id);
  EXPECT_EQ(trace_id_in("01-" + id + "-"), id);
  for (const std::string& bad : std::vector<std::string>{
           std::string(), id, "00-" + id, "00-" + id + "0-00f067aa0ba902b7-01",
           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
           "00-" + id.substr(1) + "g-00f067aa0ba902b7-01",
           "00-" + id.substr(1) + "A-00f067aa0ba902b7-01",
           "00-" + id.substr(1) + "F-00f067aa0ba902b7-01",
           "00-" + std::string(32, '0') + "-00f067aa0ba902b7-01", "00" + id + "--x"}) {
    EXPECT_EQ(trace_id_in(bad), "") << bad;
  }
}

TEST(RequestId, IsPlainWhereNothingInItNeedsAnEscape) {
  EXPECT_TRUE(is_plain_id(""));
  EXPECT_TRUE(is_plain_id("7f9c-A_b.c:d/e+f=="));
  for (const char* id :
       {"a b", "a\"b", "a&b", "a'b", "a<b", "a>b", "a\\b", "caf\xC3\xA9", "a\x7f"}) {
    EXPECT_FALSE(is_plain_id(id)) << id;
  }
}

}  // namespace
}  // namespace intermission::http
