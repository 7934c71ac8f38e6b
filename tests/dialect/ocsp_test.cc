// A request of OCSP in a path (RFC 6960 appendix A.1), and everything that only looks like one:
// of a real one, no part will do, and no other bytes around it.
#include <gtest/gtest.h>

#include <string>

#include "base/base64.h"
#include "catalog/service.h"
#include "dialect/request_evidence.h"
#include "dialect/table.h"

namespace intermission::dialect {
namespace {

std::string sequence(const std::string& content) {
  std::string out = "\x30";
  if (content.size() >= 0x80) {
    out += "\x82";
    out += static_cast<char>(content.size() >> 8U);
  }
  return out + static_cast<char>(content.size() & 0xFFU) + content;
}

// With a CertID of twenty bytes for each hash and a serial number of that many bytes.
std::string request(std::size_t serial, const std::string& version = "") {
  const std::string algorithm = sequence(std::string("\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00", 9));
  const std::string hash = "\x04\x14" + std::string(20, '\xFB');
  const std::string number = "\x02" + std::string(1, static_cast<char>(serial));
  const std::string id = sequence(algorithm + hash + hash + number + std::string(serial, '\x7E'));
  return sequence(sequence(version + sequence(sequence(id))));
}

bool is_ocsp(const std::string& target) {
  http::Request asked;
  asked.reset("GET", target, 11);
  const catalog::Service service;
  RequestEvidence evidence(asked, BodyState::kFinal, service);
  return table()[*find("ocsp")]->recognise(evidence).strength == Claim::Strength::kSure;
}

TEST(Ocsp, KnowsARequestOfAnyLength) {
  for (const std::size_t serial : {1U, 8U, 16U, 20U, 60U, 100U}) {
    EXPECT_TRUE(is_ocsp("/" + base::base64(request(serial)))) << serial;
    EXPECT_TRUE(is_ocsp("/ocsp/ca/" + base::base64(request(serial)))) << serial;
    EXPECT_TRUE(is_ocsp("/Main/M/" + base::base64(request(serial), false))) << serial;
  }
}

TEST(Ocsp, KnowsOneThatNamesItsVersion) {
  EXPECT_TRUE(is_ocsp("/" + base::base64(request(8, std::string("\xA0\x03\x02\x01\x00", 5)))));
}

// A request about several certificates: its length takes both bytes.
TEST(Ocsp, KnowsOneOfMoreThan255Bytes) {
  std::string list;
  for (int i = 0; i < 5; ++i) list += request(20).substr(6);
  const std::string several = sequence(sequence(sequence(list)));
  EXPECT_GT(several.size(), 300U);
  EXPECT_TRUE(is_ocsp("/" + base::base64(several)));
}

TEST(Ocsp, IsNestedAsDeepAsTheStandardSays) {
  const std::string algorithm = sequence(std::string("\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00", 9));
  std::string nested = algorithm;
  for (int depth = 1; depth < 8; ++depth) {
    EXPECT_EQ(is_ocsp("/" + base::base64(nested)), depth == 6) << depth;
    nested = sequence(nested);
  }
}

TEST(Ocsp, TakesNoPartOfARequestForOne) {
  const std::string whole = base::base64(request(8), false);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(is_ocsp("/" + whole.substr(0, size))) << size;
  }
}

TEST(Ocsp, TakesNothingMoreForOneEither) {
  const std::string bytes = request(8);
  EXPECT_FALSE(is_ocsp("/" + base::base64(bytes + std::string(3, '\0'))));
  EXPECT_FALSE(is_ocsp("/" + base::base64(bytes) + ".json"));
}

TEST(Ocsp, TakesNoBase64ThatGoesOnBehindItsEnd) {
  const std::string whole = base::base64(request(8), false);
  EXPECT_TRUE(is_ocsp("/" + whole));
  EXPECT_TRUE(is_ocsp("/" + whole + "="));
  for (const std::size_t at : {4U, 20U}) {
    EXPECT_FALSE(is_ocsp("/" + whole.substr(0, at) + "=" + whole.substr(at))) << at;
  }
}

// Tags and lengths of the head, one after the other, as anything else.
TEST(Ocsp, LooksAtEachTag) {
  const std::string bytes = request(8);
  const std::size_t tags[] = {0, 2, 4, 6, 8, 10, 12};
  for (const std::size_t at : tags) {
    std::string other = bytes;
    other[at] = '\x31';
    EXPECT_FALSE(is_ocsp("/" + base::base64(other))) << at;
  }
}

TEST(Ocsp, IsNotConfusedByBrokenEscapes) {
  const std::string whole = base::base64(request(8));
  for (const char* end : {"%", "%2", "%zz", "%00", "%4D"}) EXPECT_FALSE(is_ocsp("/" + whole + end));
  for (const char* path : {"/M", "/M%", "/MA", "/MIA", "/MIIB", "/M//M/M%2F"}) {
    EXPECT_FALSE(is_ocsp(path)) << path;
  }
}

}  // namespace
}  // namespace intermission::dialect
