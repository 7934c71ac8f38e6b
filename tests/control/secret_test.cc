#include "control/secret.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/temporary_folder.h"
#include "support/variable.h"

namespace intermission::control {
namespace {

using testing::Variable;

constexpr const char* kName = "INTERMISSION_TEST_SECRET";
constexpr const char* kTwin = "INTERMISSION_TEST_SECRET_FILE";

TEST(Secret, IsTheVariableOrTheContentOfTheFileThatItsTwinNames) {
  const auto absent = secret_from_environment(kName);
  ASSERT_TRUE(absent);
  EXPECT_FALSE(*absent);
  {
    const Variable variable(kName, " as it is ");
    EXPECT_EQ(*secret_from_environment(kName), " as it is ");
  }
  const testing::TemporaryFolder folder;
  const auto file = folder.write("secret", "from a file\n");
  const auto link = folder.path() / "link";
  std::filesystem::create_symlink(file, link);
  for (const auto& path : {file, link}) {
    const Variable variable(kTwin, path.string());
    EXPECT_EQ(*secret_from_environment(kName), "from a file");
  }
}

TEST(Secret, LosesOneLineEndAndNoMore) {
  const testing::TemporaryFolder folder;
  for (const auto& [text, secret] :
       {std::pair{"x", "x"}, {"x\n", "x"}, {"x\r\n", "x"}, {"x\n\n", "x\n"}, {" x ", " x "}}) {
    const Variable variable(kTwin, folder.write("secret", text).string());
    EXPECT_EQ(*secret_from_environment(kName), secret);
  }
}

TEST(Secret, ACredentialCountsWhereTheEnvironmentNamesNone) {
  const testing::TemporaryFolder folder;
  const Variable credentials("CREDENTIALS_DIRECTORY", folder.path().string());
  EXPECT_EQ(*secret_from_environment(kName), std::nullopt);
  const auto file = folder.write("intermission.test_secret", "handed over\n");
  EXPECT_EQ(*secret_from_environment(kName), "handed over");
  {
    const Variable variable(kName, "named");
    EXPECT_EQ(*secret_from_environment(kName), "named");
  }
  folder.write("intermission.test_secret", "");
  EXPECT_EQ(secret_from_environment(kName).error().text(),
            "INTERMISSION_TEST_SECRET: " + file.string() + ": expected a secret, got none");
}

TEST(Secret, BothFormsAtOnceAreAnError) {
  const testing::TemporaryFolder folder;
  const Variable variable(kName, "a");
  const Variable twin(kTwin, folder.write("secret", "a").string());
  const auto both = secret_from_environment(kName);
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().text(),
            "INTERMISSION_TEST_SECRET and INTERMISSION_TEST_SECRET_FILE are both set; expected "
            "only one of them");
}

TEST(Secret, AFileThatHoldsNoneIsAnErrorThatNamesTheVariableAndTheFile) {
  const testing::TemporaryFolder folder;
  const auto error_of = [&](const std::string& path) {
    const Variable variable(kTwin, path);
    const auto secret = secret_from_environment(kName);
    return secret ? "a secret" : secret.error().text();
  };
  const std::string missing = (folder.path() / "missing").string();
  EXPECT_EQ(error_of(missing), "INTERMISSION_TEST_SECRET_FILE: " + missing +
                                   ": cannot be read: No such file or directory");
  EXPECT_EQ(error_of(folder.path().string()),
            "INTERMISSION_TEST_SECRET_FILE: " + folder.path().string() +
                ": expected a file, got a directory");
  const std::string empty = folder.write("empty", "\n").string();
  EXPECT_EQ(error_of(empty),
            "INTERMISSION_TEST_SECRET_FILE: " + empty + ": expected a secret, got none");
  const std::string large = folder.write("large", std::string(5000, 'x')).string();
  EXPECT_EQ(error_of(large),
            "INTERMISSION_TEST_SECRET_FILE: " + large + ": expected a file of at most 4 KiB");
}

TEST(Secret, IsOfAtMost4KiB) {
  const testing::TemporaryFolder folder;
  for (const std::size_t size : {4095U, 4096U}) {
    const Variable variable(kTwin, folder.write("secret", std::string(size, 'x')).string());
    const auto secret = secret_from_environment(kName);
    ASSERT_TRUE(secret) << secret.error().text();
    EXPECT_EQ((*secret)->size(), size);
  }
  const Variable variable(kTwin, folder.write("secret", std::string(4097, 'x')).string());
  EXPECT_FALSE(secret_from_environment(kName));
}

}  // namespace
}  // namespace intermission::control
