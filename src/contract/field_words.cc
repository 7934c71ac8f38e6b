#include "contract/field_words.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "contract/fault_words.h"

namespace intermission::contract {
namespace {

using Entry = std::pair<std::string_view, FieldFact>;

constexpr std::array kNames = {
    Entry{"message", FieldFact::kMessage},
    Entry{"messages", FieldFact::kMessage},
    Entry{"msg", FieldFact::kMessage},
    Entry{"detail", FieldFact::kMessage},
    Entry{"details", FieldFact::kMessage},
    Entry{"description", FieldFact::kMessage},
    Entry{"reason", FieldFact::kMessage},
    Entry{"text", FieldFact::kMessage},
    Entry{"explanation", FieldFact::kMessage},
    Entry{"faultstring", FieldFact::kMessage},
    Entry{"errordescription", FieldFact::kMessage},
    Entry{"errordetail", FieldFact::kMessage},
    Entry{"errordetails", FieldFact::kMessage},
    Entry{"errors", FieldFact::kMessage},
    Entry{"title", FieldFact::kTitle},
    Entry{"summary", FieldFact::kTitle},
    Entry{"heading", FieldFact::kTitle},
    Entry{"statustext", FieldFact::kTitle},
    Entry{"statusmessage", FieldFact::kTitle},
    Entry{"reasonphrase", FieldFact::kTitle},
    Entry{"status", FieldFact::kStatus},
    Entry{"statuscode", FieldFact::kStatus},
    Entry{"httpstatus", FieldFact::kStatus},
    Entry{"httpstatuscode", FieldFact::kStatus},
    Entry{"httpcode", FieldFact::kStatus},
    Entry{"code", FieldFact::kCode},
    Entry{"errorcode", FieldFact::kCode},
    Entry{"errcode", FieldFact::kCode},
    Entry{"errorid", FieldFact::kCode},
    Entry{"faultcode", FieldFact::kCode},
    Entry{"reasoncode", FieldFact::kCode},
    Entry{"type", FieldFact::kType},
    Entry{"errortype", FieldFact::kType},
    Entry{"error", FieldFact::kErrorWord},
    Entry{"service", FieldFact::kService},
    Entry{"servicename", FieldFact::kService},
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
    Entry{"since", FieldFact::kSince},
    Entry{"startsat", FieldFact::kSince},
    Entry{"maintenancestart", FieldFact::kSince},
    Entry{"until", FieldFact::kUntil},
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
    Entry{"retryable", FieldFact::kTemporary},
    Entry{"isretryable", FieldFact::kTemporary},
    Entry{"temporary", FieldFact::kTemporary},
    Entry{"istemporary", FieldFact::kTemporary},
    Entry{"transient", FieldFact::kTemporary},
    Entry{"iserror", FieldFact::kTemporary},
    Entry{"haserror", FieldFact::kTemporary},
    Entry{"maintenance", FieldFact::kTemporary},
    Entry{"language", FieldFact::kLanguage},
    Entry{"lang", FieldFact::kLanguage},
    Entry{"locale", FieldFact::kLanguage},
};

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
  for (const auto& [known, fact] : kNames) {
    if (known == word) return fact;
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
