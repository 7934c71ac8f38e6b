// A rejection of a time-stamping authority (RFC 3161 §2.4.2), read back as a client reads it: each
// length is that of what follows, whatever the size of the message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/service.h"
#include "dialect/request_evidence.h"
#include "dialect/slotted.h"
#include "dialect/table.h"
#include "page/notice.h"
#include "page/words.h"

namespace intermission::dialect {
namespace {

// Takes one value of DER off the front; nothing if it is of another tag, or its length is wrong or
// longer than it need be (X.690 §10.1).
std::optional<std::string_view> take(std::string_view& bytes, char tag) {
  if (bytes.size() < 2 || bytes[0] != tag) return {};
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  std::size_t head = 2;
  std::size_t length = byte(1);
  if (length >= 0x80) {
    head += length - 0x80;
    if (bytes.size() < head) return {};
    length = 0;
    for (std::size_t at = 2; at < head; ++at) length = length << 8U | byte(at);
    if (length < 0x80 || byte(2) == 0) return {};
  }
  if (bytes.size() - head < length) return {};
  const std::string_view content = bytes.substr(head, length);
  bytes.remove_prefix(head + length);
  return content;
}

class Timestamp : public ::testing::Test {
 protected:
  // As it is sent with a wait of `seconds`, which is drawn after the text was rendered.
  std::string sent(const std::string& message, std::uint32_t seconds) {
    page::Notice notice;
    notice.message = message;
    notice.language = "en";
    const auto all = table()[*find("timestamp")]->render(notice, service_);
    EXPECT_EQ(all.size(), 1U);
    EXPECT_EQ(all.front().status, 200);
    EXPECT_EQ(all.front().content_type, "application/timestamp-reply");
    notice.seconds = seconds;
    spoken_ = page::spoken_text(notice);
    std::string out;
    Slotted(all.front().body).append_to(out, {.seconds = seconds});
    return out;
  }

  catalog::Service service_;
  std::string spoken_;
};

TEST_F(Timestamp, IsARejectionWithTheMessageWhateverItsSize) {
  for (const std::size_t size : {1U, 60U, 85U, 86U, 87U, 200U, 215U, 216U, 5000U, 70'000U}) {
    for (const std::uint32_t seconds : {1U, 120U, 86'400U}) {
      const std::string bytes = sent(std::string(size, 'm'), seconds);
      std::string_view rest = bytes;
      auto response = take(rest, 0x30);
      ASSERT_TRUE(response) << size;
      EXPECT_EQ(rest, "") << size;
      auto info = take(*response, 0x30);
      ASSERT_TRUE(info) << size;
      EXPECT_EQ(*response, "") << "a rejection has no token";
      EXPECT_EQ(take(*info, 0x02), "\x02") << "rejection";
      auto texts = take(*info, 0x30);
      ASSERT_TRUE(texts) << size;
      EXPECT_EQ(take(*texts, 0x0c), spoken_) << size;
      EXPECT_EQ(*texts, "");
      // Bit 25 of 26: six bits of the last byte are unused.
      EXPECT_EQ(take(*info, 0x03), std::string_view("\x06\x00\x00\x00\x40", 5));
      EXPECT_EQ(*info, "");
    }
  }
}

TEST_F(Timestamp, IsForThoseWhoSendAQuery) {
  const auto strength = [&](const char* method, const char* type) {
    http::Request asked;
    asked.reset(method, "/tsa", 11);
    asked.add_field("Content-Type", type);
    RequestEvidence evidence(asked, BodyState::kFinal, service_);
    return table()[*find("timestamp")]->recognise(evidence).strength;
  };
  EXPECT_EQ(strength("POST", "application/timestamp-query"), Claim::Strength::kSure);
  EXPECT_EQ(strength("POST", "Application/Timestamp-Query; charset=binary"),
            Claim::Strength::kSure);
  EXPECT_EQ(strength("POST", "application/timestamp-reply"), Claim::Strength::kNone);
  EXPECT_EQ(strength("POST", "application/timestamp-query2"), Claim::Strength::kNone);
  EXPECT_EQ(strength("GET", "application/timestamp-query"), Claim::Strength::kNone);
}

}  // namespace
}  // namespace intermission::dialect
