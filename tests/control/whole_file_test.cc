#include "control/whole_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/own_file.h"
#include "control/file_lock.h"
#include "control/file_store.h"
#include "control/token.h"
#include "support/fake_clock.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace intermission::control {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Notes each call, and fails the one with that number, from 1 on, or from it on.
class WatchedFiles final : public base::SystemFiles {
 public:
  int fail_at = 0;
  std::vector<std::string> calls;

  int open(const std::string& path, int flags, mode_t mode) override {
    std::string call = "open " + shown(path);
    if ((flags & O_EXCL) != 0) call += " EXCL";
    if ((flags & O_NOFOLLOW) != 0) call += " NOFOLLOW";
    if ((flags & O_CLOEXEC) == 0) call += " not CLOEXEC";
    if ((flags & O_CREAT) != 0) call += " mode " + octal(mode);
    return note(call) ? SystemFiles::open(path, flags, mode) : -1;
  }
  int change_mode(int descriptor, mode_t mode) override {
    return note("mode " + octal(mode)) ? SystemFiles::change_mode(descriptor, mode) : -1;
  }
  ssize_t write(int descriptor, const void* bytes, std::size_t size) override {
    return note("write") ? SystemFiles::write(descriptor, bytes, size) : -1;
  }
  int sync(int descriptor) override {
    struct stat facts {};
    SystemFiles::facts(descriptor, facts);
    const bool folder = S_ISDIR(facts.st_mode);
    return note(folder ? "sync folder" : "sync") ? SystemFiles::sync(descriptor) : -1;
  }
  int close(int descriptor) override {
    const int in_maintenance = SystemFiles::close(descriptor);
    return note("close") ? in_maintenance : -1;
  }
  int rename(const std::string& from, const std::string& to) override {
    return note("rename " + shown(from) + " " + shown(to)) ? SystemFiles::rename(from, to) : -1;
  }
  int remove(const std::string& path) override {
    calls.push_back("remove " + shown(path));
    return SystemFiles::remove(path);
  }

 private:
  static std::string octal(mode_t mode) {
    std::string out;
    for (int shift = 6; shift >= 0; shift -= 3) out += static_cast<char>('0' + (mode >> shift & 7));
    return out;
  }
  static std::string shown(const std::string& path) {
    constexpr std::string_view kEnd = ".new";
    constexpr std::size_t kDigits = 16;
    std::string name = fs::path(path).filename().string();
    if (!name.ends_with(kEnd) || name.size() <= kDigits + kEnd.size()) return name;
    const auto from = name.size() - kEnd.size() - kDigits;
    const bool is_random =
        name[from - 1] == '.' &&
        name.find_first_not_of("0123456789abcdef", from) == name.size() - kEnd.size();
    return is_random ? name.replace(from, kDigits, "RANDOM") : name;
  }
  bool note(const std::string& call) {
    calls.push_back(call);
    if (static_cast<int>(calls.size()) != fail_at) return true;
    errno = EIO;
    return false;
  }
};

class WholeFileTest : public ::testing::Test {
 protected:
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      found.push_back(entry.path().filename().string());
    }
    return found;
  }
  std::string trouble(Access access = Access::kOthersRead) {
    const auto read = read_whole(files_, path_, access);
    return read ? "none" : read.error().text();
  }

  testing::TemporaryFolder folder_;
  const std::string path_ = (folder_.path() / "state.json").string();
  WatchedFiles files_;
};

TEST_F(WholeFileTest, IsWrittenBesideForcedToTheDiskAndRenamed) {
  EXPECT_FALSE(write_whole(files_, path_, "text", 0600));
  EXPECT_THAT(files_.calls,
              ElementsAre("open state.json.RANDOM.new EXCL NOFOLLOW mode 600", "mode 600", "write",
                          "sync", "close", "rename state.json.RANDOM.new state.json",
                          "open " + folder_.path().filename().string(), "sync folder", "close"));
  EXPECT_EQ(testing::read_file(path_), "text");
  EXPECT_THAT(names(), ElementsAre("state.json"));
}

// Whatever fails, the old file is there whole or the new one is, and nothing else.
TEST_F(WholeFileTest, AFailureAtAnyStepLosesNothing) {
  constexpr int kRenamed = 6;
  constexpr int kLastThatMatters = 8;
  for (int step = 1; step <= kLastThatMatters; ++step) {
    folder_.write("state.json", "old");
    files_.calls.clear();
    files_.fail_at = step;
    const auto error = write_whole(files_, path_, "new", 0600);
    ASSERT_TRUE(error) << step;
    EXPECT_THAT(error->text(), HasSubstr("Input/output error")) << step;
    EXPECT_EQ(testing::read_file(path_), step <= kRenamed ? "old" : "new") << step;
    EXPECT_THAT(names(), ElementsAre("state.json")) << step;
  }
}

/// A system that is interrupted by signals all the time, and never takes or gives much at once.
class InterruptedFiles final : public base::SystemFiles {
 public:
  ssize_t read(int descriptor, void* bytes, std::size_t size) override {
    return interrupted() ? -1
                         : SystemFiles::read(descriptor, bytes, std::min<std::size_t>(size, 3));
  }
  ssize_t write(int descriptor, const void* bytes, std::size_t size) override {
    return interrupted() ? -1
                         : SystemFiles::write(descriptor, bytes, std::min<std::size_t>(size, 3));
  }

 private:
  bool interrupted() {
    errno = EINTR;
    return ++calls_ % 2 == 1;
  }
  int calls_ = 0;
};

TEST_F(WholeFileTest, SignalsAndSmallPiecesChangeNothing) {
  InterruptedFiles files;
  const std::string text = "one text that is longer than a piece";
  EXPECT_FALSE(write_whole(files, path_, text, 0600));
  EXPECT_EQ(testing::read_file(path_), text);
  const auto read = read_whole(files, path_, Access::kOwnerOnly);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, text);
}

/// Fails to read.
class UnreadableFiles final : public base::SystemFiles {
 public:
  ssize_t read(int /*descriptor*/, void* /*bytes*/, std::size_t /*size*/) override {
    errno = EIO;
    return -1;
  }
};

TEST_F(WholeFileTest, WhatCannotBeReadIsNotTakenForEmpty) {
  folder_.write("state.json", "{}");
  UnreadableFiles files;
  const auto read = read_whole(files, path_, Access::kOthersRead);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().text(), path_ + ": cannot be read: Input/output error");
  EXPECT_FALSE(token_from_file(files, path_)) << "no new one is made in its place";
  EXPECT_EQ(testing::read_file(path_), "{}");
}

TEST_F(WholeFileTest, IsAtMost64MiB) {
  constexpr std::uintmax_t kMost = std::uintmax_t{64} << 20;
  folder_.write("state.json", "");
  fs::resize_file(path_, kMost);
  EXPECT_EQ(trouble(), "none");
  fs::resize_file(path_, kMost + 1);
  EXPECT_EQ(trouble(), path_ + ": cannot be read: File too large");
}

TEST_F(WholeFileTest, AFileThatIsNotThereIsNoError) {
  const auto read = read_whole(files_, path_, Access::kOwnerOnly);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_FALSE(read->has_value());
  folder_.write("state.json", "");
  const auto empty = read_whole(files_, path_, Access::kOthersRead);
  ASSERT_TRUE(empty) << empty.error().text();
  EXPECT_EQ(*empty, "") << "an empty one is there";
}

TEST_F(WholeFileTest, WhatAnotherUserPreparesUnderTheOldNameIsLeftAlone) {
  const auto victim = folder_.write("victim", "precious");
  fs::create_symlink(victim, path_ + ".new");
  EXPECT_FALSE(write_whole(files_, path_, "secret", 0600));
  EXPECT_EQ(testing::read_file(victim), "precious");
}

TEST_F(WholeFileTest, WhatAKilledProcessLeftIsRemoved) {
  folder_.write("state.json", "old");
  folder_.write("state.json.0123456789abcdef.new", "half");
  const std::vector<std::string> others = {"state.json",
                                           "state.json.new",
                                           "state.json.mine.new",
                                           "state.json.0123456789abcde.new",
                                           "state.json.0123456789abcdef0.new",
                                           "state.json.0123456789abcdeg.new",
                                           "state.json.0123456789abcdef",
                                           "state.json.0123456789abcdef.old",
                                           "state.json-0123456789abcdef.new",
                                           "state.jsonx.0123456789abcdef.new",
                                           "other.json.0123456789abcdef.new"};
  for (const std::string& name : others) folder_.write(name, "another's");
  remove_leftovers(files_, path_);
  EXPECT_THAT(names(), ::testing::UnorderedElementsAreArray(others));
}

TEST_F(WholeFileTest, LinksAreNotRead) {
  fs::create_symlink(folder_.write("victim", "{}"), path_);
  EXPECT_THAT(trouble(), HasSubstr("got a symbolic link; remove it"));
  fs::remove(path_);
  fs::create_hard_link(folder_.path() / "victim", path_);
  EXPECT_THAT(trouble(), HasSubstr("got one with 2 hard links"));
  fs::remove(path_);
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(trouble(), HasSubstr("expected a regular file"));
}

TEST_F(WholeFileTest, AFileOfAnotherUserIsNotRead) {
  if (geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  folder_.write("state.json", "{}");
  ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  ASSERT_EQ(chown(path_.c_str(), 65534, 65534), 0);
  EXPECT_THAT(trouble(), HasSubstr("got one of user 65534; remove it, or chown it"));
  ASSERT_EQ(chown(folder_.path().c_str(), 65534, 65534), 0);
  EXPECT_EQ(trouble(), "none") << "its folder is that user's as well";
}

TEST_F(WholeFileTest, SecretsThatOthersMayReadAreNotRead) {
  folder_.write("state.json", "a secret that is long enough");
  for (const mode_t mode : {0640U, 0604U, 0620U, 0601U}) {
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
    EXPECT_THAT(trouble(Access::kOwnerOnly), HasSubstr("chmod 600 " + path_)) << mode;
    EXPECT_FALSE(token_from_file(files_, path_)) << mode;
  }
  ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
  EXPECT_EQ(trouble(), "none");
  ASSERT_EQ(chmod(path_.c_str(), 0664), 0);
  EXPECT_THAT(trouble(), HasSubstr("others may write to it"));
  ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  EXPECT_EQ(trouble(Access::kOwnerOnly), "none");
}

TEST_F(WholeFileTest, AFolderThatOthersMayWriteToIsTold) {
  ASSERT_EQ(chmod(folder_.path().c_str(), 0777), 0);
  EXPECT_EQ(base::looseness_of_folder(files_, path_),
            folder_.path().string() + ": others may remove files from it; chmod go-w " +
                folder_.path().string());
  ASSERT_EQ(chmod(folder_.path().c_str(), 01777), 0);
  EXPECT_FALSE(base::looseness_of_folder(files_, path_)) << "sticky, as /tmp is";
  ASSERT_EQ(chmod(folder_.path().c_str(), 0755), 0);
  EXPECT_FALSE(base::looseness_of_folder(files_, path_));
}

TEST_F(WholeFileTest, AStoreThatCannotSaveKeepsWhatItHad) {
  testing::FakeClock clock(base::TimePoint{});
  auto watched = std::make_unique<WatchedFiles>();
  WatchedFiles& files = *watched;
  FileStore store(path_, clock, std::move(watched));
  State state;
  state.version = 3;
  ASSERT_TRUE(std::holds_alternative<Store::Saved>(store.save(0, state)));
  state.version = 4;
  files.calls.clear();
  files.fail_at = 3;
  EXPECT_TRUE(std::holds_alternative<Store::Failure>(store.save(3, state)));
  const auto loaded = store.load();
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->state.version, 3U);
}

TEST_F(WholeFileTest, ALockIsNotFollowedAndNotEmptied) {
  const auto victim = folder_.write("victim", "precious");
  fs::create_symlink(victim, path_ + ".lock");
  const auto claim = FileLock::take(path_);
  ASSERT_FALSE(claim);
  EXPECT_THAT(claim.error().text(), HasSubstr("got a symbolic link; remove it"));
  fs::remove(path_ + ".lock");
  fs::create_hard_link(victim, path_ + ".lock");
  EXPECT_FALSE(FileLock::take(path_));
  EXPECT_EQ(testing::read_file(victim), "precious");
  fs::remove(path_ + ".lock");
  EXPECT_TRUE(FileLock::take(path_));
}

/// Does not say what is open.
class WithoutFacts final : public base::SystemFiles {
 public:
  explicit WithoutFacts(int known) : known_(known) {}
  int facts(int descriptor, struct stat& facts) override {
    if (known_-- > 0) return SystemFiles::facts(descriptor, facts);
    errno = EIO;
    return -1;
  }

 private:
  int known_;
};

TEST_F(WholeFileTest, WhatCannotBeLookedAtIsNotRead) {
  folder_.write("state.json", "{}");
  for (const int known : {0, 1}) {
    WithoutFacts files(known);
    const auto read = read_whole(files, path_, Access::kOthersRead);
    ASSERT_FALSE(read) << known;
    EXPECT_THAT(read.error().text(), HasSubstr("cannot be looked at")) << known;
  }
}

TEST_F(WholeFileTest, WhatCannotBeOpenedSaysWhyAndWhich) {
  class Closed final : public base::SystemFiles {
   public:
    int open(const std::string& /*path*/, int /*flags*/, mode_t /*mode*/) override {
      errno = EACCES;
      return -1;
    }
  };
  Closed files;
  const auto read = read_whole(files, path_, Access::kOthersRead);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().text(), path_ + ": cannot be read: Permission denied");
  const auto written = write_whole(files, path_, "x", 0600);
  ASSERT_TRUE(written);
  EXPECT_EQ(written->text(), path_ + ": cannot be written: Permission denied");
}

}  // namespace
}  // namespace intermission::control
