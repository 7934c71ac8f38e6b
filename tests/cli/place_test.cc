#include "cli/place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "support/temporary_folder.h"

namespace intermission::cli {
namespace {

TEST(Place, IsReachedOnTheAddressThatIsListenedOn) {
  EXPECT_EQ(own_address("0.0.0.0"), "127.0.0.1");
  EXPECT_EQ(own_address("::"), "::1");
  EXPECT_EQ(own_address("10.0.0.7"), "10.0.0.7");
  EXPECT_EQ(reachable("0.0.0.0"), "127.0.0.1");
  EXPECT_EQ(reachable("::"), "[::1]");
  EXPECT_EQ(reachable("2001:db8::7"), "[2001:db8::7]");
  EXPECT_EQ(reachable("10.0.0.7"), "10.0.0.7");
}

TEST(Place, OfOperatorsIsWhatTheConfigurationSays) {
  const testing::TemporaryFolder folder;
  const auto place = [&](const std::string& text) {
    const auto found = place_of_operators(folder.write("intermission.yaml", text).string());
    if (!found) throw std::runtime_error(found.error().text());
    return *found;
  };
  const Place plain = place("services: []\n");
  EXPECT_EQ(plain.url, "http://127.0.0.1:9099");
  EXPECT_EQ(plain.token_file, (folder.path() / "intermission.token").string());
  EXPECT_EQ(plain.certificate, "");
  const Place secure = place(
      "control: { address: '::', port: 9000, tls: { certificate: ops.pem, key: ops.key } }\n"
      "state: { file: kept/state.json }\n");
  EXPECT_EQ(secure.url, "https://[::1]:9000");
  EXPECT_EQ(secure.certificate, (folder.path() / "ops.pem").string());
  EXPECT_EQ(secure.token_file, (folder.path() / "kept/intermission.token").string());
  const auto missing = place_of_operators((folder.path() / "none.yaml").string());
  EXPECT_FALSE(missing);
  const auto built_in = place_of_operators("");
  ASSERT_TRUE(built_in);
  EXPECT_EQ(built_in->url, "http://127.0.0.1:9099");
  EXPECT_EQ(built_in->token_file, "intermission.token");
}

}  // namespace
}  // namespace intermission::cli
