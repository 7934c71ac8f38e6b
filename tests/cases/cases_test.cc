// Runs every conversation of tests/cases three times: through answer(), and over a real socket by
// HTTP/1.1 and by HTTP/2.
//
// After a change that is meant to change answers, INTERMISSION_UPDATE_CASES=1 rewrites the
// expected halves that differ, and fails for each; read the difference before you commit it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/text.h"
#include "gateway/handler.h"
#include "http/status.h"
#include "server/request_parser.h"
#include "server/server.h"
#include "support/cases.h"
#include "support/fake_clock.h"
#include "support/files.h"
#include "support/http2_client.h"
#include "support/wire_client.h"

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
    options.http2 = true;
    auto started = server::Server::start(options, [this] {
      return std::make_unique<gateway::Handler>(publisher_, clock_, [] { return 0U; });
    });
    if (!started) throw std::runtime_error(started.error().text());
    server_ = std::move(*started);
  }

  std::uint16_t port() const { return server_->port(); }

 private:
  FakeClock clock_;
  snapshot::Publisher publisher_;
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
  WireClient wire(port);
  wire.send(request);
  wire.finish();
  return wire.until_close();
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

// ---------------------------------------------------------------- by HTTP/2

struct Http2Request {
  Http2Client::Fields fields;
  std::string body;
};

// What only HTTP/1.1 has: see RFC 9113 section 8.2.2.
bool concerns_connection(std::string_view name) {
  for (const char* other : {"Connection", "Upgrade", "Keep-Alive", "Transfer-Encoding", "Host"}) {
    if (base::iequals(name, other)) return true;
  }
  return false;
}

// The same request as HTTP/2 says it. Nothing where that cannot be said: HTTP/1.0, a handshake, a
// tunnel, a target in another form than a path, a value over several lines, more of a body
// announced than sent.
std::optional<Http2Request> as_http2(const std::string& bytes) {
  const http::Limits limits;
  const std::string head = bytes.substr(0, bytes.find("\r\n\r\n") + 4);
  const bool is_folded = head.find("\r\n ") != head.npos || head.find("\r\n\t") != head.npos;
  if (is_folded) return {};
  http::Request request;
  server::RequestParser parser(limits);
  if (parser.read_head(head, request) || request.version() < 11) return {};
  if (request.method() == "CONNECT") return {};
  const bool is_path = request.target().starts_with('/') ||
                       (request.target() == "*" && request.method() == "OPTIONS");
  const auto te = request.value(http::Field::kTe);
  if (!is_path || request.has(http::Field::kUpgrade) || (!te.empty() && te != "trailers")) {
    return {};
  }
  Http2Request said;
  if (parser.has_body()) {
    const auto step = parser.read_body(std::string_view(bytes).substr(head.size()),
                                       limits.body_discard, said.body);
    if (step.progress != server::BodyProgress::kComplete) return {};
  }
  said.fields = {{":method", std::string(request.method())},
                 {":scheme", "http"},
                 {":path", std::string(request.target())},
                 {":authority", std::string(request.value(http::Field::kHost))}};
  for (const auto& line : request.fields()) {
    if (concerns_connection(line.name)) continue;
    said.fields.emplace_back(base::to_lower(line.name), line.value);
  }
  return said;
}

Heard hear_over_http2(const Http2Request& request, std::uint16_t port) {
  WireClient wire(port);
  Http2Client client;
  const auto id = client.request(request.fields, request.body);
  const auto& answer = client.answer(id);
  while (!answer.ended && !answer.reset && wire.send(client.to_send())) {
    const std::string part = wire.some();
    if (part.empty() || !client.take(part)) break;
  }
  if (!answer.ended) throw std::runtime_error("no whole answer by HTTP/2");
  const std::string status = answer.status();
  Heard heard;
  heard.status_line =
      "HTTP/1.1 " + status + " " + std::string(http::reason_phrase(std::stoi(status)));
  for (const auto& [name, value] : answer.fields) {
    if (name != ":status") heard.fields.emplace_back(name, value);
  }
  heard.body = answer.body;
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

// Most conversations can be held by HTTP/2; the others show what HTTP/1.1 alone has.
TEST(CasesFolder, CanMostlyBeSaidByHttp2) {
  std::size_t said = 0;
  const auto files = find_conversations(cases_folder());
  for (const auto& file : files) said += as_http2(read_conversation(file).request) ? 1U : 0U;
  EXPECT_GE(said, files.size() * 8 / 10);
}

TEST_P(Cases, ByHttp2) {
  const Conversation conversation = read_conversation(GetParam());
  const auto request = as_http2(conversation.request);
  if (conversation.only_socket || !request) return;
  const Heard heard = hear_over_http2(*request, port_for(conversation.config));
  EXPECT_EQ(compare(conversation, heard, false), "") << conversation.shows;
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
  dialect::ParsedHeaders parsed_headers;
  for (int round = 0; round < 2; ++round) {
    for (const auto& file : find_conversations(cases_folder())) {
      const Conversation conversation = read_conversation(file);
      if (conversation.only_socket) continue;
      EXPECT_EQ(hear_directly(conversation, &parsed_headers), hear_directly(conversation)) << file;
    }
  }
}

// The cases themselves hold the registered phrase, to be read easily.
TEST(CasesFolder, EveryMaintenanceAnswerTellsTheMessageInItsPhrase) {
  std::size_t telling = 0;
  for (const auto& file : find_conversations(cases_folder())) {
    const Conversation conversation = read_conversation(file);
    if (conversation.only_socket) continue;
    const Heard heard = hear_directly(conversation);
    const bool fails = heard.status_line.starts_with("HTTP/1.1 503") ||
                       heard.status_line.starts_with("HTTP/1.1 500");
    const bool is_of_a_service =
        std::any_of(heard.fields.begin(), heard.fields.end(), [](const auto& line) {
          return line.first == "X-Maintenance" && line.second != "portal-edge";  // which is silent
        });
    const bool tells = without_message(heard.status_line) != heard.status_line;
    EXPECT_EQ(tells, fails && is_of_a_service) << file << ": " << heard.status_line;
    telling += tells ? 1 : 0;
  }
  EXPECT_GE(telling, 150U);
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
