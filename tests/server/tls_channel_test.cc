#include "server/tls_channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/descriptor.h"
#include "support/certificates.h"
#include "support/fake_clock.h"
#include "support/tls_bytes.h"

namespace intermission::server {
namespace {

using ::testing::ElementsAre;
using testing::record_sizes;
using ::testing::StartsWith;
using testing::TlsBytes;
using Handshake = TlsChannel::Handshake;

constexpr std::size_t kRecord = 16 * 1024;  // RFC 8446 §5.1
constexpr std::size_t kAdded = 17;          // to a record, by TLS 1.3

// Output::Pending of parts, and garbage in the parts that are not there.
Output::Pending pending_of(const std::vector<std::string>& parts) {
  static std::string garbage = "garbage";
  Output::Pending out;
  out.parts.fill({garbage.data(), garbage.size()});
  for (const std::string& part : parts) {
    out.parts[out.count++] = {const_cast<char*>(part.data()), part.size()};
    out.size += part.size();
  }
  return out;
}

std::string text(std::size_t size) {
  std::string out(size, ' ');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>('a' + i % 23);
  return out;
}

// What other code of this thread left behind.
void leave_error() {
  ERR_new();
  ERR_set_error(ERR_LIB_USER, 100, nullptr);
}

// A channel on one end of a pair of sockets, and its client on the other one.
class TlsChannelTest : public ::testing::Test {
 protected:
  TlsChannelTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()), 0);
    socket_ = base::Descriptor(ends[0]);
    wire_ = base::Descriptor(ends[1]);
    settings_.certificates = {testing::issue({.names = {"a.example"}}).write(folder_, "a")};
    auto endpoint = TlsEndpoint::open(settings_, clock_);
    EXPECT_TRUE(endpoint);
    channel_ = std::make_unique<TlsChannel>(socket_.get(), (*endpoint)->current());
    ERR_clear_error();
  }

  void put(std::string_view bytes) {
    ASSERT_EQ(send(wire_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  // What the channel has sent and was not looked at yet.
  std::string sent() {
    std::string out;
    std::array<char, 4096> piece;
    for (ssize_t got = 0; (got = recv(wire_.get(), piece.data(), piece.size(), 0)) > 0;) {
      out.append(piece.data(), static_cast<std::size_t>(got));
    }
    return out;
  }
  void shake_hands(int version = TLS1_3_VERSION) {
    client_ = std::make_unique<TlsBytes>(version);
    Handshake step = Handshake::kWaits;
    for (int i = 0; i < 10 && step == Handshake::kWaits; ++i) {
      client_->shake_hands();
      put(client_->to_send());
      step = channel_->handshake();
      client_->take(sent());
    }
    ASSERT_EQ(step, Handshake::kDone);
    ASSERT_TRUE(client_->shake_hands());
  }
  void say(std::string_view words) {
    client_->say(words);
    put(client_->to_send());
  }
  // As one read of so many bytes gives it; "(end)", "(later)" or "(error)" where it gives none.
  std::string read(std::size_t most = 64 * 1024) {
    std::string out(most, '\0');
    errno = EAGAIN;  // as an earlier read may have left it
    const ssize_t got = channel_->read(out);
    if (got > 0) return out.substr(0, static_cast<std::size_t>(got));
    if (got == 0) return "(end)";
    EXPECT_EQ(got, -1);
    return errno == EAGAIN ? "(later)" : "(error)";
  }
  // Takes all the room that the channel's socket has.
  void fill_socket() {
    const std::string noise(64 * 1024, 'x');
    for (std::size_t size = noise.size(); size > 0; size /= 2) {
      while (send(socket_.get(), noise.data(), size, MSG_NOSIGNAL) > 0) {
      }
    }
  }
  void leave() { wire_ = base::Descriptor(); }

  const testing::TemporaryFolder folder_;
  testing::FakeClock clock_{testing::present()};
  TlsSettings settings_;
  base::Descriptor socket_;
  base::Descriptor wire_;
  std::unique_ptr<TlsChannel> channel_;
  std::unique_ptr<TlsBytes> client_;
};

// ------------------------------------------------------------------ the handshake

TEST_F(TlsChannelTest, AgreesWithItsClientStepByStep) {
  EXPECT_EQ(channel_->handshake(), Handshake::kWaits);
  EXPECT_TRUE(channel_->is_handshaking());
  EXPECT_FALSE(channel_->is_agreed_on());
  EXPECT_FALSE(channel_->wants_write());
  EXPECT_EQ(channel_->held(), TlsChannel::kHeldInHandshake);
  shake_hands();
  EXPECT_FALSE(channel_->is_handshaking());
  EXPECT_TRUE(channel_->is_agreed_on());
  EXPECT_FALSE(channel_->has_more());
  EXPECT_EQ(channel_->held(), TlsChannel::kHeldIdle);
  EXPECT_EQ(channel_->protocol(), TlsChannel::Protocol::kNotChosen);
}

TEST_F(TlsChannelTest, WaitsForTheRestOfAGreetingWhateverWentWrongElsewhere) {
  TlsBytes client;
  client.shake_hands();
  const std::string greeting = client.to_send();
  put(greeting.substr(0, 50));
  leave_error();
  EXPECT_EQ(channel_->handshake(), Handshake::kWaits);
  EXPECT_FALSE(channel_->wants_write());
  put(greeting.substr(50));
  leave_error();
  EXPECT_EQ(channel_->handshake(), Handshake::kWaits);
  EXPECT_NE(sent(), "");
}

TEST_F(TlsChannelTest, WaitsForRoomToAnswerAGreeting) {
  TlsBytes client;
  client.shake_hands();
  put(client.to_send());
  fill_socket();
  EXPECT_EQ(channel_->handshake(), Handshake::kWaits);
  EXPECT_TRUE(channel_->wants_write());
  sent();
  EXPECT_EQ(channel_->handshake(), Handshake::kWaits);
  EXPECT_FALSE(channel_->wants_write());
  EXPECT_THAT(sent(), StartsWith("\x16"));
}

TEST_F(TlsChannelTest, HasMoreWhereARequestComesWithTheEndOfTheHandshake) {
  client_ = std::make_unique<TlsBytes>(TLS1_3_VERSION);
  client_->shake_hands();
  put(client_->to_send());
  EXPECT_EQ(channel_->handshake(), Handshake::kWaits);
  client_->take(sent());
  ASSERT_TRUE(client_->shake_hands());
  say("hello");
  EXPECT_EQ(channel_->handshake(), Handshake::kDone);
  EXPECT_TRUE(channel_->has_more());
  EXPECT_EQ(read(), "hello");
  EXPECT_FALSE(channel_->has_more());
}

TEST_F(TlsChannelTest, LeavesPlainTextToOthers) {
  put("GET / HTTP/1.1\r\n");
  EXPECT_EQ(channel_->handshake(), Handshake::kPlainText);
  channel_.reset();
  EXPECT_EQ(sent(), "");
  std::array<char, 64> bytes{};
  EXPECT_EQ(recv(socket_.get(), bytes.data(), bytes.size(), 0), 16);
}

TEST_F(TlsChannelTest, FailsWithAnAlertAndLeavesNoErrorBehind) {
  put(std::string("\x16\x03\x01\x00\x05nonse", 10));
  EXPECT_EQ(channel_->handshake(), Handshake::kFailed);
  EXPECT_FALSE(channel_->is_handshaking());
  EXPECT_EQ(ERR_peek_error(), 0U);
  EXPECT_THAT(sent(), StartsWith("\x15"));
  channel_.reset();
  EXPECT_EQ(sent(), "") << "nothing is said behind it";
}

TEST_F(TlsChannelTest, KnowsWhenItsClientHasLeft) {
  leave();
  EXPECT_EQ(channel_->handshake(), Handshake::kLeft);
}

TEST_F(TlsChannelTest, KnowsWhenItsClientHasLeftThoughNothingHadComeBefore) {
  EXPECT_EQ(channel_->handshake(), Handshake::kWaits);
  leave();
  EXPECT_EQ(channel_->handshake(), Handshake::kLeft);
}

TEST_F(TlsChannelTest, KnowsWhenItsClientHasLeftInTheMiddle) {
  put("\x16\x03\x01");
  EXPECT_EQ(channel_->handshake(), Handshake::kWaits);
  leave();
  EXPECT_EQ(channel_->handshake(), Handshake::kLeft);
}

TEST_F(TlsChannelTest, KnowsWhenItsClientHasResetInTheMiddle) {
  put("\x16\x03\x01");
  EXPECT_EQ(channel_->handshake(), Handshake::kWaits);
  fill_socket();
  leave();
  EXPECT_EQ(channel_->handshake(), Handshake::kLeft);
}

// ------------------------------------------------------------------ reading

TEST_F(TlsChannelTest, ReadsWhatFitsAndKnowsThatThereIsMore) {
  shake_hands();
  say(text(25));
  EXPECT_EQ(read(10), text(25).substr(0, 10));
  EXPECT_TRUE(channel_->has_more());
  EXPECT_EQ(read(10), text(25).substr(10, 10));
  EXPECT_TRUE(channel_->has_more());
  EXPECT_EQ(read(10), text(25).substr(20));
  EXPECT_FALSE(channel_->has_more());
  EXPECT_EQ(read(), "(later)");
  EXPECT_FALSE(channel_->has_more());
}

TEST_F(TlsChannelTest, ReadsAllRecordsThatHaveCome) {
  shake_hands();
  say("one ");
  say("two ");
  client_->say("three");
  const std::string third = client_->to_send();
  put(third.substr(0, 7));
  EXPECT_EQ(read(), "one two ");
  EXPECT_FALSE(channel_->has_more()) << "the rest of the third will make the socket readable";
  put(third.substr(7));
  EXPECT_EQ(read(), "three");
}

TEST_F(TlsChannelTest, ReadsWhateverWentWrongElsewhere) {
  shake_hands();
  leave_error();
  EXPECT_EQ(read(), "(later)");
  say("hello");
  leave_error();
  EXPECT_EQ(read(), "hello");
}

TEST_F(TlsChannelTest, MeetsTheEndBehindWhatCameBefore) {
  shake_hands();
  client_->say("last words");
  client_->say_goodbye();
  put(client_->to_send());
  EXPECT_EQ(read(), "last words");
  EXPECT_TRUE(channel_->has_more());
  EXPECT_EQ(read(), "(end)");
}

TEST_F(TlsChannelTest, AnEndWithoutAWordIsAnEndToo) {
  shake_hands();
  EXPECT_EQ(read(), "(later)");
  leave();
  EXPECT_EQ(read(), "(end)");
  EXPECT_EQ(read(), "(end)");
}

TEST_F(TlsChannelTest, AResetIsAnError) {
  shake_hands();
  EXPECT_EQ(read(), "(later)");
  fill_socket();
  leave();
  EXPECT_EQ(read(), "(error)");
}

TEST_F(TlsChannelTest, NoiseIsAnErrorAndTheLastThatIsSaid) {
  shake_hands();
  put("nonsense that is no record of TLS");
  EXPECT_EQ(read(), "(error)");
  EXPECT_EQ(ERR_peek_error(), 0U);
  EXPECT_FALSE(channel_->has_more());
  sent();
  channel_.reset();
  EXPECT_EQ(sent(), "");
}

TEST_F(TlsChannelTest, NoiseIsMetBehindWhatCameBefore) {
  shake_hands();
  say("before");
  put("nonsense that is no record of TLS");
  EXPECT_EQ(read(), "before");
  EXPECT_TRUE(channel_->has_more());
  EXPECT_EQ(read(), "(error)");
}

// OpenSSL says it with what is written next, so that reading waits for no room.
TEST_F(TlsChannelTest, AnswersANewKeyWithTheNextWords) {
  shake_hands();
  client_->update_keys();
  put(client_->to_send());
  fill_socket();
  EXPECT_EQ(read(), "(later)");
  EXPECT_FALSE(channel_->has_more());
  sent();
  say("with the new key");
  EXPECT_EQ(read(), "with the new key");
  const std::vector<std::string> parts = {"and back"};
  EXPECT_EQ(channel_->write(pending_of(parts)), 8);
  const std::string bytes = sent();
  EXPECT_EQ(record_sizes(bytes).size(), 2U);
  EXPECT_EQ(client_->take(bytes), "and back");
}

// ------------------------------------------------------------------ writing

TEST_F(TlsChannelTest, PutsAHeadAndABodyIntoOneRecord) {
  shake_hands();
  const std::vector<std::string> parts = {"head ", "body"};
  EXPECT_EQ(channel_->write(pending_of(parts)), 9);
  const std::string bytes = sent();
  EXPECT_THAT(record_sizes(bytes), ElementsAre(9 + kAdded));
  EXPECT_EQ(client_->take(bytes), "head body");
}

TEST_F(TlsChannelTest, FillsRecordsAcrossParts) {
  shake_hands();
  const std::vector<std::string> parts = {text(100), text(kRecord + 50), text(20), text(30)};
  const auto size = static_cast<ssize_t>(100 + kRecord + 50 + 20 + 30);
  EXPECT_EQ(channel_->write(pending_of(parts)), size);
  const std::string bytes = sent();
  EXPECT_THAT(record_sizes(bytes), ElementsAre(kRecord + kAdded, 200 + kAdded));
  EXPECT_EQ(client_->take(bytes), parts[0] + parts[1] + parts[2] + parts[3]);
}

TEST_F(TlsChannelTest, PutsAsMuchOfTheNextPartIntoARecordAsFits) {
  shake_hands();
  const std::vector<std::string> parts = {text(kRecord), text(kRecord - 1), text(10)};
  EXPECT_EQ(channel_->write(pending_of(parts)), static_cast<ssize_t>(2 * kRecord + 9));
  const std::string bytes = sent();
  EXPECT_THAT(record_sizes(bytes), ElementsAre(kRecord + kAdded, kRecord + kAdded, 9 + kAdded));
  EXPECT_EQ(client_->take(bytes), parts[0] + parts[1] + parts[2]);
}

TEST_F(TlsChannelTest, WritesAsMuchAsThereIsRoomForAndThenTheRest) {
  shake_hands();
  const std::string body = text(1024 * 1024);
  std::size_t done = 0;
  std::string heard;
  while (done < body.size()) {
    leave_error();
    errno = 0;
    const std::vector<std::string> parts = {body.substr(done)};
    const ssize_t size = channel_->write(pending_of(parts));
    ASSERT_GT(size, 0);
    done += static_cast<std::size_t>(size);
    if (done == body.size()) break;
    const std::vector<std::string> rest = {body.substr(done)};
    leave_error();
    EXPECT_EQ(channel_->write(pending_of(rest)), -1) << "there is no room";
    EXPECT_EQ(errno, EAGAIN);
    heard += client_->take(sent());
  }
  heard += client_->take(sent());
  EXPECT_TRUE(heard == body);
}

TEST_F(TlsChannelTest, WritingToAClientThatHasLeftIsAnError) {
  shake_hands();
  const std::vector<std::string> parts = {text(1024 * 1024)};
  while (channel_->write(pending_of(parts)) > 0) {
  }
  EXPECT_EQ(errno, EAGAIN);
  leave();
  errno = 0;
  EXPECT_EQ(channel_->write(pending_of(parts)), -1);
  EXPECT_NE(errno, EAGAIN);
  EXPECT_NE(errno, 0);
}

TEST_F(TlsChannelTest, WritingToAClientThatSaidGoodbyeAndLeftIsAnError) {
  shake_hands();
  client_->say_goodbye();
  put(client_->to_send());
  EXPECT_EQ(read(), "(end)");
  leave();
  errno = 0;
  const std::vector<std::string> parts = {"hello"};
  EXPECT_EQ(channel_->write(pending_of(parts)), -1);
  EXPECT_NE(errno, EAGAIN);
  EXPECT_NE(errno, 0);
}

// ------------------------------------------------------------------ the end

TEST_F(TlsChannelTest, SaysGoodbyeOnceAndLeavesNoErrorBehind) {
  shake_hands();
  leave_error();
  channel_->say_goodbye();
  EXPECT_EQ(ERR_peek_error(), 0U);
  client_->take(sent());
  EXPECT_TRUE(client_->was_closed());
  say("still here");
  channel_->say_goodbye();
  channel_.reset();
  EXPECT_EQ(sent(), "");
}

TEST_F(TlsChannelTest, SaysGoodbyeWhenItIsGone) {
  shake_hands();
  channel_.reset();
  client_->take(sent());
  EXPECT_TRUE(client_->was_closed());
}

TEST_F(TlsChannelTest, SaysNothingWhenItIsAborted) {
  shake_hands();
  channel_->abort();
  channel_.reset();
  EXPECT_EQ(sent(), "");
}

TEST_F(TlsChannelTest, SaysNothingInTheMiddleOfAHandshake) {
  put("\x16\x03\x01");
  EXPECT_EQ(channel_->handshake(), Handshake::kWaits);
  channel_.reset();
  EXPECT_EQ(sent(), "");
}

}  // namespace
}  // namespace intermission::server
