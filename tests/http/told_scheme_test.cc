#include "http/told_scheme.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace intermission::http {
namespace {

ToldScheme told(const std::vector<std::pair<std::string, std::string>>& fields) {
  Request request;
  request.reset("GET", "/", 11);
  for (const auto& [name, value] : fields) request.add_field(name, value);
  return told_scheme(request);
}

TEST(ToldScheme, AnyMemberOfAnyLineTellsTls) {
  EXPECT_EQ(told({{"X-Forwarded-Proto", "https"}}), ToldScheme::kHttps);
  EXPECT_EQ(told({{"X-Forwarded-Proto", "http, HTTPS"}}), ToldScheme::kHttps);
  EXPECT_EQ(told({{"X-Forwarded-Proto", "https, http"}}), ToldScheme::kHttps);
  EXPECT_EQ(told({{"X-Forwarded-Proto", "http"}, {"X-Forwarded-Proto", "https"}}),
            ToldScheme::kHttps);
  EXPECT_EQ(told({{"Forwarded", "for=192.0.2.1;proto=http, for=192.0.2.2;proto=https"}}),
            ToldScheme::kHttps);
  EXPECT_EQ(told({{"Forwarded", "proto=http"}, {"Forwarded", "proto=\"https\""}}),
            ToldScheme::kHttps);
  EXPECT_EQ(told({{"X-Forwarded-Proto", "http"}, {"X-Forwarded-Scheme", "https"}}),
            ToldScheme::kHttps);
  EXPECT_EQ(told({{"X-Forwarded-Ssl", "On"}}), ToldScheme::kHttps);
  EXPECT_EQ(told({{"X-CF-Forwarded-Url", "https://orders.example.com/7"}}), ToldScheme::kHttps);
}

TEST(ToldScheme, IsHttpWhereNothingElseIsTold) {
  EXPECT_EQ(told({{"X-Forwarded-Proto", "http"}}), ToldScheme::kHttp);
  EXPECT_EQ(told({{"X-Forwarded-Proto", "http, ftp"}}), ToldScheme::kHttp);
  EXPECT_EQ(told({{"X-Forwarded-Proto", "ftp,http"}}), ToldScheme::kHttp);
  EXPECT_EQ(told({{"X-Forwarded-Ssl", "off"}}), ToldScheme::kHttp);
  EXPECT_EQ(told({{"X-CF-Forwarded-Url", "http://orders.example.com/"}}), ToldScheme::kHttp);
}

TEST(ToldScheme, IsUnknownWhereNothingIsTold) {
  EXPECT_EQ(told({}), ToldScheme::kUnknown);
  EXPECT_EQ(told({{"X-Forwarded-Proto", ""}}), ToldScheme::kUnknown);
  EXPECT_EQ(told({{"X-Forwarded-Proto", "ftp"}}), ToldScheme::kUnknown);
  EXPECT_EQ(told({{"X-CF-Forwarded-Url", "/orders"}}), ToldScheme::kUnknown);
}

}  // namespace
}  // namespace intermission::http
