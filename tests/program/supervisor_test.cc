#include "program/supervisor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/text.h"
#include "program/signals.h"
#include "support/temporary_folder.h"
#include "support/variable.h"

namespace intermission::program {
namespace {

using ::testing::ElementsAre;
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

std::uint64_t monotonic_usec() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}

// systemd takes a READY=1 that was sent before for that of the reload where this time is wrong.
TEST(Supervisor, SaysWhenAReloadBegan) {
  const testing::TemporaryFolder folder;
  const Manager manager((folder.path() / "notify").string());
  const Variable socket("NOTIFY_SOCKET", (folder.path() / "notify").string());
  constexpr std::string_view kBegins = "RELOADING=1\nMONOTONIC_USEC=";
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t before = monotonic_usec();
    Supervisor::from_environment().reloading();
    const std::uint64_t after = monotonic_usec();
    const std::string heard = manager.heard();
    ASSERT_TRUE(heard.starts_with(kBegins)) << heard;
    const auto said = base::parse_number(heard.substr(kBegins.size()));
    ASSERT_TRUE(said) << heard;
    ASSERT_GE(*said, before);
    ASSERT_LE(*said, after);
  }
}

/// What wait() does until it returns: "alive", "report" and "signal 15", in order.
class Waiting {
 public:
  explicit Waiting(const char* usec)
      : manager_(name_), socket_("NOTIFY_SOCKET", name_), limit_("WATCHDOG_USEC", usec) {}

  /// `answers` are those of is_well; with the last of them a signal is sent.
  std::vector<std::string> events(const std::vector<bool>& answers, int signal) {
    const sigset_t signals = block_signals();
    const Supervisor supervisor = Supervisor::from_environment();
    std::vector<std::string> all;
    std::size_t asked = 0;
    if (answers.empty()) pthread_kill(pthread_self(), signal);
    const int number = supervisor.wait(
        signals,
        [&] {
          note_alive(all);
          if (asked + 1 == answers.size()) pthread_kill(pthread_self(), signal);
          return answers.at(asked++);
        },
        [&](std::string_view trouble) { all.emplace_back(trouble); });
    note_alive(all);
    all.push_back("signal " + std::to_string(number));
    return all;
  }

 private:
  void note_alive(std::vector<std::string>& all) const {
    if (const std::string heard = manager_.heard(); heard != "none") all.push_back(heard);
  }

  const testing::TemporaryFolder folder_;
  const std::string name_ = (folder_.path() / "notify").string();
  const Manager manager_;
  const Variable socket_;
  const Variable limit_;
  const Variable anybody_{"WATCHDOG_PID", ""};
};

TEST(Supervisor, WaitsForASignal) {
  Waiting unwatched("");
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    EXPECT_THAT(unwatched.events({}, signal), ElementsAre("signal " + std::to_string(signal)));
  }
  Waiting watched("60000000");
  EXPECT_THAT(watched.events({true}, SIGTERM), ElementsAre("WATCHDOG=1", "signal 15"));
}

TEST(Supervisor, IsKeptAliveWhileAllIsWell) {
  const auto before = std::chrono::steady_clock::now();
  Waiting watched("20000");
  EXPECT_THAT(watched.events({true, true, false, true}, SIGTERM),
              ElementsAre("WATCHDOG=1", "WATCHDOG=1",
                          "a worker is not responding; the service manager is left to restart the "
                          "gateway",
                          "WATCHDOG=1", "signal 15"));
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(30));
}

TEST(Supervisor, WaitsForLongerThanASecond) {
  const auto before = std::chrono::steady_clock::now();
  Waiting watched("2200000");
  EXPECT_EQ(watched.events({true, true}, SIGTERM).size(), 3U);
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(1100));
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
  const Variable most("LISTEN_FDS", "64");
  EXPECT_TRUE(handed_over(kFirst));
  const Variable too_many("LISTEN_FDS", "65");
  EXPECT_FALSE(handed_over(kFirst));
}

}  // namespace
}  // namespace intermission::program
