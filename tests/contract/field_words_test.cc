#include "contract/field_words.h"

#include <gtest/gtest.h>

#include <string_view>

namespace intermission::contract {
namespace {

TEST(FieldWords, NamesAreOneInEveryCaseStyle) {
  for (const char* name :
       {"retryAfter", "retry_after", "Retry-After", "RETRY AFTER", "retryafter"}) {
    EXPECT_EQ(fact_of_field(name), FieldFact::kSeconds) << name;
  }
  EXPECT_EQ(squashed("X-Zebra_9"), "xzebra9");
  EXPECT_EQ(fact_of_field(""), FieldFact::kNone);
  EXPECT_EQ(fact_of_field("orderId"), FieldFact::kNone);
}

TEST(FieldWords, AnEndingTellsWhatALongNameIs) {
  EXPECT_EQ(fact_of_field("userMessage"), FieldFact::kMessage);
  EXPECT_EQ(fact_of_field("developer_msg"), FieldFact::kMessage);
  EXPECT_EQ(fact_of_field("upstreamStatusCode"), FieldFact::kStatus);
  EXPECT_EQ(fact_of_field("internal_error_code"), FieldFact::kCode);
  EXPECT_EQ(fact_of_field("messageId"), FieldFact::kNone);
  EXPECT_EQ(fact_of_field("zipCode"), FieldFact::kNone);
}

TEST(FieldWords, MillisecondsAreNamedAtTheEnd) {
  for (const char* name : {"timestampMs", "time_millis", "TIME-MILLISECONDS"}) {
    EXPECT_TRUE(names_milliseconds(name)) << name;
  }
  for (const char* name : {"timestamp", "msTime", "millisecondsLeft", "seconds"}) {
    EXPECT_FALSE(names_milliseconds(name)) << name;
  }
}

struct Spelled {
  std::string_view model;
  std::string_view code;
};

TEST(FieldWords, ACodeIsSpelledLikeTheOthersOfItsApi) {
  for (const auto& [model, code] : {
           Spelled{"NOT_FOUND", "SERVICE_UNAVAILABLE"},
           Spelled{"AZ", "SERVICE_UNAVAILABLE"},
           Spelled{"not_found", "service_unavailable"},
           Spelled{"az", "service_unavailable"},
           Spelled{"notFound", "serviceUnavailable"},
           Spelled{"NotFound", "ServiceUnavailable"},
           Spelled{"zZ", "serviceUnavailable"},
           Spelled{"Aa", "ServiceUnavailable"},
           Spelled{"not-found", "service-unavailable"},
           Spelled{"NOT-FOUND", "SERVICE-UNAVAILABLE"},
           Spelled{"not found", "service unavailable"},
           Spelled{"Not Found", "Service Unavailable"},
           Spelled{"404", "503"},
           Spelled{"E404", "SERVICE_UNAVAILABLE"},
           Spelled{"e404", "service_unavailable"},
           Spelled{"", "SERVICE_UNAVAILABLE"},
       }) {
    EXPECT_EQ(code_spelled_like(model), code) << model;
  }
}

TEST(FieldWords, SpellsACodeByTheLettersOfItsModel) {
  EXPECT_EQ(code_spelled_like("a"), "service_unavailable");
  EXPECT_EQ(code_spelled_like("Z"), "SERVICE_UNAVAILABLE");
  EXPECT_EQ(code_spelled_like("{~[`@"), "SERVICE_UNAVAILABLE") << "neither letters nor digits";
  EXPECT_EQ(code_spelled_like("9"), "503");
  EXPECT_EQ(code_spelled_like("9{"), "503");
  EXPECT_EQ(code_spelled_like("9a"), "service_unavailable");
  EXPECT_EQ(code_spelled_like("9Z"), "SERVICE_UNAVAILABLE");
  EXPECT_EQ(code_spelled_like("az AZ"), "Service Unavailable");
  EXPECT_EQ(code_spelled_like("zA"), "serviceUnavailable");
  EXPECT_EQ(code_spelled_like("Az"), "ServiceUnavailable");
  EXPECT_EQ(code_spelled_like("A-Z"), "SERVICE-UNAVAILABLE");
  EXPECT_EQ(code_spelled_like("a-z"), "service-unavailable");
  EXPECT_EQ(code_spelled_like("a z"), "service unavailable");
}

TEST(ElementWords, KnowsFieldsByTheirNames) {
  EXPECT_EQ(fact_of_element("errorMessage"), FieldFact::kMessage);
  EXPECT_EQ(fact_of_element("ERROR_CODE"), FieldFact::kCode);
  EXPECT_EQ(fact_of_element("httpStatusCode"), FieldFact::kStatus);
  EXPECT_EQ(fact_of_element("RetryAfter"), FieldFact::kSeconds);
  EXPECT_EQ(fact_of_element("retryAfterSeconds"), FieldFact::kSeconds);
  EXPECT_EQ(fact_of_element("retryAfterMillis"), FieldFact::kMillis);
  EXPECT_EQ(fact_of_element("maintenanceEnd"), FieldFact::kUntil);
  EXPECT_EQ(fact_of_element("orderId"), FieldFact::kNone);
  EXPECT_EQ(fact_of_element("_7"), FieldFact::kNone);
  EXPECT_EQ(fact_of_element("httpCode"), FieldFact::kStatus);
  EXPECT_EQ(fact_of_element("code"), FieldFact::kCode);
}

TEST(ElementWords, KnowsHowToNameAWait) {
  for (const char* name :
       {"retryAfter", "RETRY_SECONDS", "retryDelay", "retryInterval", "retry-in", "waitSeconds",
        "retryWait", "backoffSeconds", "retryafter", "nextRetryAfter"}) {
    EXPECT_EQ(fact_of_element(name), FieldFact::kSeconds) << name;
  }
  for (const char* name : {"retryMillis", "waitMilliseconds", "backoffMs"}) {
    EXPECT_EQ(fact_of_element(name), FieldFact::kMillis) << name;
  }
  for (const char* name : {"retryCount", "seconds", "ms", "delay", "retry"}) {
    EXPECT_EQ(fact_of_element(name), FieldFact::kNone) << name;
  }
}

TEST(ElementWords, KnowsHowToNameAWindow) {
  for (const char* name : {"maintenanceStart", "plannedMaintenanceStart", "outageStart",
                           "outageFrom", "downtimeBegin", "validSince"}) {
    EXPECT_EQ(fact_of_element(name), FieldFact::kSince) << name;
  }
  for (const char* name :
       {"maintenanceEnd", "plannedMaintenanceEnd", "outageTo", "downtime_end", "closedUntil"}) {
    EXPECT_EQ(fact_of_element(name), FieldFact::kUntil) << name;
  }
  for (const char* name : {"start", "lineEnd", "maintenanceOwner"}) {
    EXPECT_EQ(fact_of_element(name), FieldFact::kNone) << name;
  }
}

TEST(ElementWords, AnErrorIsAMessageWhereItIsTheWholeName) {
  EXPECT_EQ(fact_of_element("error"), FieldFact::kMessage);
  EXPECT_EQ(fact_of_element("Fault"), FieldFact::kMessage);
  EXPECT_EQ(fact_of_element("orderError"), FieldFact::kNone);
}

TEST(ElementWords, ACodeIsOfTheStatusOnlyWhereItsNameSaysSo) {
  EXPECT_EQ(fact_of_element("statusText"), FieldFact::kMessage);
  EXPECT_EQ(fact_of_element("httpReason"), FieldFact::kMessage);
  EXPECT_EQ(fact_of_element("statusCode"), FieldFact::kStatus);
  EXPECT_EQ(fact_of_element("orderCode"), FieldFact::kCode);
  EXPECT_EQ(fact_of_element("http"), FieldFact::kNone);
}

TEST(ElementWords, KnowsEveryNameOfAField) {
  const std::pair<const char*, FieldFact> kFields[] = {
      {"messages", FieldFact::kMessage},      {"msg", FieldFact::kMessage},
      {"text", FieldFact::kMessage},          {"details", FieldFact::kMessage},
      {"description", FieldFact::kMessage},   {"explanation", FieldFact::kMessage},
      {"faultstring", FieldFact::kMessage},   {"errormessage", FieldFact::kMessage},
      {"title", FieldFact::kTitle},           {"summary", FieldFact::kTitle},
      {"faultcode", FieldFact::kCode},        {"errorcode", FieldFact::kCode},
      {"status", FieldFact::kStatus},         {"statuscode", FieldFact::kStatus},
      {"service", FieldFact::kService},       {"servicename", FieldFact::kService},
      {"system", FieldFact::kService},        {"component", FieldFact::kService},
      {"application", FieldFact::kService},   {"since", FieldFact::kSince},
      {"until", FieldFact::kUntil},           {"retryable", FieldFact::kTemporary},
      {"recoverable", FieldFact::kTemporary}, {"temporary", FieldFact::kTemporary},
      {"transient", FieldFact::kTemporary},   {"language", FieldFact::kLanguage},
      {"lang", FieldFact::kLanguage},         {"locale", FieldFact::kLanguage},
      {"severity", FieldFact::kSeverity},     {"level", FieldFact::kSeverity}};
  for (const auto& [name, fact] : kFields) EXPECT_EQ(fact_of_element(name), fact) << name;
}

TEST(ElementWords, TheLastWordTells) {
  EXPECT_EQ(fact_of_element("nextRetryafter"), FieldFact::kSeconds);
  EXPECT_EQ(fact_of_element("retryafter"), FieldFact::kSeconds);
}

// What JSON knows by its whole name, XML knows as well.
TEST(ElementWords, TheDictionaryIsThatOfMembers) {
  for (const char* name : {"timestamp", "path", "requestId", "trace-id", "success", "type",
                           "occurredAt", "errorId", "reasonPhrase"}) {
    EXPECT_NE(fact_of_field(name), FieldFact::kNone) << name;
    EXPECT_EQ(fact_of_element(name), fact_of_field(name)) << name;
  }
  for (const char* name :
       {"severity", "level", "system", "component", "orderCode", "faultReason"}) {
    EXPECT_EQ(fact_of_field(name), FieldFact::kNone) << name;
    EXPECT_NE(fact_of_element(name), FieldFact::kNone) << name;
  }
}

TEST(FieldWords, ANameWithoutLettersIsNoPlaceForAText) {
  for (const char* name : {"", "42", "_"}) EXPECT_TRUE(names_something_else(name)) << name;
  EXPECT_TRUE(names_something_else("orderId"));
  EXPECT_FALSE(names_something_else("reason"));
}

}  // namespace
}  // namespace intermission::contract
