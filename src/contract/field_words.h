// What the members of an error body want to hear, by their names in any case style: "retryAfter",
// "retry_after" and "Retry-After" are one name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace intermission::contract {

enum class FieldFact : std::uint8_t {
  kNone,
  kMessage,    // for people
  kTitle,      // the phrase of the status
  kStatus,     // 503
  kCode,       // a name or number for what is wrong
  kType,       // what kind of problem it is
  kErrorWord,  // a phrase or a code, whichever its neighbours leave to it
  kService,
  kSeconds,  // to wait
  kMillis,   // to wait
  kNow,
  kSince,
  kUntil,
  kPath,  // of the request
  kRequestId,
  kTraceId,
  kSuccess,    // a flag that is false now
  kTemporary,  // a flag that is true now
  kLanguage,
};

FieldFact fact_of_field(std::string_view name);

/// Whether a member of that name may hold a sentence, where no other does: "label", "value",
/// "content".
bool may_hold_message(std::string_view name);

/// Whether a name says that its text is none for people: "userId", "self_link", "created_at".
bool names_something_else(std::string_view name);

/// Whether a member's name says that it counts milliseconds: "timestampMs", "time_millis".
bool names_milliseconds(std::string_view name);

/// Lower case letters and digits only: how names are compared.
std::string squashed(std::string_view name);

/// "service unavailable" spelled as `model` is: SERVICE_UNAVAILABLE, ServiceUnavailable,
/// service-unavailable, "Service Unavailable"; 503 where the model holds digits only.
std::string code_spelled_like(std::string_view model);

}  // namespace intermission::contract
