#include "base/lazy.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace intermission::base {
namespace {

TEST(Lazy, MakesItsValueOnce) {
  Lazy<std::string> lazy;
  int made = 0;
  const auto make = [&] { return "made " + std::to_string(++made); };
  EXPECT_EQ(lazy.get(make), "made 1");
  EXPECT_EQ(&lazy.get(make), &lazy.get(make));
  EXPECT_EQ(made, 1);
}

TEST(Lazy, WhereNothingWasMadeTheNextQuestionTriesAgain) {
  Lazy<int> lazy;
  EXPECT_THROW(lazy.get([]() -> int { throw std::runtime_error("no memory"); }),
               std::runtime_error);
  EXPECT_EQ(lazy.get([] { return 7; }), 7);
}

TEST(Lazy, ManyThreadsAgreeOnOneValue) {
  for (int round = 0; round < 50; ++round) {
    Lazy<std::string> lazy;
    std::vector<const std::string*> seen(4);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      threads.emplace_back([&, i] { seen[i] = &lazy.get([&] { return std::to_string(i); }); });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::string* value : seen) EXPECT_EQ(value, seen[0]);
  }
}

}  // namespace
}  // namespace intermission::base
