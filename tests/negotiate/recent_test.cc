#include "negotiate/recent.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "negotiate/negotiate.h"
#include "support/header_lines.h"

namespace intermission::negotiate {
namespace {

using testing::HeaderLines;

const std::string kBrowser = "text/html,application/xhtml+xml,*/*;q=0.8";

TEST(Recent, ReadsOnceWhatComesAgain) {
  Recent<Accept> recent;
  const Accept* first = recent.read(HeaderLines(kBrowser).values());
  ASSERT_NE(first, nullptr);
  // By now the header it was read from is gone.
  EXPECT_EQ(first->weight_of("image/png").weight, 800);
  EXPECT_EQ(recent.read(HeaderLines(kBrowser).values()), first);
}

TEST(Recent, LeavesToOthersWhatIsNoHabit) {
  using Kept = Recent<Accept>;
  Kept recent;
  const auto keeps = [&](const std::vector<std::string>& lines) {
    return recent.read(HeaderLines(lines).values()) != nullptr;
  };
  EXPECT_FALSE(keeps({}));
  EXPECT_FALSE(keeps({kBrowser, kBrowser}));
  EXPECT_FALSE(keeps({std::string(Kept::kLeastBytes - 1, 'a')}));
  EXPECT_TRUE(keeps({std::string(Kept::kLeastBytes, 'a')}));
  EXPECT_TRUE(keeps({std::string(Kept::kMostBytes, 'a')}));
  EXPECT_FALSE(keeps({std::string(Kept::kMostBytes + 1, 'a')}));
}

// Far more headers than there are places, of which many differ in a single byte.
TEST(Recent, NeverTakesOneHeaderForAnother) {
  Recent<Accept> recent;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 1000; ++i) {
      const std::string n = std::to_string(i);
      const std::string weight = "0." + std::string(3 - n.size(), '0') + n;
      const HeaderLines header("application/json;q=" + weight + ",text/html");
      const Accept* accept = recent.read(header.values());
      ASSERT_NE(accept, nullptr);
      ASSERT_EQ(accept->weight_of("application/json").weight, i);
    }
  }
}

}  // namespace
}  // namespace intermission::negotiate
