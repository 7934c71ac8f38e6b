// Documents of interfaces in a folder of the test's own.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "interfaces/interface.h"
#include "support/temporary_folder.h"

namespace intermission::interfaces {

/// "GROUP NAME (KIND):LINE" of each call.
inline std::vector<std::string> calls_of(const Interface& interface) {
  std::vector<std::string> out;
  for (const Call& call : interface.calls) {
    out.push_back(call.group + ' ' + call.name + " (" + call.kind +
                  "):" + std::to_string(call.line));
  }
  return out;
}

/// "RULE:LINE: MESSAGE" of each finding.
inline std::vector<std::string> findings_of(const Interface& interface) {
  std::vector<std::string> out;
  for (const openapi::Finding& finding : interface.findings) {
    out.push_back(finding.rule + ':' + std::to_string(finding.line) + ": " + finding.message);
  }
  return out;
}

/// What `read` makes of one file of that name; an empty interface where it is an Error.
template <typename Read>
std::shared_ptr<const Interface> read_as(const std::string& name, const std::string& text,
                                         Read read) {
  const testing::TemporaryFolder folder;
  const ReadInterface found = read(folder.write(name, text).string());
  EXPECT_TRUE(found) << found.error().text();
  return found ? *found : std::make_shared<const Interface>();
}

/// ":LINE: MESSAGE" of the Error that it is.
template <typename Read>
std::string error_as(const std::string& name, const std::string& text, Read read) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.write(name, text).string();
  const ReadInterface found = read(path);
  if (found) return "no error";
  const std::string said = found.error().text();
  return said.starts_with(path) ? said.substr(path.size()) : said;
}

}  // namespace intermission::interfaces
