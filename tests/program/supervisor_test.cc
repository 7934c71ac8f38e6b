#include "program/supervisor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
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
  /// What was reported since the last call; "none" if nothing was.
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
  const Variable none("NOTIFY_SOCKET", "");
  EXPECT_EQ(watchdog(), std::nullopt);
}

/// A socket that listens on a free port of loopback, as descriptor `number`.
class Listening {
 public:
  explicit Listening(int number) : number_(number) {
    const base::Descriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    listen(socket.get(), 1);
    dup2(socket.get(), number);
  }
  ~Listening() { close(number_); }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

 private:
  int number_;
};

TEST(HandedOver, IsTheSocketNamedDataOrTheFirst) {
  constexpr int kFirst = 500;
  const Listening first(kFirst);
  const Listening second(kFirst + 2);  // between them is nothing that listens
  const Variable me("LISTEN_PID", std::to_string(getpid()));
  const Variable count("LISTEN_FDS", "3");
  const auto chosen = [](const char* names) {
    const Variable told("LISTEN_FDNAMES", names);
    const auto socket = handed_over(kFirst);
    return socket ? socket->fd : -1;
  };
  EXPECT_EQ(chosen(""), kFirst);
  EXPECT_EQ(chosen("a:b:data"), kFirst + 2);
  EXPECT_EQ(chosen("data:b:data"), kFirst);
  EXPECT_EQ(chosen("a:data:b"), kFirst) << "that one is no socket";
  const auto socket = handed_over(kFirst);
  ASSERT_TRUE(socket);
  EXPECT_EQ(socket->address, "127.0.0.1");
  EXPECT_GT(socket->port, 0);
  {
    const Variable other("LISTEN_PID", "1");
    EXPECT_FALSE(handed_over(kFirst)) << "handed to a parent of ours";
  }
  for (const char* none : {"", "0", "-1", "1000000000000", "x"}) {
    const Variable told("LISTEN_FDS", none);
    EXPECT_FALSE(handed_over(kFirst)) << none;
  }
}

}  // namespace
}  // namespace intermission::program
