// Whole reports on one configuration, night/night.yaml, as they were written down:
// night/check.txt, report.md, report.json and report.sarif. INTERMISSION_UPDATE_DOCS=1 writes them
// anew, and fails where they differed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/version.h"
#include "catalog/configuration.h"
#include "report/answers_by_kind.h"
#include "report/check.h"
#include "report/contract_report.h"
#include "snapshot/contracts.h"
#include "support/files.h"

namespace intermission::report {
namespace {

constexpr base::TimePoint kMidnight{base::Seconds(1796083200)};  // 2026-12-01T00:00:00Z

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

class ReportsTest : public ::testing::Test {
 protected:
  static snapshot::Contracts night() {
    auto configuration =
        catalog::load_file(testing::source_path("tests/report/night/night.yaml").string(), {});
    if (!configuration) throw std::runtime_error(configuration.error().text());
    return snapshot::read_contracts(std::move(configuration->catalog));
  }
  /// `text` is the same wherever the sources are, and in every version.
  static void compare(const char* file, std::string text) {
    replace_all(text, testing::source_path("").string(), "");
    replace_all(text, std::string("\"") + base::kVersion + "\"", "\"VERSION\"");
    const auto path = testing::source_path("tests/report/night") / file;
    const std::string written = testing::read_file(path);
    if (std::getenv("INTERMISSION_UPDATE_DOCS") != nullptr && written != text) {
      std::ofstream(path) << text;
    }
    EXPECT_EQ(written, text) << file;
  }
};

TEST_F(ReportsTest, AreAsTheyWereWrittenDown) {
  snapshot::Contracts contracts = night();
  EXPECT_TRUE(contracts.problems.empty());
  const snapshot::Snapshot snapshot(std::move(contracts.catalog));
  std::string check = check_report(snapshot, kMidnight);
  const std::string kinds = answers_by_kind(snapshot);
  ASSERT_TRUE(check.ends_with(kinds));
  check.resize(check.size() - kinds.size());  // another with each kind of client
  compare("check.txt", check);
  const std::vector<base::Error> problems = {
      {"expected a document", testing::source_path("tests/report/night/other.yaml").string(), 7},
      {"expected another", "b*.yaml"}};
  compare("report.md", contract_report(snapshot, {}, kMidnight, ReportFormat::kMarkdown));
  compare("report.json", contract_report(snapshot, problems, kMidnight, ReportFormat::kJson));
  compare("report.sarif", contract_report(snapshot, problems, kMidnight, ReportFormat::kSarif));
}

TEST_F(ReportsTest, MarkdownBeginsWithWhatCannotBeRead) {
  const snapshot::Snapshot snapshot(night().catalog);
  const std::string head = "# What your clients will receive during maintenance\n\n";
  const std::vector<base::Error> problems = {{"expected one", "a.yaml", 7}, {"another", "b*.yaml"}};
  const std::string sound = contract_report(snapshot, {}, kMidnight, ReportFormat::kMarkdown);
  EXPECT_THAT(sound, ::testing::StartsWith(head + "## "));
  EXPECT_EQ(contract_report(snapshot, problems, kMidnight, ReportFormat::kMarkdown),
            head + "- error: a.yaml:7: expected one\n- error: b\\*.yaml: another\n\n" +
                sound.substr(head.size()));
}

}  // namespace
}  // namespace intermission::report
