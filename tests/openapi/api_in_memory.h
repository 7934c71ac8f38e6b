// API documents in a folder of the test's own, and the bodies that are made from them.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "openapi/api_contract.h"
#include "support/temporary_folder.h"

namespace intermission::openapi {

inline contract::Facts facts() {
  contract::Facts facts;
  facts.service = "orders";
  facts.title = "Orders";
  facts.message = "Back at 02:00 UTC";
  facts.language = "en";
  facts.seconds = "137";
  facts.most_seconds = 4320;
  facts.now = "2026-12-01T22:30:00Z";
  facts.now_seconds = "1796164200";
  facts.path = "<path>";
  facts.path_in_xml = "[path]";
  facts.request_id = "<request>";
  facts.trace_id = "<trace>";
  return facts;
}

inline std::shared_ptr<const ApiContract> load(const testing::TemporaryFolder& folder,
                                               const std::string& text) {
  auto contract = ApiContract::load(folder.write("api.yaml", text).string());
  EXPECT_TRUE(contract) << contract.error().text();
  return contract ? *contract : nullptr;
}

/// Why a document cannot be used; else the first of its references that leads nowhere.
inline std::string error_of(const std::string& text) {
  const testing::TemporaryFolder folder;
  const auto contract = ApiContract::load(folder.write("api.yaml", text).string());
  if (!contract) return contract.error().text();
  for (const Finding& finding : (*contract)->findings()) {
    if (finding.rule != "unresolved-reference") continue;
    return base::Error{finding.message, finding.file, finding.line}.text();
  }
  return "no error";
}

/// The findings of a document as "rule:line".
inline std::vector<std::string> findings_of(const std::string& text) {
  const testing::TemporaryFolder folder;
  std::vector<std::string> out;
  const auto contract = load(folder, text);
  for (const Finding& finding : contract->findings()) {
    out.push_back(finding.rule + ":" + std::to_string(finding.line));
  }
  return out;
}

inline std::string body_for(const ApiContract& contract, std::string_view method,
                            std::string_view path) {
  const auto said = contract.say(*contract.find(method, path).promise, facts());
  return said.empty() ? "nothing" : said.front().body;
}

/// One operation, GET /, whose 503 has that schema; indented as it stands below `schema:`.
inline std::string one_schema(const std::string& schema, const std::string& version = "3.1.0") {
  return "openapi: " + version +
         "\npaths:\n  /:\n    get:\n      responses:\n        '503':\n          content:\n"
         "            application/json:\n              schema: " +
         schema + "\n";
}

inline std::string body_by(const std::string& schema, const std::string& version = "3.1.0") {
  const testing::TemporaryFolder folder;
  return body_for(*load(folder, one_schema(schema, version)), "GET", "/");
}

}  // namespace intermission::openapi
