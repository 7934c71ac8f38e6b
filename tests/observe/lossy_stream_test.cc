#include "observe/lossy_stream.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>

namespace intermission::observe {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

class LossyStreamTest : public ::testing::Test {
 protected:
  LossyStreamTest() {
    signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(pipe2(ends_.data(), O_CLOEXEC), 0);
    EXPECT_NE(fcntl(ends_[0], F_SETFL, O_NONBLOCK), -1);
  }
  ~LossyStreamTest() override {
    for (const int end : ends_) close(end);
  }

  // What has been written since the last time.
  std::string taken() const {
    std::string out;
    std::array<char, 4096> bytes{};
    for (ssize_t n = 0; (n = read(ends_[0], bytes.data(), bytes.size())) > 0;) {
      out.append(bytes.data(), static_cast<std::size_t>(n));
    }
    return out;
  }
  // Until no line fits any more; how many did.
  static int fill(LossyStream& stream, int lines) {
    for (int i = 0; i < lines; ++i) stream.write(std::string(99, 'x') + "\n");
    return lines;
  }

  std::array<int, 2> ends_{};
};

TEST_F(LossyStreamTest, WritesLines) {
  LossyStream stream(ends_[1]);
  stream.write("one\n");
  stream.write("two\n");
  EXPECT_EQ(taken(), "one\ntwo\n");
}

TEST_F(LossyStreamTest, LosesWhatDoesNotFitAndSaysSo) {
  LossyStream stream(ends_[1]);
  const int lines = fill(stream, 2000);  // would block for ever, were it an ordinary one
  const auto written = static_cast<int>(taken().size() / 100);
  EXPECT_GT(written, 100);
  EXPECT_LT(written, lines);
  stream.write("after\n");
  EXPECT_EQ(taken(),
            "intermission: " + std::to_string(lines - written) +
                " lines of this log were dropped because the reader was too slow\nafter\n");
  stream.write("as before\n");
  EXPECT_EQ(taken(), "as before\n");
}

TEST_F(LossyStreamTest, SaysWhichLinesAreLost) {
  LossyStream stream(ends_[1]);
  while (stream.write(std::string(4095, 'x') + "\n")) {
  }
  EXPECT_FALSE(stream.write("lost as well\n"));
  taken();
  EXPECT_TRUE(stream.write("after\n"));
  EXPECT_EQ(
      taken(),
      "intermission: 2 lines of this log were dropped because the reader was too slow\nafter\n");
  while (stream.write(std::string(4095, 'x') + "\n")) {
  }
  taken();
  EXPECT_TRUE(stream.write("after\n"));
  EXPECT_EQ(
      taken(),
      "intermission: 1 line of this log was dropped because the reader was too slow\nafter\n");
}

// A pipe has room again when a page is read, and what is said of the losses takes it.
TEST_F(LossyStreamTest, CountsALineThatIsLostBehindWhatItSays) {
  LossyStream stream(ends_[1]);
  const std::string page(4096, 'x');
  while (stream.write(page)) {
  }
  std::string read_page(4096, '\0');
  ASSERT_EQ(read(ends_[0], read_page.data(), read_page.size()), 4096);
  EXPECT_FALSE(stream.write("lost as well\n"));
  EXPECT_TRUE(
      taken().ends_with("1 line of this log was dropped because the reader was too slow\n"));
  EXPECT_TRUE(stream.write("after\n"));
  EXPECT_EQ(
      taken(),
      "intermission: 1 line of this log was dropped because the reader was too slow\nafter\n");
}

TEST_F(LossyStreamTest, MayKeepToTheFormOfItsLines) {
  LossyStream stream(ends_[1], {.says_what_is_lost = false});
  while (stream.write(std::string(4095, 'x') + "\n")) {
  }
  taken();
  EXPECT_TRUE(stream.write("after\n"));
  EXPECT_EQ(taken(), "after\n");
}

TEST_F(LossyStreamTest, WaitsForRoomAsLongAsItChose) {
  LossyStream stream(ends_[1], {.patience = std::chrono::seconds{20}, .says_what_is_lost = false});
  {
    LossyStream filling(ends_[1]);
    while (filling.write(std::string(4095, 'x') + "\n")) {
    }
  }
  std::thread reader([&] { taken(); });
  EXPECT_TRUE(stream.write("after\n"));
  reader.join();
}

// Or each line of a log without a reader would cost as much.
TEST_F(LossyStreamTest, WaitsOnceAndNotForEachLineThatIsLost) {
  constexpr std::chrono::milliseconds kPatience{100};
  LossyStream stream(ends_[1], {.patience = kPatience});
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < 200; ++i) stream.write(std::string(4095, 'x') + "\n");
  const auto took = std::chrono::steady_clock::now() - before;
  EXPECT_GE(took, kPatience);
  EXPECT_LT(took, 50 * kPatience) << "some 180 of them are dropped";
  taken();
  EXPECT_TRUE(stream.write("after\n")) << "it goes on where there is room again";
}

TEST_F(LossyStreamTest, CutsALineThatCouldBlock) {
  LossyStream stream(ends_[1]);
  stream.write(std::string(100'000, 'x') + "\n");
  const std::string line = taken();
  EXPECT_EQ(line.size(), LossyStream::kLongestLine);
  EXPECT_TRUE(line.ends_with("x\n"));
  const std::string longest = std::string(LossyStream::kLongestLine - 1, 'y') + "\n";
  stream.write(longest);
  EXPECT_EQ(taken(), longest) << "of which nothing is cut";
}

// Two hundred lines that waited one after the other would take ten seconds.
TEST_F(LossyStreamTest, OnlyTheFirstLineThatIsLostWaitsForRoom) {
  LossyStream quick(ends_[1]);
  fill(quick, 2000);
  LossyStream stream(ends_[1], {.patience = 50ms, .says_what_is_lost = false});
  const auto begin = steady_clock::now();
  for (int i = 0; i < 200; ++i) EXPECT_FALSE(stream.write(std::string(4000, 'x') + "\n")) << i;
  EXPECT_GE(steady_clock::now() - begin, 50ms);
  EXPECT_LT(steady_clock::now() - begin, 5s);
  taken();
  EXPECT_TRUE(stream.write("after\n"));
  EXPECT_EQ(taken(), "after\n") << "lines of one form only";
}

TEST_F(LossyStreamTest, LosesLinesOfAReaderThatLeft) {
  LossyStream stream(ends_[1]);
  close(ends_[0]);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(stream.write("line\n"));
  ends_[0] = dup(ends_[1]);
}

TEST(LossyStream, LosesLinesOnAFullDiskOrAClosedDescriptor) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  EXPECT_FALSE(LossyStream(full).write("line\n"));
  close(full);
  EXPECT_FALSE(LossyStream(-1).write("line\n"));
}

}  // namespace
}  // namespace intermission::observe
