#include "program/outcome.h"

#include <gtest/gtest.h>

#include <iostream>
#include <sstream>

namespace intermission::program {
namespace {

TEST(Outcome, IsPrintedToStandardErrorAfterTheNameOfTheProgram) {
  std::ostringstream text;
  std::streambuf* before = std::cerr.rdbuf(text.rdbuf());
  tell("one");
  const int failure = failed("two");
  const int mistake = wrong("three");
  std::cerr.rdbuf(before);
  EXPECT_EQ(text.str(), "intermission: one\nintermission: two\nintermission: three\n");
  EXPECT_EQ(failure, 1);
  EXPECT_EQ(mistake, 2);
}

}  // namespace
}  // namespace intermission::program
