// The table "Answers by kind of client" of docs/clients.md is the table of dialects, for the
// service "depot" of tests/cases/config.yaml, which has a WSDL and no setting that changes an
// answer.
//
// INTERMISSION_UPDATE_DOCS=1 writes the table anew, and fails where it differed.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "report/answers_by_kind.h"
#include "support/cases.h"
#include "support/files.h"

namespace intermission::testing {
namespace {

constexpr std::string_view kHead =
    "| kind | the client | how it is known | status | at a gate | as |\n"
    "| --- | --- | --- | --- | --- | --- |\n";

const snapshot::Service& depot() {
  const auto snapshot = snapshot_for("config.yaml");
  const auto services = snapshot->catalog().services();
  for (std::size_t i = 0; i < services.size(); ++i) {
    const snapshot::Service& service = snapshot->service(i);
    if (service.configured->name == "depot") return service;
  }
  throw std::runtime_error("tests/cases/config.yaml has no service depot");
}

std::string table() {
  std::string out(kHead);
  for (const report::KindAnswers& answers : report::answers_of(depot())) {
    out += fmt::format("| [{0}](../src/dialect/{0}.cc) | {1} | {2} | {3} | {4} | {5} |\n",
                       answers.dialect->name, answers.dialect->speaks_to, answers.dialect->known_by,
                       answers.statuses, answers.gate_statuses, answers.media_types);
  }
  return out;
}

TEST(ClientsDocument, ListsTheTable) {
  const auto path = source_path("docs/clients.md");
  std::string document = read_file(path);
  const auto start = document.find(kHead);
  ASSERT_NE(start, std::string::npos) << "docs/clients.md has no table that begins with\n" << kHead;
  const auto end = document.find("\n\n", start) + 1;
  const std::string written = document.substr(start, end - start);
  if (std::getenv("INTERMISSION_UPDATE_DOCS") != nullptr && written != table()) {
    document.replace(start, end - start, table());
    std::ofstream(path) << document;
  }
  EXPECT_EQ(written, table());
}

}  // namespace
}  // namespace intermission::testing
