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

TEST(FaultWordsTest, SplitsBesideTheFirstAndTheLastLetter) {
  EXPECT_THAT(words_of("aB"), ElementsAre("a", "b"));
  EXPECT_THAT(words_of("zA"), ElementsAre("z", "a"));
  EXPECT_THAT(words_of("BAa"), ElementsAre("b", "aa"));
  EXPECT_THAT(words_of("BAz"), ElementsAre("b", "az"));
  EXPECT_THAT(words_of("AB"), ElementsAre("ab"));
  EXPECT_EQ(fitness_of({"NotAvailableMissing"}, {}), 0);
  EXPECT_EQ(fitness_of({"ServiceUnavailableNotFound"}, {"not", "found"}), 0)
      << "words of the request count in any context";
}

}  // namespace
}  // namespace intermission::contract
