#include "cli/listener_owner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <string>
#include <vector>

#include "support/scripted_server.h"
#include "support/socket_table.h"
#include "support/temporary_folder.h"

namespace intermission::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using testing::kConnected;
using testing::kListening;
using testing::listener_line;
using testing::socket_address;
using testing::socket_line;

constexpr const char* kHead =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
    "inode\n";

http::Address address(const char* text) {
  return http::Address::parse(text).value();
}

class ListenerOwner : public ::testing::Test {
 protected:
  std::vector<uid_t> users(const char* at, std::uint16_t port) const {
    return users_who_listen(address(at), port, folder_.path());
  }
  testing::TemporaryFolder folder_;
};

TEST_F(ListenerOwner, IsTheUserOfTheSocketThatListensThere) {
  const std::string here = socket_address("127.0.0.1", 9099, false);
  folder_.write("tcp", kHead + socket_line(here, kListening, "1001") +
                           listener_line("127.0.0.1", 9100, 1002) +
                           listener_line("127.0.0.2", 9099, 1003) +
                           socket_line(here, kConnected, "1004"));
  EXPECT_THAT(users("127.0.0.1", 9099), ElementsAre(1001U));
  EXPECT_THAT(users("127.0.0.1", 9100), ElementsAre(1002U));
  EXPECT_THAT(users("127.0.0.2", 9099), ElementsAre(1003U));
  EXPECT_THAT(users("127.0.0.1", 9101), IsEmpty());
}

TEST_F(ListenerOwner, MayListenOnAllAddressesOfEitherKind) {
  const auto listener = [](const char* at, const char* user) {
    return socket_line(socket_address(at, 9099, true), kListening, user);
  };
  folder_.write("tcp", kHead + listener_line("0.0.0.0", 9099, 1001));
  folder_.write("tcp6", kHead + listener("::", "1002") + listener("::1", "1003") +
                            listener("127.0.0.1", "1004"));
  EXPECT_THAT(users("127.0.0.1", 9099), ElementsAre(1001U, 1002U, 1004U));
  EXPECT_THAT(users("::1", 9099), ElementsAre(1001U, 1002U, 1003U));
}

TEST_F(ListenerOwner, IsListedOnce) {
  folder_.write("tcp",
                listener_line("127.0.0.1", 9099, 1001) + listener_line("0.0.0.0", 9099, 1001));
  EXPECT_THAT(users("127.0.0.1", 9099), ElementsAre(1001U));
}

TEST_F(ListenerOwner, IsNotKnownWhereTheTablesCannotBeRead) {
  EXPECT_THAT(users("127.0.0.1", 9099), IsEmpty());
  const std::string here = socket_address("127.0.0.1", 9099, false);
  const std::string bytes = here.substr(0, here.find(':'));
  const std::string port = here.substr(bytes.size());
  folder_.write("tcp", "0: " + bytes + "\n" + socket_line(bytes, kListening, "1") +
                           socket_line(bytes.substr(2) + port, kListening, "1") +
                           socket_line(bytes.substr(1) + "G" + port, kListening, "1") +
                           socket_line(here + "X", kListening, "1") +
                           socket_line(here, kListening, "one"));
  EXPECT_THAT(users("127.0.0.1", 9099), IsEmpty());
}

// As Linux writes it on x86 and 64-bit ARM: a check of the lines above.
TEST(SocketAddress, IsWrittenInTheOrderOfTheProcessor) {
  const std::string expected = std::endian::native == std::endian::little ? "0100007F" : "7F000001";
  EXPECT_EQ(socket_address("127.0.0.1", 9099, false), expected + ":238B");
  EXPECT_EQ(socket_address("127.0.0.1", 9099, true),
            std::string(16, '0') +
                (std::endian::native == std::endian::little ? "FFFF0000" : "0000FFFF") + expected +
                ":238B");
}

TEST(SocketTables, AreThoseOfTheSystem) {
  const testing::ScriptedServer server("");
  EXPECT_THAT(users_who_listen(address("127.0.0.1"), server.port(), kSocketTables),
              ElementsAre(geteuid()));
}

TEST(UserName, IsANumberWhereThereIsNone) {
  EXPECT_EQ(user_name(0), "root");
  EXPECT_EQ(user_name(4'000'000'000), "4000000000");
}

}  // namespace
}  // namespace intermission::cli
