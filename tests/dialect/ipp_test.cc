// A response of IPP (RFC 8010 §3.1), read back as a client reads it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/service.h"
#include "dialect/request_evidence.h"
#include "dialect/table.h"
#include "page/notice.h"
#include "page/words.h"

namespace intermission::dialect {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

struct Attribute {
  char tag = 0;
  std::string name;
  std::string value;

  bool operator==(const Attribute&) const = default;
};

struct Response {
  std::string version;
  std::string status;
  std::string request_id;
  std::vector<Attribute> attributes;  // of the operation

  std::string message() const { return attributes.empty() ? "" : attributes.back().value; }
};

std::string_view take(std::string_view& bytes, std::size_t size) {
  EXPECT_GE(bytes.size(), size);
  const std::string_view taken = bytes.substr(0, size);
  bytes.remove_prefix(taken.size());
  return taken;
}

std::string take_text(std::string_view& bytes) {
  const std::string_view length = take(bytes, 2);
  if (length.size() < 2) return {};
  const std::size_t high = static_cast<unsigned char>(length[0]);
  const std::size_t low = static_cast<unsigned char>(length[1]);
  return std::string(take(bytes, high << 8U | low));
}

Response parse(std::string_view bytes) {
  Response read;
  read.version = take(bytes, 2);
  read.status = take(bytes, 2);
  read.request_id = take(bytes, 4);
  EXPECT_EQ(take(bytes, 1), "\x01") << "operation-attributes-tag";
  while (!bytes.empty() && bytes[0] >= 0x10) {
    Attribute one;
    one.tag = take(bytes, 1)[0];
    one.name = take_text(bytes);
    one.value = take_text(bytes);
    read.attributes.push_back(one);
  }
  EXPECT_EQ(bytes, "\x03") << "end-of-attributes-tag";
  return read;
}

class Ipp : public ::testing::Test {
 protected:
  Ipp() {
    notice_.message = "Back soon";
    notice_.language = "en";
    notice_.seconds = 120;
  }

  static const Dialect& ipp() { return *table()[*find("ipp")]; }

  // `request` is what is known of the body.
  Response answer(std::string_view request) {
    http::Request asked;
    asked.reset("POST", "/printers/office", 11);
    asked.add_field("Content-Type", "application/ipp");
    asked.set_body(request, false);
    RequestEvidence evidence(asked, BodyState::kFinal, service_);
    const auto said = ipp().render(notice_, service_);
    EXPECT_THAT(said, SizeIs(1));
    EXPECT_EQ(said.front().status, 200);
    EXPECT_EQ(said.front().gate_status, 503);
    EXPECT_EQ(said.front().content_type, "application/ipp");
    const Claim claim = ipp().recognise(evidence);
    return parse(*ipp().repeat(evidence, notice_, said.front(), claim).body);
  }

  std::string message(std::string_view words) {
    notice_.message = words;
    return answer({}).message();
  }

  catalog::Service service_;
  page::Notice notice_;
};

TEST_F(Ipp, HasTheVersionAndTheIdOfItsRequest) {
  const Response read = answer(std::string_view("\x02\x01\x00\x0B\xFE\x00\x0D\x7F\x01\x47", 10));
  EXPECT_EQ(read.version, "\x02\x01");
  EXPECT_EQ(read.status, "\x05\x07") << "server-error-busy";
  EXPECT_EQ(read.request_id, std::string("\xFE\x00\x0D\x7F", 4));
  EXPECT_THAT(read.attributes,
              ElementsAre(Attribute{0x47, "attributes-charset", "utf-8"},
                          Attribute{0x48, "attributes-natural-language", "en"},
                          Attribute{0x41, "status-message",
                                    "Back soon. Please try again in 120 seconds."}));
}

TEST_F(Ipp, HasOnesOfItsOwnWhereTheRequestIsUnknown) {
  const std::string request("\x02\x00\x00\x0B\x00\x00\x00\x07", 8);
  EXPECT_EQ(answer(request).request_id, std::string("\x00\x00\x00\x07", 4));
  for (std::size_t size = 0; size < request.size(); ++size) {
    const Response read = answer(request.substr(0, size));
    EXPECT_EQ(read.version, "\x01\x01") << size;
    EXPECT_EQ(read.request_id, std::string("\x00\x00\x00\x01", 4)) << size;
  }
}

TEST_F(Ipp, AnswersInAVersionThatThereIs) {
  const auto version = [&](const char* sent) {
    return answer(sent + std::string("\x00\x0B\x00\x00\x00\x01", 6)).version;
  };
  for (const char* known : {"\x01\x01", "\x02\x02", "\x01\x7F"}) EXPECT_EQ(version(known), known);
  for (const char* other : {"\x03\x01", "\xFF\xFF", "PO"}) EXPECT_EQ(version(other), "\x01\x01");
}

TEST_F(Ipp, NamesItsLanguageInSmallLetters) {
  notice_.language = "de-AT";
  EXPECT_EQ(answer({}).attributes[1].value, "de-at");
}

// RFC 8011 §4.1.6.2: 255 octets at most.
TEST_F(Ipp, CutsTheOperatorsWordsInFrontOfTheWait) {
  const std::string wait = ". Please try again in 120 seconds.";
  EXPECT_EQ(message(std::string(255 - wait.size(), 'm')),
            std::string(255 - wait.size(), 'm') + wait);
  for (const std::size_t size : {256U, 257U, 258U, 300U, 70'000U}) {
    const std::string said = message(std::string(size - wait.size(), 'm'));
    EXPECT_THAT(said, SizeIs(::testing::AllOf(::testing::Ge(254U), ::testing::Le(255U)))) << size;
    EXPECT_THAT(said, EndsWith("m\xE2\x80\xA6 Please try again in 120 seconds.")) << size;
  }
  // Two bytes each: between them it is not cut.
  for (const char* before : {"", "a"}) {
    std::string words = before;
    for (int i = 0; i < 200; ++i) words += "\xC3\xBC";
    const std::string said = message(words);
    EXPECT_THAT(said, HasSubstr("\xC3\xBC\xE2\x80\xA6 Please"));
    EXPECT_THAT(said, SizeIs(::testing::Le(255U)));
  }
}

TEST_F(Ipp, CutsWhatStandsBehindTheWordsToo) {
  notice_.language = "el";  // a long sentence around the wait, in two bytes a letter
  notice_.until = base::TimePoint{};
  const std::string said = message(std::string(300, 'm'));
  EXPECT_THAT(said, SizeIs(::testing::Le(255U)));
  EXPECT_THAT(said, StartsWith("m"));
}

TEST_F(Ipp, IsForThoseWhoPostIt) {
  const auto claim = [&](const char* method, const char* type) {
    http::Request asked;
    asked.reset(method, "/printers/office", 11);
    asked.add_field("Content-Type", type);
    RequestEvidence evidence(asked, BodyState::kUnread, service_);
    return ipp().recognise(evidence);
  };
  EXPECT_EQ(claim("POST", "application/ipp").strength, Claim::Strength::kSure);
  EXPECT_TRUE(claim("POST", "application/ipp").needs_body);
  EXPECT_EQ(claim("POST", "Application/IPP; charset=utf-8").strength, Claim::Strength::kSure);
  EXPECT_EQ(claim("POST", "application/ipp+json").strength, Claim::Strength::kNone);
  EXPECT_EQ(claim("PUT", "application/ipp").strength, Claim::Strength::kNone);
  EXPECT_EQ(claim("GET", "application/ipp").strength, Claim::Strength::kNone);
}

}  // namespace
}  // namespace intermission::dialect
