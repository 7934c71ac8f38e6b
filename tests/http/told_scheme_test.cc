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

TEST(ToldScheme, IsHttpWhereNothingElseIsSaid) {
  EXPECT_EQ(told({{"X-Forwarded-Proto", "http"}}), ToldScheme::kHttp);
  EXPECT_EQ(told({{"X-Forwarded-Proto", "http, ftp"}}), ToldScheme::kHttp);
  EXPECT_EQ(told({{"X-Forwarded-Proto", "ftp,http"}}), ToldScheme::kHttp);
  EXPECT_EQ(told({{"X-Forwarded-Ssl", "off"}}), ToldScheme::kHttp);
  EXPECT_EQ(told({{"X-CF-Forwarded-Url", "http://orders.example.com/"}}), ToldScheme::kHttp);
}

TEST(ToldScheme, IsUnknownWhereNothingIsSaid) {
  EXPECT_EQ(told({}), ToldScheme::kUnknown);
  EXPECT_EQ(told({{"X-Forwarded-Proto", ""}}), ToldScheme::kUnknown);
  EXPECT_EQ(told({{"X-Forwarded-Proto", "ftp"}}), ToldScheme::kUnknown);
  EXPECT_EQ(told({{"X-CF-Forwarded-Url", "/orders"}}), ToldScheme::kUnknown);
}

bool tls(const std::string& name, const std::string& value) {
  Request request;
  request.reset("GET", "/", 11);
  request.add_field(name, value);
  return tells_tls(request);
}

TEST(ToldScheme, EveryFieldThatRoutersTellTlsInCounts) {
  const std::vector<std::pair<std::string, std::string>> secure = {
      {"X-Forwarded-Proto", "https"},
      {"X-Forwarded-Proto", "wss"},
      {"X-Forwarded-Ssl", "1"},
      {"Front-End-Https", "on"},
      {"front-end-https", "ON"},
      {"X-Forwarded-Protocol", "https"},
      {"X-Forwarded-Protocol", "ssl"},
      {"X-Url-Scheme", "https"},
      {"X-Scheme", "http, https"},
      {"X-Forwarded-Scheme", "https"},
      {"CloudFront-Forwarded-Proto", "https"},
      {"CF-Visitor", "{\"scheme\":\"https\"}"},
      {"X-Forwarded-Port", "443"},
      {"X-Original-Proto", "https"},
      {"X-AppEngine-Https", "on"},
      {"WL-Proxy-SSL", "true"},
      {"Fastly-SSL", "1"},
      {"X-ARR-SSL", "2048|256|CN=ca|CN=orders.example.com"},
      {"X-Forwarded-Https", "on"},
      {"X-Original-URL", "https://orders.example.com/"},
  };
  for (const auto& [name, value] : secure) EXPECT_TRUE(tls(name, value)) << name << ": " << value;
  const std::vector<std::pair<std::string, std::string>> plain = {
      {"Front-End-Https", "off"},
      {"X-Url-Scheme", "http"},
      {"CF-Visitor", "{\"scheme\":\"http\"}"},
      {"X-Forwarded-Port", "8443"},
      {"X-Forwarded-Port", "80"},
      {"X-ARR-SSL", ""},
      {"Upgrade-Insecure-Requests", "1"},
      {"X-Original-URL", "/https:"},
  };
  for (const auto& [name, value] : plain) EXPECT_FALSE(tls(name, value)) << name << ": " << value;
}

}  // namespace
}  // namespace intermission::http
