#include "snapshot/contracts.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "catalog/configuration.h"
#include "support/temporary_folder.h"

namespace intermission::snapshot {
namespace {

struct Read {
  std::vector<std::string> problems;
  std::vector<std::string> of_service;
};

// The documents of a service whose configuration has one more line, on its line 3.
Read read(const testing::TemporaryFolder& folder, const std::string& line) {
  const auto file =
      folder.write("c.yaml", "services:\n  - name: a\n    " + line + "\n    hosts: [a.example]\n");
  auto configuration = catalog::load_file(file.string(), {});
  if (!configuration) return {{configuration.error().text()}, {}};
  const Contracts contracts = read_contracts(std::move(configuration->catalog));
  Read read;
  for (const base::Error& problem : contracts.problems) read.problems.push_back(problem.text());
  read.of_service = contracts.catalog.services()[0].contract_errors;
  return read;
}

// The configuration is what has to be changed then.
TEST(ContractsTest, AFileThatIsMissingIsReportedAtItsKey) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.path().string();
  const std::vector<std::pair<std::string, std::string>> kKeys = {
      {"contract", "contract"},
      {"wsdl", "WSDL"},
      {"protobuf", "protobuf document"},
      {"graphql_schema", "GraphQL schema"},
      {"asyncapi", "AsyncAPI document"}};
  for (const auto& [key, name] : kKeys) {
    const std::string problem = path + "/c.yaml:3: services[0]." + key + ": " + path +
                                "/none.txt: cannot be read: No such file or directory";
    const Read missing = read(folder, key + ": none.txt");
    EXPECT_EQ(missing.problems,
              std::vector{problem + "; service a is answered for without its " + name});
    EXPECT_EQ(missing.of_service, std::vector{problem});
  }
}

// The document is what has to be changed then.
TEST(ContractsTest, AMistakeInADocumentIsReportedAtItsLine) {
  const testing::TemporaryFolder folder;
  folder.write("api.yaml", "openapi: 3.0.3\npaths: [\n");
  folder.write("schema.graphql", "\n{ data }");
  const std::string path = folder.path().string();
  for (const auto& [line, place] :
       {std::pair{"contract: api.yaml", "/api.yaml:"},
        std::pair{"graphql_schema: schema.graphql", "/schema.graphql:2: "}}) {
    const Read broken = read(folder, line);
    ASSERT_EQ(broken.problems.size(), 1U);
    EXPECT_TRUE(broken.problems[0].starts_with(path + place)) << broken.problems[0];
  }
}

// What is made for a service is kept if only the lines of its configuration move.
TEST(ContractsTest, TheLineOfAKeyIsNoPartOfTheService) {
  const auto service = [](const std::string& before) {
    auto loaded = catalog::load_text(
        before + "services: [ { name: a, contract: none.yaml, protobuf: none.pb } ]", "c.yaml", {});
    return loaded->catalog.services()[0];
  };
  EXPECT_EQ(service(""), service("\n\n"));
}

}  // namespace
}  // namespace intermission::snapshot
