// Which certificate is for which name, and what a reload changes.
#include "server/tls_contexts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/certificates.h"
#include "support/fake_clock.h"

namespace intermission::server {
namespace {

using ::testing::HasSubstr;
using testing::issue;
using testing::present;
using testing::Wish;

class TlsContextsTest : public ::testing::Test {
 protected:
  CertificateFiles made(const std::string& file, std::vector<std::string> names) const {
    return issue({.names = std::move(names)}).write(folder_, file);
  }
  std::shared_ptr<TlsEndpoint> open(const TlsSettings& settings) const {
    auto endpoint = TlsEndpoint::open(settings, clock_);
    EXPECT_TRUE(endpoint) << endpoint.error().text();
    return endpoint ? *endpoint : nullptr;
  }

  const testing::TemporaryFolder folder_;
  const testing::FakeClock clock_{present()};
};

TEST_F(TlsContextsTest, ExactThenWildcardThenTheFirst) {
  const auto endpoint = open({.certificates = {made("default", {"gateway.example"}),
                                               made("wild", {"*.shop.example", "shop.example"}),
                                               made("exact", {"api.shop.example"})}});
  const auto contexts = endpoint->current();
  const std::vector<std::pair<std::string, std::size_t>> expected = {
      {"gateway.example", 0},
      {"shop.example", 1},
      {"www.shop.example", 1},
      {"WWW.Shop.Example", 1},
      {"www.shop.example.", 1},
      {"api.shop.example", 2},
      {"a.api.shop.example", 0},
      {"a.b.shop.example", 0},
      {"other.example", 0},
      {"", 0},
      {".", 0},
      {".shop.example", 0},
      {"*.shop.example", 1},
      {"example", 0},
      {"127.0.0.1", 0},
  };
  for (const auto& [name, index] : expected) {
    EXPECT_EQ(contexts->certificate_for(name), index) << name;
  }
}

TEST_F(TlsContextsTest, OfTwoWithOneNameTheFirstCounts) {
  const auto endpoint =
      open({.certificates = {made("a", {"a.example"}), made("b", {"b.example", "a.example"})}});
  EXPECT_EQ(endpoint->current()->certificate_for("a.example"), 0U);
  EXPECT_EQ(endpoint->current()->certificate_for("b.example"), 1U);
}

TEST_F(TlsContextsTest, TwoKindsOfKeysForTheSameNamesAreOneCertificate) {
  const auto rsa = issue({.names = {"b.example", "a.example"}, .key = Wish::Key::kRsa});
  const auto endpoint =
      open({.certificates = {made("ec", {"a.example", "b.example"}), rsa.write(folder_, "rsa"),
                             made("other", {"c.example"})}});
  EXPECT_EQ(endpoint->current()->certificate_for("b.example"), 0U);
  EXPECT_EQ(endpoint->current()->certificate_for("c.example"), 1U);
  EXPECT_EQ(endpoint->current()->certificates().size(), 3U);
}

TEST_F(TlsContextsTest, AReloadTakesWhatTheFilesHoldNow) {
  const TlsSettings settings{.certificates = {made("a", {"a.example"})}};
  const auto endpoint = open(settings);
  const auto before = endpoint->current();
  made("a", {"new.example"});
  EXPECT_FALSE(endpoint->reload(settings));
  EXPECT_EQ(endpoint->current()->certificates()[0].names[0], "new.example");
  EXPECT_EQ(before->certificates()[0].names[0], "a.example") << "connections keep theirs";
}

TEST_F(TlsContextsTest, AReloadThatFailsLeavesTheOldOnes) {
  const TlsSettings settings{.certificates = {made("a", {"a.example"})}};
  const auto endpoint = open(settings);
  const auto before = endpoint->current();
  folder_.write("a.pem", "nonsense");
  const auto problem = endpoint->reload(settings);
  ASSERT_TRUE(problem);
  EXPECT_THAT(problem->text(), HasSubstr("a.pem: expected a certificate in PEM"));
  EXPECT_EQ(endpoint->current(), before);
}

TEST_F(TlsContextsTest, OneMadeInMemoryStaysOverAReload) {
  const TlsSettings settings{.self_signed_for = {"localhost"}};
  const auto endpoint = open(settings);
  const auto before = endpoint->current();
  EXPECT_FALSE(endpoint->reload(settings));
  EXPECT_EQ(endpoint->current(), before);
}

TEST_F(TlsContextsTest, WhatOpensslRejectsIsNamed) {
  const auto weak = issue({.names = {"a.example"}, .key = Wish::Key::kShortRsa});
  const auto endpoint = TlsEndpoint::open({.certificates = {weak.write(folder_, "weak")}}, clock_);
  ASSERT_FALSE(endpoint);
  EXPECT_THAT(endpoint.error().text(), HasSubstr("weak.pem: OpenSSL rejects it: ee key too small"));
}

TEST_F(TlsContextsTest, AuthoritiesThatCannotBeReadAreNamed) {
  const auto missing = (folder_.path() / "ca.pem").string();
  const auto endpoint =
      TlsEndpoint::open({.certificates = {made("a", {"a.example"})}, .client_ca = missing}, clock_);
  ASSERT_FALSE(endpoint);
  EXPECT_EQ(endpoint.error().text(), missing + ": cannot be read: No such file or directory");
}

}  // namespace
}  // namespace intermission::server
