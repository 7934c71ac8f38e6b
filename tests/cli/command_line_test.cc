#include "cli/command_line.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/version.h"
#include "support/command.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace intermission::cli {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::Ran;
using testing::run_command;
using ::testing::StartsWith;

const std::vector<std::vector<std::string>> kCommands = {{},
                                                         {"serve"},
                                                         {"check"},
                                                         {"preview"},
                                                         {"explain"},
                                                         {"bypass"},
                                                         {"health"},
                                                         {"state"},
                                                         {"state", "migrate"},
                                                         {"on"},
                                                         {"off"},
                                                         {"auto"},
                                                         {"extend"},
                                                         {"message"},
                                                         {"windows"},
                                                         {"windows", "orders", "plan"},
                                                         {"windows", "orders", "remove"},
                                                         {"status"},
                                                         {"callers"},
                                                         {"instances"},
                                                         {"changes"},
                                                         {"reload"},
                                                         {"watch"},
                                                         {"completion"}};

/// What --help prints for every command.
std::string all_help() {
  std::string all;
  for (std::vector<std::string> words : kCommands) {
    words.emplace_back("--help");
    all += "$ intermission";
    for (const std::string& word : words) all += " " + word;
    const Ran ran = run_command(words);
    EXPECT_EQ(ran.code, 0) << all;
    EXPECT_EQ(ran.err, "");
    all += "\n";
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) {
      all += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
  }
  return all;
}

// Options, their values and what is said of them: scripts rely on the first, people on the last.
// INTERMISSION_UPDATE_DOCS=1 writes the file anew, and fails where it differed.
TEST(CommandLine, HelpIsAsItWasWritten) {
  const auto path = testing::source_path("tests/cli/help.txt");
  const std::string written = testing::read_file(path);
  const std::string now = all_help();
  if (std::getenv("INTERMISSION_UPDATE_DOCS") != nullptr && written != now) {
    std::ofstream(path) << now;
  }
  EXPECT_EQ(written, now);
}

TEST(CommandLine, SaysItsVersion) {
  const Ran ran = run_command({"--version"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.out, std::string("intermission ") + base::kVersion + "\n");
  EXPECT_EQ(ran.err, "");
}

TEST(CommandLine, WrongUsageIsRejectedWithTheHelpThatShowsTheRightOne) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{},
       "intermission: a command is expected, such as serve or status (see intermission --help)\n"},
      {{"--port", "1"}, "(see intermission --help)\n"},
      {{"swich"}, "(see intermission --help)\n"},
      {{"on"}, "(see intermission on --help)\n"},
      {{"serve", "--prot", "1"}, "(see intermission serve --help)\n"},
      {{"--config", "/etc/x.yaml"}, "(see intermission --help)\n"},
      {{"--config", "/etc/x.yaml", "swich"}, "(see intermission --help)\n"},
      {{"--config", "/etc/x.yaml", "completion"}, "(see intermission completion --help)\n"},
      {{"--config", "status"},
       "intermission: --config needs a value (see intermission status --help)\n"},
      {{"state"}, "(see intermission state --help)\n"},
      {{"preview"}, "(see intermission preview --help)\n"},
      {{"preview", "--out", "x", "--port", "0"}, "(see intermission preview --help)\n"},
      {{"bypass"}, "(see intermission bypass --help)\n"},
      {{"explain", "GET"}, "(see intermission explain --help)\n"},
      {{"status", "off", "orders"}, "(see intermission status --help)\n"},
  };
  for (const auto& [words, said] : wrong) {
    const Ran ran = run_command(words);
    EXPECT_EQ(ran.code, 2) << ::testing::PrintToString(words);
    EXPECT_EQ(ran.out, "") << ::testing::PrintToString(words);
    EXPECT_THAT(ran.err, StartsWith("intermission: "));
    EXPECT_THAT(ran.err, EndsWith(said));
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
  }
}

TEST(CommandLine, OptionsOfACommandMayStandBeforeIt) {
  const testing::TemporaryFolder folder;
  const std::string file = folder.write("wrong.yaml", "servces: []\n");
  const std::vector<std::vector<std::string>> ways = {{"check", "--config", file},
                                                      {"--config", file, "check"},
                                                      {"--config=" + file, "check"},
                                                      {"--strict", "--config", file, "check"},
                                                      {"--config", file, "check", "--strict"},
                                                      {"--config", file, "state", "migrate"}};
  for (const auto& words : ways) {
    const Ran ran = run_command(words);
    EXPECT_EQ(ran.code, 2) << ::testing::PrintToString(words);
    EXPECT_THAT(ran.err, HasSubstr("servces")) << ::testing::PrintToString(words);
  }
  // A value that is spelled as a command is none.
  EXPECT_EQ(run_command({"--config", "off", "on", "orders"}).err,
            "intermission: off: cannot be read: No such file or directory\n");
}

TEST(CommandLine, HelpOfACommandIsThatOfItsOption) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"status"}, {"windows", "plan"}, {}}) {
    std::vector<std::string> before = words;
    before.insert(before.begin(), "help");
    std::vector<std::string> behind = words;
    behind.emplace_back("--help");
    EXPECT_EQ(run_command(before).out, run_command(behind).out);
    EXPECT_EQ(run_command(before).code, 0);
  }
  EXPECT_THAT(run_command({"help", "swich"}).err, HasSubstr("unknown command \"swich\""));
}

std::size_t open_files() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// A socket would have its number, and what is printed would reach a client.
TEST(CommandLine, AStandardStreamThatIsClosedLeadsNowhere) {
  const std::size_t before = open_files();
  const int kept = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 100);
  close(STDIN_FILENO);
  EXPECT_EQ(run_command({"--version"}).code, 0);
  std::error_code none;
  EXPECT_EQ(std::filesystem::read_symlink("/proc/self/fd/0", none), "/dev/null");
  if (kept >= 0) {
    dup2(kept, STDIN_FILENO);
    close(kept);
    EXPECT_EQ(open_files(), before);
  }
}

TEST(CommandLine, WrongUsageIsNamed) {
  for (const auto& [words, said] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"statsu"},
            "unknown command \"statsu\"; did you mean status? (see intermission --help)"},
           {{"frobnicate", "--help"}, "unknown command \"frobnicate\" (see intermission --help)"},
           {{"on", "orders", "--form=1"},
            "unknown option --form; did you mean --for? (see intermission on --help)"},
           {{"off", "orders", "shop", "fair"},
            "unexpected argument \"shop\" (see intermission off --help)"},
           {{"serve", "--port"}, "--port needs a value (see intermission serve --help)"},
           {{"windows", "orders", "plan", "--end", "E"},
            "--start is required (see intermission windows SERVICE plan --help)"},
           {{"completion", "tcsh"},
            "SHELL: expected one of bash, zsh, fish, got \"tcsh\" (see intermission completion "
            "--help)"}}) {
    EXPECT_EQ(run_command(words).err, "intermission: " + said + "\n");
  }
}

}  // namespace
}  // namespace intermission::cli
