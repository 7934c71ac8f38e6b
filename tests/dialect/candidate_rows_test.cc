// Leaving a row out saves time and must never change an answer: a row that would claim a request
// has a trigger that CandidateRows finds.
#include "dialect/candidate_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <optional>
#include <set>

#include "base/text.h"
#include "dialect/table.h"
#include "dialect/trigger_index.h"
#include "support/asked_request.h"
#include "support/conversation.h"
#include "support/files.h"

namespace intermission::dialect {
namespace {

using http::Field;

std::set<std::size_t> rows_asked(const http::Request& request) {
  const catalog::Service service;
  RequestEvidence evidence(request, BodyState::kFinal, service);
  CandidateRows rows(evidence);
  std::set<std::size_t> asked;
  while (const auto row = rows.next()) asked.insert(*row);
  return asked;
}

TEST(CandidateRows, MissNoDialectThatWouldClaim) {
  const catalog::Service service;
  std::size_t claims = 0;
  for (const auto& file : testing::find_conversations(testing::source_path("tests/cases"))) {
    const testing::Conversation conversation = testing::read_conversation(file);
    if (conversation.only_socket) continue;
    const testing::AskedRequest asked(conversation);
    const auto rows = rows_asked(asked.request);
    for (std::size_t row = 0; row < table().size(); ++row) {
      for (const BodyState state : {BodyState::kUnread, BodyState::kFinal}) {
        if (table()[row]->triggers.empty()) continue;
        RequestEvidence evidence(asked.request, state, service);
        if (table()[row]->recognise(evidence).strength == Claim::Strength::kNone) continue;
        ++claims;
        EXPECT_TRUE(rows.contains(row)) << table()[row]->name << " in " << file;
      }
    }
  }
  EXPECT_GT(claims, 100U);
}

http::FieldSet consulted(std::string_view method, bool to_the_end) {
  http::Request request;
  request.reset(method, "/", 11);
  const catalog::Service service;
  RequestEvidence evidence(request, BodyState::kFinal, service);
  CandidateRows rows(evidence);
  while (rows.next()) {
    if (!to_the_end) break;
  }
  return evidence.consulted();
}

TEST(CandidateRows, ConsultsWhatCouldHaveChangedIt) {
  // A POST may be SOAP by a field that is not there; for a GET the field means nothing.
  EXPECT_TRUE(consulted("POST", true).has(http::field_from("SOAPAction")));
  EXPECT_FALSE(consulted("GET", true).has(http::field_from("SOAPAction")));
  EXPECT_TRUE(consulted("GET", true).has(Field::kSecFetchMode));
  EXPECT_FALSE(consulted("GET", true).has(Field::kCookie));
}

// What a row behind it would have read is no part of Vary.
TEST(CandidateRows, ComeInTheOrderOfTheTableAndReadNoFieldOfARowBehindThem) {
  const catalog::Service service;
  const TriggerIndex& index = TriggerIndex::of_table();
  for (const auto& file : testing::find_conversations(testing::source_path("tests/cases"))) {
    const testing::Conversation conversation = testing::read_conversation(file);
    if (conversation.only_socket) continue;
    const testing::AskedRequest asked(conversation);
    RequestEvidence evidence(asked.request, BodyState::kFinal, service);
    const auto method = static_cast<std::size_t>(std::countr_zero(evidence.method_class()));
    CandidateRows rows(evidence);
    std::optional<std::size_t> last;
    while (const auto row = rows.next()) {
      EXPECT_TRUE(!last || *last < *row) << file;
      last = row;
      const http::FieldSet& up_to_it = index.consulted[method][*row + 1];
      evidence.consulted().for_each([&](Field field) {
        EXPECT_TRUE(up_to_it.has(field))
            << http::field_name(field) << " before " << table()[*row]->name << " in " << file;
      });
    }
  }
}

TEST(CandidateRows, ADisabledRowIsAsIfItWereNotThere) {
  const Rows graphql = Rows{1} << *find("graphql");
  const Rows soap = Rows{1} << *find("soap");
  http::Request request;
  request.reset("POST", "/graphql", 11);
  request.add_field("Content-Type", "text/xml");
  request.add_field("SOAPAction", "urn:x");
  const catalog::Service service;
  const auto ask = [&](Rows disabled) {
    RequestEvidence evidence(request, BodyState::kFinal, service);
    CandidateRows rows(evidence, disabled);
    Rows asked = 0;
    while (const auto row = rows.next()) asked |= Rows{1} << *row;
    return std::pair(asked, evidence.consulted());
  };
  const auto [all, consulted] = ask(0);
  EXPECT_EQ(all & (graphql | soap), graphql | soap);
  EXPECT_TRUE(consulted.has(http::field_from("SOAPAction")));
  const auto [less, consulted_less] = ask(graphql | soap);
  EXPECT_EQ(less, all & ~(graphql | soap));
  EXPECT_FALSE(consulted_less.has(http::field_from("SOAPAction"))) << "no other row reads it";
  EXPECT_TRUE(consulted_less.has(http::field_from("Stripe-Signature")))
      << "rows before it are not disabled";
}

TEST(CandidateRows, ANameStandsForAllThatAreSpelledFromIt) {
  WordIndex words;
  words.add("application/grpc", 1, kPost);
  words.add("+json", 2, kPost | kRead);
  words.add("", 3, kPost);
  const auto rows_for = [&](std::string_view media_type, Methods method) {
    RowsByMethod rows{};
    add_rows_for_type(words, media_type, rows);
    return rows[static_cast<std::size_t>(std::countr_zero(method))];
  };
  EXPECT_EQ(rows_for("application/grpc", kPost), Rows{1} << 1);
  EXPECT_EQ(rows_for("Application/GRPC+proto", kPost), Rows{1} << 1);
  EXPECT_EQ(rows_for("application/grpc+json", kPost), (Rows{1} << 1) | (Rows{1} << 2));
  EXPECT_EQ(rows_for("application/grpc-web", kPost), 0U);
  EXPECT_EQ(rows_for("application/grpc", kRead), 0U);
  EXPECT_EQ(rows_for("a/b+json", kRead), Rows{1} << 2);
  EXPECT_EQ(rows_for("", kPost), Rows{1} << 3);
}

TEST(CandidateRows, MethodsFallIntoClasses) {
  EXPECT_EQ(method_class("GET"), kRead);
  EXPECT_EQ(method_class("HEAD"), kRead);
  EXPECT_EQ(method_class("POST"), kPost);
  EXPECT_EQ(method_class("PATCH"), kWrite);
  EXPECT_EQ(method_class("OPTIONS"), kOptions);
  EXPECT_EQ(method_class("PROPFIND"), kExtension);
  EXPECT_EQ(method_class("get"), kExtension) << "methods are case-sensitive";
  EXPECT_EQ(method_class(""), kExtension);
}

}  // namespace
}  // namespace intermission::dialect
