#include "cli/listener_owner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <string>

#include "support/scripted_server.h"
#include "support/temporary_folder.h"

namespace intermission::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kHead =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
    "inode\n";

// A line of proc_net(5), as Linux writes it.
std::string line(const std::string& local, const std::string& state, const std::string& user) {
  return "   0: " + local + " 00000000:0000 " + state +
         " 00000000:00000000 00:00000000 00000000  " + user +
         "        0 555 1 00000000c16e3c0e 100 0 0 10 0\n";
}

http::Address address(const char* text) {
  return http::Address::parse(text).value();
}

class ListenerOwner : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::endian::native != std::endian::little)
      GTEST_SKIP() << "the lines are of such a machine";
  }
  std::vector<uid_t> users(const char* at, std::uint16_t port) const {
    return users_who_listen(address(at), port, folder_.path());
  }
  testing::TemporaryFolder folder_;
};

TEST_F(ListenerOwner, IsTheUserOfTheSocketThatListensThere) {
  folder_.write("tcp", kHead + line("0100007F:238B", "0A", "1001") +
                           line("0100007F:238C", "0A", "1002") +  // another port
                           line("0200007F:238B", "0A", "1003") +  // another address
                           line("0100007F:238B", "01", "1004"));  // a connection
  EXPECT_THAT(users("127.0.0.1", 9099), ElementsAre(1001U));
  EXPECT_THAT(users("127.0.0.1", 9100), ElementsAre(1002U));
  EXPECT_THAT(users("127.0.0.2", 9099), ElementsAre(1003U));
  EXPECT_THAT(users("127.0.0.1", 9101), IsEmpty());
}

TEST_F(ListenerOwner, MayListenOnAllAddressesOfEitherKind) {
  folder_.write("tcp", kHead + line("00000000:238B", "0A", "1001"));
  folder_.write("tcp6", kHead + line("00000000000000000000000000000000:238B", "0A", "1002") +
                            line("00000000000000000000000001000000:238B", "0A", "1003") +
                            line("0000000000000000FFFF00000100007F:238B", "0A", "1004"));
  EXPECT_THAT(users("127.0.0.1", 9099), ElementsAre(1001U, 1002U, 1004U));
  EXPECT_THAT(users("::1", 9099), ElementsAre(1001U, 1002U, 1003U));
}

TEST_F(ListenerOwner, IsListedOnce) {
  folder_.write("tcp", line("0100007F:238B", "0A", "1001") + line("00000000:238B", "0A", "1001"));
  EXPECT_THAT(users("127.0.0.1", 9099), ElementsAre(1001U));
}

TEST_F(ListenerOwner, IsNotKnownWhereTheTablesCannotBeRead) {
  EXPECT_THAT(users("127.0.0.1", 9099), IsEmpty());
  folder_.write("tcp", "0: 0100007F\n" + line("0100007F", "0A", "1") +
                           line("01007F:238B", "0A", "1") + line("0100007G:238B", "0A", "1") +
                           line("0100007F:238BX", "0A", "1") + line("0100007F:238B", "0A", "one"));
  EXPECT_THAT(users("127.0.0.1", 9099), IsEmpty());
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
