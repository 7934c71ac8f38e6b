// Writes what each test reaches, if INTERMISSION_REACHED names a file: test, source file of the
// test, milliseconds, whether it passed, and the numbers of the mistakes, with tabs between. What
// is reached outside of tests stands under the name "*".
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "switch.h"

namespace mutate {
namespace {

class Listener : public testing::EmptyTestEventListener {
 public:
  explicit Listener(const char* path) : out_(path) {}

 private:
  void OnTestStart(const testing::TestInfo&) override { write("*", "", 0, true); }

  void OnTestEnd(const testing::TestInfo& test) override {
    const std::string name = std::string(test.test_suite_name()) + '.' + test.name();
    write(name, test.file(), test.result()->elapsed_time(), !test.result()->Failed());
  }

  void OnTestProgramEnd(const testing::UnitTest&) override { write("*", "", 0, true); }

  void write(const std::string& name, const char* file, long long milliseconds, bool passed) {
    out_ << name << '\t' << (file == nullptr ? "" : file) << '\t' << milliseconds << '\t' << passed
         << '\t';
    for (std::size_t number = 0; number < kMost; ++number) {
      if (reached[number] != 0) out_ << number << ' ';
    }
    out_ << std::endl;
    std::fill(std::begin(reached), std::end(reached), 0);
  }

  std::ofstream out_;
};

const bool listening = [] {
  const char* path = std::getenv("INTERMISSION_REACHED");
  if (path != nullptr) testing::UnitTest::GetInstance()->listeners().Append(new Listener(path));
  return path != nullptr;
}();

}  // namespace
}  // namespace mutate
