#include "contract/field_words.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/text.h"
#include "contract/fault_words.h"

namespace intermission::contract {
namespace {

// Where a name is known by.
enum class Known : std::uint8_t {
  kWhole,    // as the whole name
  kLast,     // in XML also as its last word
  kElement,  // in XML alone, as its last word
};

struct Entry {
  std::string_view name;
  FieldFact fact;
  Known known = Known::kWhole;
};

constexpr std::array kNames = {
    Entry{"message", FieldFact::kMessage, Known::kLast},
    Entry{"messages", FieldFact::kMessage, Known::kLast},
    Entry{"msg", FieldFact::kMessage, Known::kLast},
    Entry{"detail", FieldFact::kMessage, Known::kLast},
    Entry{"details", FieldFact::kMessage, Known::kLast},
    Entry{"description", FieldFact::kMessage, Known::kLast},
    Entry{"reason", FieldFact::kMessage, Known::kLast},
    Entry{"text", FieldFact::kMessage, Known::kLast},
    Entry{"explanation", FieldFact::kMessage, Known::kLast},
    Entry{"faultstring", FieldFact::kMessage, Known::kLast},
    Entry{"errordescription", FieldFact::kMessage},
    Entry{"errordetail", FieldFact::kMessage},
    Entry{"errordetails", FieldFact::kMessage},
    Entry{"errors", FieldFact::kMessage},
    Entry{"title", FieldFact::kTitle, Known::kLast},
    Entry{"summary", FieldFact::kTitle, Known::kLast},
    Entry{"heading", FieldFact::kTitle},
    Entry{"statustext", FieldFact::kTitle},
    Entry{"statusmessage", FieldFact::kTitle},
    Entry{"reasonphrase", FieldFact::kTitle},
    Entry{"status", FieldFact::kStatus, Known::kLast},
    Entry{"statuscode", FieldFact::kStatus, Known::kLast},
    Entry{"httpstatus", FieldFact::kStatus},
    Entry{"httpstatuscode", FieldFact::kStatus},
    Entry{"httpcode", FieldFact::kStatus},
    Entry{"code", FieldFact::kCode, Known::kLast},
    Entry{"errorcode", FieldFact::kCode, Known::kLast},
    Entry{"errcode", FieldFact::kCode},
    Entry{"errorid", FieldFact::kCode},
    Entry{"faultcode", FieldFact::kCode, Known::kLast},
    Entry{"reasoncode", FieldFact::kCode},
    Entry{"type", FieldFact::kType},
    Entry{"errortype", FieldFact::kType},
    Entry{"error", FieldFact::kErrorWord},
    Entry{"service", FieldFact::kService, Known::kLast},
    Entry{"servicename", FieldFact::kService, Known::kLast},
    Entry{"retryafter", FieldFact::kSeconds},
    Entry{"retryafterseconds", FieldFact::kSeconds},
    Entry{"retryafters", FieldFact::kSeconds},
    Entry{"retryaftersec", FieldFact::kSeconds},
    Entry{"retryin", FieldFact::kSeconds},
    Entry{"retryinseconds", FieldFact::kSeconds},
    Entry{"waitseconds", FieldFact::kSeconds},
    Entry{"retryafterms", FieldFact::kMillis},
    Entry{"retryaftermillis", FieldFact::kMillis},
    Entry{"retryaftermilliseconds", FieldFact::kMillis},
    Entry{"timestamp", FieldFact::kNow},
    Entry{"timestampms", FieldFact::kNow},
    Entry{"timestampmillis", FieldFact::kNow},
    Entry{"time", FieldFact::kNow},
    Entry{"timems", FieldFact::kNow},
    Entry{"timemillis", FieldFact::kNow},
    Entry{"datetime", FieldFact::kNow},
    Entry{"occurredat", FieldFact::kNow},
    Entry{"since", FieldFact::kSince, Known::kLast},
    Entry{"startsat", FieldFact::kSince},
    Entry{"maintenancestart", FieldFact::kSince},
    Entry{"until", FieldFact::kUntil, Known::kLast},
    Entry{"endsat", FieldFact::kUntil},
    Entry{"maintenanceend", FieldFact::kUntil},
    Entry{"path", FieldFact::kPath},
    Entry{"instance", FieldFact::kPath},
    Entry{"requestpath", FieldFact::kPath},
    Entry{"requesturi", FieldFact::kPath},
    Entry{"requestid", FieldFact::kRequestId},
    Entry{"xrequestid", FieldFact::kRequestId},
    Entry{"correlationid", FieldFact::kRequestId},
    Entry{"xcorrelationid", FieldFact::kRequestId},
    Entry{"traceid", FieldFact::kTraceId},
    Entry{"success", FieldFact::kSuccess},
    Entry{"ok", FieldFact::kSuccess},
    Entry{"succeeded", FieldFact::kSuccess},
    Entry{"issuccess", FieldFact::kSuccess},
    Entry{"available", FieldFact::kSuccess},
    Entry{"retryable", FieldFact::kTemporary, Known::kLast},
    Entry{"isretryable", FieldFact::kTemporary},
    Entry{"temporary", FieldFact::kTemporary, Known::kLast},
    Entry{"istemporary", FieldFact::kTemporary},
    Entry{"transient", FieldFact::kTemporary, Known::kLast},
    Entry{"iserror", FieldFact::kTemporary},
    Entry{"haserror", FieldFact::kTemporary},
    Entry{"maintenance", FieldFact::kTemporary},
    Entry{"language", FieldFact::kLanguage, Known::kLast},
    Entry{"lang", FieldFact::kLanguage, Known::kLast},
    Entry{"locale", FieldFact::kLanguage, Known::kLast},
    Entry{"errormessage", FieldFact::kMessage, Known::kElement},
    Entry{"system", FieldFact::kService, Known::kElement},
    Entry{"component", FieldFact::kService, Known::kElement},
    Entry{"application", FieldFact::kService, Known::kElement},
    Entry{"recoverable", FieldFact::kTemporary, Known::kElement},
    Entry{"severity", FieldFact::kSeverity, Known::kElement},
    Entry{"level", FieldFact::kSeverity, Known::kElement},
};

// "retryMillis", "waitSeconds"; "retryafter" without any border.
FieldFact wait_named(std::string_view last, bool is_wait) {
  if (last == "retryafter") return FieldFact::kSeconds;
  if (!is_wait) return FieldFact::kNone;
  if (last == "millis" || last == "milliseconds" || last == "ms") return FieldFact::kMillis;
  const bool is_seconds = last == "after" || last == "seconds" || last == "wait" ||
                          last == "delay" || last == "interval" || last == "in";
  return is_seconds ? FieldFact::kSeconds : FieldFact::kNone;
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

}  // namespace

std::string squashed(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (base::is_alpha(c) || base::is_digit(c)) out += base::ascii_lower(c);
  }
  return out;
}

FieldFact fact_of_field(std::string_view name) {
  const std::string word = squashed(name);
  for (const Entry& entry : kNames) {
    if (entry.name == word && entry.known != Known::kElement) return entry.fact;
  }
  // "userMessage", "error_msg"; "http_status_code".
  if (word.ends_with("message") || word.ends_with("messages") || word.ends_with("msg")) {
    return FieldFact::kMessage;
  }
  if (word.ends_with("statuscode")) return FieldFact::kStatus;
  if (word.ends_with("errorcode")) return FieldFact::kCode;
  for (const std::string_view id :
       {"requestid", "correlationid", "debugid", "trackingid", "logref"}) {
    if (word.ends_with(id)) return FieldFact::kRequestId;
  }
  if (word.ends_with("traceid")) return FieldFact::kTraceId;
  return FieldFact::kNone;
}

FieldFact fact_of_element(std::string_view name) {
  const std::vector<std::string> words = words_of(name);
  if (words.empty()) return FieldFact::kNone;
  const auto holds = [&](std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  const std::string& last = words.back();
  if (const FieldFact wait = wait_named(last, holds("retry") || holds("wait") || holds("backoff"));
      wait != FieldFact::kNone) {
    return wait;
  }
  if (last == "code" && (holds("status") || holds("http"))) return FieldFact::kStatus;
  for (const Entry& entry : kNames) {
    if (entry.name == last && entry.known != Known::kWhole) return entry.fact;
  }
  if (words.size() == 1 && (last == "error" || last == "fault")) return FieldFact::kMessage;
  if (holds("maintenance") || holds("outage") || holds("downtime")) {
    if (last == "start" || last == "from" || last == "begin") return FieldFact::kSince;
    if (last == "end" || last == "to") return FieldFact::kUntil;
  }
  return fact_of_field(name);
}

bool may_hold_message(std::string_view name) {
  constexpr std::array<std::string_view, 13> kEndings = {
      "label",   "value", "content", "note", "info",        "cause", "comment",
      "problem", "body",  "remark",  "hint", "explanation", "string"};
  const std::string word = squashed(name);
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return word.ends_with(ending); });
}

bool names_something_else(std::string_view name) {
  constexpr std::array<std::string_view, 24> kEndings = {
      "id",       "url",     "uri",   "href", "link",     "date",    "at",    "time",
      "name",     "email",   "token", "key",  "version",  "type",    "state", "status",
      "currency", "country", "hash",  "path", "language", "address", "code",  "number"};
  const auto words = words_of(name);
  return words.empty() ||
         std::find(kEndings.begin(), kEndings.end(), words.back()) != kEndings.end();
}

bool names_milliseconds(std::string_view name) {
  const std::string word = squashed(name);
  return word.ends_with("ms") || word.ends_with("millis") || word.ends_with("milliseconds");
}

std::string code_spelled_like(std::string_view model) {
  const auto any = [&](bool (*is)(char)) { return std::any_of(model.begin(), model.end(), is); };
  const bool lower = any(is_lower);
  const bool upper = any(is_upper);
  if (!lower && !upper && any(base::is_digit)) return "503";
  if (model.find(' ') != std::string_view::npos) {
    return upper ? "Service Unavailable" : "service unavailable";
  }
  if (model.find('-') != std::string_view::npos) {
    return upper ? "SERVICE-UNAVAILABLE" : "service-unavailable";
  }
  if (!lower) return "SERVICE_UNAVAILABLE";
  if (!upper) return "service_unavailable";
  return is_lower(model.front()) ? "serviceUnavailable" : "ServiceUnavailable";
}

}  // namespace intermission::contract
