// Recognition against confusion: heads.txt, a table of request heads of real clients, each with
// the kind that it must be told as.
#include <gtest/gtest.h>

#include "base/text.h"
#include "dialect/table.h"
#include "gateway/answer.h"
#include "support/cases.h"
#include "support/heads.h"

namespace intermission::testing {
namespace {

class AnswersByKind : public ::testing::TestWithParam<Head> {};

TEST_P(AnswersByKind, IsDescribedAs) {
  const Head& head = GetParam();
  http::Request request;
  head.fill(request);
  const auto snapshot = snapshot_for("none");
  if (gateway::needs_body(request, *snapshot)) request.set_body(head.body, true);
  http::Response response;
  const auto outcome = gateway::answer(request, *snapshot, {cases_time(), 0}, response);
  EXPECT_EQ(outcome.kind, head.kind) << head.who << "\n" << response.fields.text();
  // Each row that takes part says why, for explain.
  const catalog::Service service;
  for (const dialect::Dialect* row : dialect::table()) {
    dialect::RequestEvidence evidence(request, dialect::BodyState::kFinal, service);
    const dialect::Claim claim = row->recognise(evidence);
    EXPECT_EQ(claim.why.empty(), claim.strength == dialect::Claim::Strength::kNone) << row->name;
  }
}

std::string name_of(const ::testing::TestParamInfo<Head>& info) {
  std::string name = info.param.who;
  for (char& c : name) {
    if (!base::is_alpha(c) && !base::is_digit(c)) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Heads, AnswersByKind, ::testing::ValuesIn(read_heads()), name_of);

// Browsers take a backslash for a slash. Proxies encode it, so that no conversation can show it.
TEST(Heads, APathThatBeginsWithABackslashLeadsToNoOtherHost) {
  for (const auto& [path, led_to] : {std::pair{"/\\elsewhere.example.net/x", "1|pageRedirect||/|"},
                                     std::pair{"//elsewhere.example.net/x", "1|pageRedirect||/|"},
                                     std::pair{"/a\\b", "4|pageRedirect||/a\\b|"}}) {
    http::Request request;
    request.reset("POST", path, 11);
    request.add_field("Host", "anywhere.example.com");
    request.add_field("Content-Type", "application/x-www-form-urlencoded");
    request.add_field("X-MicrosoftAjax", "Delta=true");
    request.set_body({}, true);
    http::Response response;
    gateway::answer(request, *snapshot_for("none"), {cases_time(), 0}, response);
    EXPECT_EQ(response.body.view(), led_to) << path;
  }
}

TEST(Heads, AreManyAndOfKnownKinds) {
  std::size_t look_alikes = 0;
  const auto heads = read_heads();
  for (const Head& head : heads) {
    EXPECT_TRUE(dialect::find(head.kind)) << head.who;
    if (head.look_of.empty()) continue;
    ++look_alikes;
    EXPECT_TRUE(dialect::find(head.look_of)) << head.who;
    EXPECT_NE(head.kind, head.look_of) << head.who;
  }
  EXPECT_GE(look_alikes, 400U);
  EXPECT_GE(heads.size() - look_alikes, 400U);
}

}  // namespace
}  // namespace intermission::testing
