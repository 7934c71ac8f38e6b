// Which fact a member of an error body, or an element of a fault, stands for, by its name in any
// case style: "retryAfter", "retry_after" and "Retry-After" are one name. One dictionary serves
// both kinds of contract.
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
  kSeverity,
};

/// Of a member of JSON, by its whole name: errors have many members, and few are meant.
FieldFact fact_of_field(std::string_view name);

/// Of an element or an attribute of XML: by the last word of its name, where that is one of a few
/// ("orderCode", "faultReason"), by the words for a wait or a window ("nextRetryAfter",
/// "maintenanceEnd"), else as above. A fault's fields are few, and most of them are meant.
FieldFact fact_of_element(std::string_view name);

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
