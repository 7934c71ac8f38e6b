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

}  // namespace
}  // namespace intermission::contract
