#include "contract/fault_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace intermission::contract {
namespace {

using ::testing::ElementsAre;

TEST(FaultWordsTest, SplitsNamesOfAnyStyle) {
  EXPECT_THAT(words_of("HTTPErrorCode2"), ElementsAre("http", "error", "code"));
  EXPECT_THAT(words_of("retry_after-seconds"), ElementsAre("retry", "after", "seconds"));
  EXPECT_THAT(words_of("faultstring"), ElementsAre("faultstring"));
  EXPECT_THAT(words_of("_7"), ElementsAre());
}

TEST(FaultWordsTest, AFaultFitsWhenItIsTheServicesOwn) {
  EXPECT_EQ(fitness_of({"ServiceUnavailable"}, {}), 3);
  EXPECT_EQ(fitness_of({"ServiceNotAvailableFault"}, {}), 3);
  EXPECT_EQ(fitness_of({"MaintenanceException"}, {}), 3);
  EXPECT_EQ(fitness_of({"SystemFault", "systemFault"}, {}), 2);
  EXPECT_EQ(fitness_of({"InternalServerError"}, {}), 2);
  EXPECT_EQ(fitness_of({"Fault", "ErrorDetails"}, {}), 1);
  EXPECT_EQ(fitness_of({"GetOrderFault"}, {"get", "order"}), 1);
}

TEST(FaultWordsTest, AFaultOfTheRequestNeverFits) {
  for (const char* name : {"OrderNotFound", "InvalidInput", "AccessDeniedException",
                           "ValidationFault", "InvalidSystemId", "DuplicateOrder", "ClientFault"}) {
    EXPECT_EQ(fitness_of({name}, {"order"}), 0) << name;
  }
  EXPECT_EQ(fitness_of({"SystemFault", "InvalidInput"}, {}), 0) << "its element says more";
  EXPECT_EQ(fitness_of({"SomethingBespoke"}, {}), 0) << "an unknown word may say anything";
}

TEST(FaultWordsTest, KnowsFieldsByTheirNames) {
  EXPECT_EQ(fact_named("errorMessage"), Fact::kMessage);
  EXPECT_EQ(fact_named("ERROR_CODE"), Fact::kCode);
  EXPECT_EQ(fact_named("httpStatusCode"), Fact::kStatus);
  EXPECT_EQ(fact_named("RetryAfter"), Fact::kSeconds);
  EXPECT_EQ(fact_named("retryAfterSeconds"), Fact::kSeconds);
  EXPECT_EQ(fact_named("retryAfterMillis"), Fact::kMillis);
  EXPECT_EQ(fact_named("maintenanceEnd"), Fact::kUntil);
  EXPECT_EQ(fact_named("orderId"), std::nullopt);
  EXPECT_EQ(fact_named("_7"), std::nullopt);
  EXPECT_EQ(fact_named("httpCode"), Fact::kStatus);
  EXPECT_EQ(fact_named("code"), Fact::kCode);
}

TEST(FaultWordsTest, KnowsHowToNameAWait) {
  for (const char* name :
       {"retryAfter", "RETRY_SECONDS", "retryDelay", "retryInterval", "retry-in", "waitSeconds",
        "retryWait", "backoffSeconds", "retryafter", "nextRetryAfter"}) {
    EXPECT_EQ(fact_named(name), Fact::kSeconds) << name;
  }
  for (const char* name : {"retryMillis", "waitMilliseconds", "backoffMs"}) {
    EXPECT_EQ(fact_named(name), Fact::kMillis) << name;
  }
  for (const char* name : {"retryCount", "seconds", "ms", "delay", "retry"}) {
    EXPECT_EQ(fact_named(name), std::nullopt) << name;
  }
}

TEST(FaultWordsTest, KnowsHowToNameAWindow) {
  for (const char* name : {"maintenanceStart", "outageFrom", "downtimeBegin", "validSince"}) {
    EXPECT_EQ(fact_named(name), Fact::kSince) << name;
  }
  for (const char* name : {"maintenanceEnd", "outageTo", "downtime_end", "closedUntil"}) {
    EXPECT_EQ(fact_named(name), Fact::kUntil) << name;
  }
  for (const char* name : {"start", "lineEnd", "maintenanceOwner"}) {
    EXPECT_EQ(fact_named(name), std::nullopt) << name;
  }
}

TEST(FaultWordsTest, AnErrorIsAMessageWhereItIsTheWholeName) {
  EXPECT_EQ(fact_named("error"), Fact::kMessage);
  EXPECT_EQ(fact_named("Fault"), Fact::kMessage);
  EXPECT_EQ(fact_named("orderError"), std::nullopt);
}

TEST(FaultWordsTest, SplitsAtCapitals) {
  EXPECT_THAT(words_of("aZzAb"), ElementsAre("a", "zz", "ab"));
  EXPECT_THAT(words_of("AZ"), ElementsAre("az"));
  EXPECT_THAT(words_of("ABz"), ElementsAre("a", "bz"));
  EXPECT_THAT(words_of("A1B"), ElementsAre("a", "b"));
}

TEST(FaultWordsTest, NotAtTheEndIsNoAvailability) {
  EXPECT_EQ(fitness_of({"ServiceNot"}, {}), 0);
  EXPECT_EQ(fitness_of({"NotAvailable"}, {}), 3);
  EXPECT_EQ(fitness_of({"NotAuthorized"}, {}), 0);
}

TEST(FaultWordsTest, EveryCapitalMayBeginAWord) {
  EXPECT_THAT(words_of("Ab"), ElementsAre("ab"));
  EXPECT_THAT(words_of("ZAb"), ElementsAre("z", "ab"));
  EXPECT_THAT(words_of("zAB"), ElementsAre("z", "ab"));
  EXPECT_THAT(words_of("AzZ"), ElementsAre("az", "z"));
  EXPECT_THAT(words_of("a9B_c"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(words_of("aAzA"), ElementsAre("a", "az", "a"));
}

TEST(FaultWordsTest, AvailableIsReadWithTheWordBefore) {
  EXPECT_EQ(fitness_of({"OutageNotFound"}, {}), 0) << "what follows a word that fits is read too";
  EXPECT_EQ(fitness_of({"UnavailableInvalid"}, {}), 0);
  EXPECT_EQ(fitness_of({"ServiceAvailable"}, {}), 0);
  EXPECT_EQ(fitness_of({"UnavailableSystem", "Fault"}, {}), 3);
  EXPECT_EQ(fitness_of({"SystemFault", "Fault"}, {}), 2);
}

TEST(FaultWordsTest, ACodeIsOfTheStatusOnlyWhereItsNameSaysSo) {
  EXPECT_EQ(fact_named("statusText"), Fact::kMessage);
  EXPECT_EQ(fact_named("httpReason"), Fact::kMessage);
  EXPECT_EQ(fact_named("statusCode"), Fact::kStatus);
  EXPECT_EQ(fact_named("orderCode"), Fact::kCode);
  EXPECT_EQ(fact_named("http"), std::nullopt);
}

TEST(FaultWordsTest, KnowsEveryNameOfAField) {
  const std::pair<const char*, Fact> kFields[] = {
      {"messages", Fact::kMessage},      {"msg", Fact::kMessage},
      {"text", Fact::kMessage},          {"details", Fact::kMessage},
      {"description", Fact::kMessage},   {"explanation", Fact::kMessage},
      {"faultstring", Fact::kMessage},   {"errormessage", Fact::kMessage},
      {"title", Fact::kTitle},           {"summary", Fact::kTitle},
      {"faultcode", Fact::kCode},        {"errorcode", Fact::kCode},
      {"status", Fact::kStatus},         {"statuscode", Fact::kStatus},
      {"service", Fact::kService},       {"servicename", Fact::kService},
      {"system", Fact::kService},        {"component", Fact::kService},
      {"application", Fact::kService},   {"since", Fact::kSince},
      {"until", Fact::kUntil},           {"retryable", Fact::kTemporary},
      {"recoverable", Fact::kTemporary}, {"temporary", Fact::kTemporary},
      {"transient", Fact::kTemporary},   {"language", Fact::kLanguage},
      {"lang", Fact::kLanguage},         {"locale", Fact::kLanguage},
      {"severity", Fact::kSeverity},     {"level", Fact::kSeverity}};
  for (const auto& [name, fact] : kFields) EXPECT_EQ(fact_named(name), fact) << name;
}

TEST(FaultWordsTest, SplitsBesideTheFirstAndTheLastLetter) {
  EXPECT_THAT(words_of("aB"), ElementsAre("a", "b"));
  EXPECT_THAT(words_of("zA"), ElementsAre("z", "a"));
  EXPECT_THAT(words_of("BAa"), ElementsAre("b", "aa"));
  EXPECT_THAT(words_of("BAz"), ElementsAre("b", "az"));
  EXPECT_THAT(words_of("AB"), ElementsAre("ab"));
  EXPECT_EQ(fact_named("nextRetryafter"), Fact::kSeconds);
  EXPECT_EQ(fact_named("retryafter"), Fact::kSeconds);
  EXPECT_EQ(fitness_of({"NotAvailableMissing"}, {}), 0);
  EXPECT_EQ(fitness_of({"ServiceUnavailableNotFound"}, {"not", "found"}), 0)
      << "words of the request count in any context";
}

}  // namespace
}  // namespace intermission::contract
