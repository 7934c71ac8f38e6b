// Runs every conversation of tests/cases twice: through answer(), and over a real socket.
//
// After a change that is meant to change answers, INTERMISSION_UPDATE_CASES=1 rewrites the
// expected halves that differ, and fails for each; read the difference before you commit it.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <map>

#include "base/text.h"
#include "gateway/handler.h"
#include "server/server.h"
#include "support/cases.h"
#include "support/fake_clock.h"
#include "support/files.h"

namespace intermission::testing {
namespace {

// ---------------------------------------------------------------- over a socket

class Listener {
 public:
  explicit Listener(const std::string& config)
      : clock_(cases_time()), publisher_(snapshot_for(config)) {
    server::Options options;
    options.address = "127.0.0.1";
    options.port = 0;
    options.clock = &clock_;
    auto started = server::Server::start(options, [this] {
      return std::make_unique<gateway::Handler>(publisher_, clock_, [] { return 0U; });
    });
    if (!started) throw std::runtime_error(started.error().text());
    server_ = std::move(*started);
  }

  std::uint16_t port() const { return server_->port(); }

 private:
  FakeClock clock_;
  gateway::Publisher publisher_;
  std::unique_ptr<server::Server> server_;
};

// By configuration; each starts when it is first asked.
std::map<std::string, std::unique_ptr<Listener>>& listeners() {
  static std::map<std::string, std::unique_ptr<Listener>> started;
  return started;
}

std::uint16_t port_for(const std::string& config) {
  auto& listener = listeners()[config];
  if (!listener) listener = std::make_unique<Listener>(config);
  return listener->port();
}

// Sends the bytes, says that no more will come, and reads to the end.
std::string exchange(std::uint16_t port, const std::string& request) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{10, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string received;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
      send(fd, request.data(), request.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(request.size())) {
    shutdown(fd, SHUT_WR);
    char buffer[4096];
    for (ssize_t n = 0; (n = recv(fd, buffer, sizeof buffer, 0)) > 0;) {
      received.append(buffer, static_cast<std::size_t>(n));
    }
  }
  close(fd);
  return received;
}

Heard hear_over_socket(const Conversation& conversation) {
  const std::string received = exchange(port_for(conversation.config), conversation.request);
  const auto first = received.find("\r\n");
  const auto blank = received.find("\r\n\r\n");
  if (blank == std::string::npos) {
    throw std::runtime_error("no whole head: \"" + base::printable(received) + "\"");
  }
  Heard heard;
  heard.status_line = received.substr(0, first);
  heard.fields = split_fields(std::string_view(received).substr(first + 2, blank - first));
  heard.body = received.substr(blank + 4);
  decode_body(heard);
  return heard;
}

// ---------------------------------------------------------------- the tests

class Cases : public ::testing::TestWithParam<std::filesystem::path> {
 public:
  // Before main() returns: libcrypto ends then, and frees no more what it holds for a thread.
  static void TearDownTestSuite() { listeners().clear(); }

 protected:
  template <typename Hear>
  void check(Hear hear, bool over_socket) {
    const Conversation conversation = read_conversation(GetParam());
    if (conversation.only_socket && !over_socket) return;
    const Heard heard = hear(conversation);
    if (std::getenv("INTERMISSION_UPDATE_CASES") != nullptr &&
        over_socket == conversation.only_socket) {
      const std::string differences = compare(conversation, heard, over_socket);
      if (differences.empty()) return;
      update(conversation, heard);
      FAIL() << "the expected half was written anew; it differed:\n" << differences;
    }
    EXPECT_EQ(compare(conversation, heard, over_socket), "") << conversation.shows;
  }
};

TEST_P(Cases, ThroughAnswer) {
  check([](const Conversation& conversation) { return hear_directly(conversation); }, false);
}
TEST_P(Cases, OverASocket) {
  check(hear_over_socket, true);
}

std::string name_of(const ::testing::TestParamInfo<std::filesystem::path>& info) {
  std::string name =
      std::filesystem::relative(info.param, cases_folder()).replace_extension().string();
  for (char& c : name) {
    if (!base::is_alpha(c) && !base::is_digit(c)) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Conversations, Cases,
                         ::testing::ValuesIn(find_conversations(cases_folder())), name_of);

// What a worker has read of other requests changes nothing, and what it has read of the same
// request before does not either.
TEST(CasesFolder, EveryAnswerIsTheSameWhateverCameLately) {
  dialect::Readings readings;
  for (int round = 0; round < 2; ++round) {
    for (const auto& file : find_conversations(cases_folder())) {
      const Conversation conversation = read_conversation(file);
      if (conversation.only_socket) continue;
      EXPECT_EQ(hear_directly(conversation, &readings), hear_directly(conversation)) << file;
    }
  }
}

TEST(CasesFolder, HoldsManyConversationsThatSayWhatTheyShow) {
  const auto files = find_conversations(cases_folder());
  EXPECT_GE(files.size(), 60U);
  for (const auto& file : files) {
    EXPECT_TRUE(read_conversation(file).shows.ends_with('.')) << file;
  }
}

// README.md names one conversation to start with in each folder, and says what it shows.
TEST(CasesFolder, IsIndexed) {
  const std::string index = read_file(cases_folder() / "README.md");
  for (const auto& entry : std::filesystem::directory_iterator(cases_folder())) {
    if (!entry.is_directory()) continue;
    const std::string folder = entry.path().filename().string();
    const std::string row = "\n| " + folder + " | [";
    const auto at = index.find(row);
    ASSERT_NE(at, std::string::npos) << folder << " is missing in tests/cases/README.md";
    const auto name = index.substr(at + row.size(), index.find(']', at) - at - row.size());
    const Conversation first = read_conversation(entry.path() / (name + ".http"));
    const std::string expected =
        row + name + "](" + folder + "/" + name + ".http) | " + first.shows + " |\n";
    EXPECT_EQ(index.substr(at, expected.size()), expected);
  }
}

}  // namespace
}  // namespace intermission::testing
