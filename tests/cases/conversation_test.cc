// The comparison that all conversations rely on: what it must notice.
#include "support/conversation.h"

#include <gtest/gtest.h>

#include "support/wildcards.h"

namespace intermission::testing {
namespace {

const Heard kHeard{.status_line = "HTTP/1.1 503 Service Unavailable",
                   .fields = {{"Retry-After", "120"}, {"Date", "now"}, {"Content-Length", "2"}},
                   .body = "ok"};

Conversation expected() {
  Conversation conversation;
  conversation.status_line = kHeard.status_line;
  conversation.fields = {{"Retry-After", "120"}};
  conversation.body = kHeard.body;
  return conversation;
}

std::string compare_with(std::pair<std::string, std::string> another_line, bool over_socket) {
  Heard heard = kHeard;
  heard.fields.push_back(std::move(another_line));
  return compare(expected(), heard, over_socket);
}

TEST(ConversationCompare, AcceptsWhatIsListed) {
  EXPECT_EQ(compare(expected(), kHeard, false), "");
  EXPECT_EQ(compare(expected(), kHeard, true), "");
}

TEST(ConversationCompare, NoticesAFieldThatIsSentTwice) {
  EXPECT_EQ(compare_with({"Retry-After", "120"}, false), "Retry-After: 120 is unexpected\n");
  EXPECT_EQ(compare_with({"retry-after", "0"}, true), "retry-after: 0 is unexpected\n");
}

TEST(ConversationCompare, NoticesAFieldThatIsNotListed) {
  EXPECT_EQ(compare_with({"ETag", "\"1\""}, false), "ETag: \"1\" is unexpected\n");
  EXPECT_EQ(compare_with({"ETag", "\"1\""}, true), "ETag: \"1\" is unexpected\n");
}

TEST(ConversationCompare, NoticesAMissingField) {
  Conversation conversation = expected();
  conversation.fields.emplace_back("X-Maintenance", "orders");
  EXPECT_EQ(compare(conversation, kHeard, false),
            "X-Maintenance: expected \"orders\", got no such field\n");
}

TEST(ConversationCompare, NoticesEachOfTwoLinesOfOneField) {
  Conversation conversation = expected();
  conversation.fields.emplace_back("Retry-After", "7");
  EXPECT_EQ(compare(conversation, kHeard, false),
            "Retry-After: expected \"7\", got no such field\n");
}

TEST(ConversationCompare, NoticesTheServersFieldsSentTwice) {
  EXPECT_EQ(compare_with({"Date", "now"}, true), "Date: expected once\n");
  EXPECT_NE(compare_with({"Content-Length", "2"}, true), "");
  EXPECT_NE(compare_with({"Transfer-Encoding", "chunked"}, true), "");
}

TEST(ConversationCompare, NoticesAnotherStatusOrBody) {
  Heard heard = kHeard;
  heard.status_line = "HTTP/1.1 503 service unavailable";
  EXPECT_NE(compare(expected(), heard, false), "");
  heard = kHeard;
  heard.body = "ok ok";
  EXPECT_NE(compare(expected(), heard, false), "");
}

TEST(MatchesPattern, StarsStayInTheirLine) {
  EXPECT_TRUE(matches_pattern("a*c\nd", "abbc\nd"));
  EXPECT_FALSE(matches_pattern("a*d", "a\nd"));
  EXPECT_TRUE(matches_pattern("a\n*\nd", "a\nb\nc\nd"));
  EXPECT_FALSE(matches_pattern("a\n*\nd", "ab\nd"));
  EXPECT_TRUE(matches_pattern("*", "any\nlines"));
}

TEST(MatchesPattern, EscapesStandForThemselves) {
  EXPECT_TRUE(matches_pattern("User-agent: \\*", "User-agent: *"));
  EXPECT_FALSE(matches_pattern("User-agent: \\*", "User-agent: x"));
  EXPECT_TRUE(matches_pattern("\\x02\\r*", std::string("\x02\r\x01z")));
  EXPECT_FALSE(matches_pattern("\\x02", "\x03"));
}

TEST(MatchesPattern, HoldsForWhatItWasMadeOf) {
  for (const std::string text : {"*", "a*\r\nb", "\\d+", "", "\n*\n"}) {
    EXPECT_TRUE(matches_pattern(as_pattern(text), text)) << text;
    EXPECT_FALSE(matches_pattern(as_pattern(text), text + "x")) << text;
  }
}

}  // namespace
}  // namespace intermission::testing
