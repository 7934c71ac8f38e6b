// Recognition against confusion: heads.txt, a table of request heads of real clients, each with
// the kind that it must be told as.
#include <gtest/gtest.h>

#include <ostream>
#include <sstream>

#include "base/text.h"
#include "dialect/table.h"
#include "gateway/answer.h"
#include "support/cases.h"
#include "support/files.h"

namespace intermission::testing {
namespace {

struct Head {
  std::string kind;
  std::string who;
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
};

// Names the failing test; without it GoogleTest prints bytes.
void PrintTo(const Head& head, std::ostream* out) {
  *out << head.who;
}

// "== KIND: who it is", then a conversation's request without the version.
Head parse_head(const std::string& block) {
  Head head;
  std::istringstream lines(block);
  std::string line;
  std::getline(lines, line);
  head.kind = line.substr(0, line.find(": "));
  head.who = line.substr(line.find(": ") + 2);
  std::getline(lines, line);
  head.method = line.substr(0, line.find(' '));
  head.target = line.substr(line.find(' ') + 1);
  while (std::getline(lines, line) && !line.empty()) {
    head.fields.emplace_back(line.substr(0, line.find(": ")), line.substr(line.find(": ") + 2));
  }
  while (std::getline(lines, line) && !line.empty()) head.body += line;
  return head;
}

std::vector<Head> read_heads() {
  const std::string text = read_file(source_path("tests/gateway/heads.txt"));
  std::vector<Head> heads;
  auto at = text.find("\n== ");
  while (at != std::string::npos) {
    const auto next = text.find("\n== ", at + 1);
    heads.push_back(parse_head(text.substr(at + 4, next - at - 4)));
    at = next;
  }
  return heads;
}

class WhoHearsWhat : public ::testing::TestWithParam<Head> {};

TEST_P(WhoHearsWhat, IsToldAs) {
  const Head& head = GetParam();
  http::Request request;
  request.reset(head.method, head.target, 11);
  request.add_field("Host", "anywhere.example.com");
  for (const auto& [name, value] : head.fields) request.add_field(name, value);
  request.set_body({}, false);
  const auto snapshot = snapshot_for("none");
  if (gateway::needs_body(request, *snapshot)) request.set_body(head.body, true);
  http::Response response;
  const auto outcome = gateway::answer(request, *snapshot, {cases_time(), 0}, response);
  EXPECT_EQ(outcome.kind, head.kind) << head.who << "\n" << response.fields;
}

std::string name_of(const ::testing::TestParamInfo<Head>& info) {
  std::string name = info.param.who;
  for (char& c : name) {
    if (!base::is_alpha(c) && !base::is_digit(c)) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Heads, WhoHearsWhat, ::testing::ValuesIn(read_heads()), name_of);

TEST(Heads, AreManyAndOfKnownKinds) {
  const auto heads = read_heads();
  EXPECT_GE(heads.size(), 150U);
  for (const Head& head : heads) EXPECT_TRUE(dialect::find(head.kind)) << head.who;
}

}  // namespace
}  // namespace intermission::testing
