#include "program/supervisor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <string>

#include "base/descriptor.h"
#include "support/temporary_folder.h"
#include "support/variable.h"

namespace intermission::program {
namespace {

using ::testing::MatchesRegex;
using testing::Variable;

/// Where a service manager listens; it never waits.
class Manager {
 public:
  explicit Manager(const std::string& name) : socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, name.size());
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    bound_ = bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0;
  }
  bool bound() const { return bound_; }
  /// What was told since the last time; "none" where nothing was.
  std::string heard() const {
    std::array<char, 4096> bytes{};
    const auto size = recv(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    return size < 0 ? "none" : std::string(bytes.data(), static_cast<std::size_t>(size));
  }

 private:
  base::Descriptor socket_;
  bool bound_ = false;
};

TEST(Supervisor, HearsEachThingInADatagram) {
  const testing::TemporaryFolder folder;
  const std::string abstract = "@intermission-test-" + std::to_string(getpid());
  for (const std::string& name : {(folder.path() / "notify").string(), abstract}) {
    const Manager manager(name);
    ASSERT_TRUE(manager.bound()) << name;
    const Variable socket("NOTIFY_SOCKET", name);
    const Supervisor supervisor = Supervisor::from_environment();
    supervisor.ready("Answering on port 80");
    EXPECT_EQ(manager.heard(), "READY=1\nSTATUS=Answering on port 80");
    supervisor.reloading();
    EXPECT_THAT(manager.heard(), MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[0-9]+"));
    supervisor.alive();
    EXPECT_EQ(manager.heard(), "WATCHDOG=1");
    supervisor.stopping();
    EXPECT_EQ(manager.heard(), "STOPPING=1\nSTATUS=Finishing the requests in flight");
    EXPECT_EQ(manager.heard(), "none");
  }
}

TEST(Supervisor, IsNotMissed) {
  const Variable none("NOTIFY_SOCKET", "");
  Supervisor::from_environment().ready("x");
  const Variable gone("NOTIFY_SOCKET", "/nonexistent/notify");
  Supervisor::from_environment().ready("x");
  const Variable too_long("NOTIFY_SOCKET", "/" + std::string(200, 'x'));
  Supervisor::from_environment().ready("x");
}

TEST(Supervisor, SaysHowOftenItWantsToHear) {
  using std::chrono::milliseconds;
  const auto watchdog = [] { return Supervisor::from_environment().watchdog(); };
  const Variable socket("NOTIFY_SOCKET", "/nonexistent/notify");
  const Variable limit("WATCHDOG_USEC", "30000000");
  const Variable anybody("WATCHDOG_PID", "");
  EXPECT_EQ(watchdog(), milliseconds(15'000));
  {
    const Variable me("WATCHDOG_PID", std::to_string(getpid()));
    EXPECT_EQ(watchdog(), milliseconds(15'000));
    const Variable other("WATCHDOG_PID", "1");
    EXPECT_EQ(watchdog(), std::nullopt);
  }
  for (const char* nothing : {"", "0", "soon", "-1"}) {
    const Variable none("WATCHDOG_USEC", nothing);
    EXPECT_EQ(watchdog(), std::nullopt) << nothing;
  }
  const Variable nobody("NOTIFY_SOCKET", "");
  EXPECT_EQ(watchdog(), std::nullopt);
}

}  // namespace
}  // namespace intermission::program
