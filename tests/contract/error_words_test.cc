#include "contract/error_words.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string_view>

namespace intermission::contract {
namespace {

TEST(ErrorWords, TheBestIsWhatSaysThatTheServiceIsDown) {
  const std::initializer_list<std::string_view> from_best = {
      "SERVICE_UNAVAILABLE", "temporary_error", "gateway_timeout",
      "internal_error",      "unknown_error",   "api_error"};
  int last = 100;
  for (const std::string_view word : from_best) {
    EXPECT_LT(fitness_of_word(word), last) << word;
    EXPECT_GT(fitness_of_word(word), 0) << word;
    last = fitness_of_word(word);
  }
}

TEST(ErrorWords, WhatSomebodyPlannedIsMaintenance) {
  for (const std::string_view text :
       {"MAINTENANCE", "underMaintenance", "UNDERMAINTENANCE", "maint", "PLANNED_DOWNTIME",
        "scheduled-outage", "We are down for maintenance"}) {
    EXPECT_TRUE(speaks_of_maintenance(text)) << text;
  }
  for (const std::string_view text :
       {"SERVICE_UNAVAILABLE", "unplanned", "reschedule", "main", ""}) {
    EXPECT_FALSE(speaks_of_maintenance(text)) << text;
  }
}

TEST(ErrorWords, ATemporaryErrorOfSomethingUnknownGoesBeforeATimeout) {
  EXPECT_EQ(fitness_of_word("temporary_frobnication"), 6);
  EXPECT_EQ(fitness_of_word("gateway_timeout"), 5);
  EXPECT_EQ(fitness_of_word("frobnication_timeout"), 3);
}

TEST(ErrorWords, AStyleChangesNothing) {
  for (const std::string_view word :
       {"ServiceUnavailable", "service-unavailable", "Service Unavailable", "SERVICEUNAVAILABLE",
        "serviceunavailable", "service.not_available", "SERVICE_NOT_AVAILABLE"}) {
    EXPECT_EQ(fitness_of_word(word), 9) << word;
  }
  for (const std::string_view word : {"InternalServerError", "INTERNALSERVERERROR"}) {
    EXPECT_EQ(fitness_of_word(word), 4) << word;
  }
  EXPECT_EQ(fitness_of_word("DueToOutage"), 9);
  EXPECT_EQ(fitness_of_word("DUETOOUTAGE"), 9) << "it could begin with \"too\", but for its end";
  EXPECT_EQ(fitness_of_word("timeOut"), fitness_of_word("TIMEOUT"));
}

TEST(ErrorWords, WhatIsOfTheClientIsNotOfTheService) {
  for (const std::string_view word :
       {"NOT_FOUND", "notfound", "Token expired", "Token missing", "account_suspended",
        "AUTH_SERVICE_UNAVAILABLE", "unknown_account", "unknown_parameter", "INVALID_SERVER_NAME",
        "card_error", "rate_limit_exceeded", "ValidationFailed", "BADREQUEST", "not_authed",
        "Invalid authentication method", "quota limit", "file_deleted", "account_inactive"}) {
    EXPECT_LT(fitness_of_word(word), 0) << word;
  }
}

TEST(ErrorWords, ThatAllIsWellIsTheWorst) {
  for (const std::string_view word : {"OK", "success", "ACTIVE", "200", "completed"}) {
    EXPECT_LT(fitness_of_word(word), fitness_of_word("NOT_FOUND")) << word;
  }
  EXPECT_GT(fitness_of_word("unsuccessful"), 0);
}

TEST(ErrorWords, AWordThatMayMeanAnythingSaysNothing) {
  for (const std::string_view word : {"", "bespoke", "tuesday", "orders_error", "E17", "a"}) {
    EXPECT_EQ(fitness_of_word(word), 0) << word;
  }
  EXPECT_EQ(fitness_of_word("SERVICE_AVAILABLE"), 0) << "but for a \"not\" before it";
  EXPECT_LT(fitness_of_word("kms_internal_error"), fitness_of_word("internal_error"));
  EXPECT_LT(fitness_of_word("kms_unavailable"), fitness_of_word("service_unavailable"));
}

TEST(ErrorWords, WholeSentencesAreUnderstood) {
  EXPECT_EQ(fitness_of_word("The service is currently unavailable. Please try again later."), 9);
  EXPECT_EQ(fitness_of_word("Something went wrong"), 2);
  EXPECT_EQ(fitness_of_word("We could not process your request"), 2);
  EXPECT_LT(fitness_of_word("Could not find a user with that name"), 0);
  EXPECT_EQ(fitness_of_word("it was the 404th house on the left, said she"), 0)
      << "a number in a sentence is of anything";
}

TEST(ErrorWords, ANumberIsAStatusOrBeginsWithOne) {
  EXPECT_EQ(fitness_of_number(503), 9);
  EXPECT_EQ(fitness_of_number(50301), 8);
  EXPECT_EQ(fitness_of_number(503001), 8);
  EXPECT_EQ(fitness_of_number(500), 4);
  EXPECT_EQ(fitness_of_number(504), 4);
  EXPECT_EQ(fitness_of_number(505), 2);
  EXPECT_EQ(fitness_of_number(599), 2);
  EXPECT_EQ(fitness_of_number(600), 0);
  EXPECT_EQ(fitness_of_number(499), -5);
  EXPECT_EQ(fitness_of_number(400), -5);
  EXPECT_EQ(fitness_of_number(399), 0);
  EXPECT_EQ(fitness_of_number(299), -9);
  EXPECT_EQ(fitness_of_number(200), -9);
  EXPECT_EQ(fitness_of_number(199), 0);
  EXPECT_EQ(fitness_of_number(40401), 0);
  EXPECT_EQ(fitness_of_number(5030), 0) << "of four digits none is known";
  EXPECT_EQ(fitness_of_number(5030000), 0);
  EXPECT_EQ(fitness_of_word("E503"), 9);
  EXPECT_EQ(fitness_of_word("HTTP 404"), -5);
  EXPECT_EQ(fitness_of_word("Error 503, not 15031"), -5) << "by its words";
  EXPECT_EQ(fitness_of_word("15031"), 0) << "503 stands inside of another number";
}

}  // namespace
}  // namespace intermission::contract
