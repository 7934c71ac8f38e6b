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
}

}  // namespace
}  // namespace intermission::contract
