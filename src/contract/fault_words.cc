#include "contract/fault_words.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace intermission::contract {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The request's fault, or a person's: a service in maintenance did not look at either.
constexpr std::array<std::string_view, 54> kOfTheRequest = {"access",
                                                            "account",
                                                            "already",
                                                            "argument",
                                                            "auth",
                                                            "authentication",
                                                            "authorisation",
                                                            "authorization",
                                                            "bad",
                                                            "business",
                                                            "client",
                                                            "conflict",
                                                            "credentials",
                                                            "denied",
                                                            "disabled",
                                                            "duplicate",
                                                            "empty",
                                                            "entity",
                                                            "exceeded",
                                                            "exists",
                                                            "expired",
                                                            "failed",
                                                            "forbidden",
                                                            "format",
                                                            "found",
                                                            "illegal",
                                                            "incorrect",
                                                            "input",
                                                            "invalid",
                                                            "item",
                                                            "limit",
                                                            "locked",
                                                            "login",
                                                            "malformed",
                                                            "missing",
                                                            "must",
                                                            "no",
                                                            "not",
                                                            "parameter",
                                                            "parse",
                                                            "permission",
                                                            "policy",
                                                            "quota",
                                                            "range",
                                                            "record",
                                                            "rejected",
                                                            "schema",
                                                            "security",
                                                            "sender",
                                                            "syntax",
                                                            "token",
                                                            "unauthorized",
                                                            "unknown",
                                                            "validation"};
constexpr std::array<std::string_view, 9> kUnavailable = {
    "unavailable", "maintenance", "outage",     "down",     "offline",
    "downtime",    "overload",    "overloaded", "suspended"};
constexpr std::array<std::string_view, 16> kOfTheService = {
    "service",   "server", "system",    "technical", "internal",       "unexpected",
    "runtime",   "remote", "backend",   "temporary", "infrastructure", "processing",
    "operation", "retry",  "transient", "busy"};
// Words that say no more than that there is a fault.
constexpr std::array<std::string_view, 28> kPlain = {
    "fault",    "faults", "exception", "exceptions", "error",   "errors",  "failure",
    "response", "detail", "details",   "info",       "message", "msg",     "type",
    "element",  "api",    "soap",      "web",        "ws",      "general", "generic",
    "common",   "base",   "default",   "standard",   "data",    "of",      "the"};

struct Known {
  std::string_view word;
  Fact fact;
};

// By the last word of a name; then by any, where the last says nothing.
constexpr std::array kLastWords = {
    Known{"message", Fact::kMessage},       Known{"messages", Fact::kMessage},
    Known{"msg", Fact::kMessage},           Known{"text", Fact::kMessage},
    Known{"detail", Fact::kMessage},        Known{"details", Fact::kMessage},
    Known{"description", Fact::kMessage},   Known{"reason", Fact::kMessage},
    Known{"explanation", Fact::kMessage},   Known{"faultstring", Fact::kMessage},
    Known{"errormessage", Fact::kMessage},  Known{"title", Fact::kTitle},
    Known{"summary", Fact::kTitle},         Known{"code", Fact::kCode},
    Known{"faultcode", Fact::kCode},        Known{"errorcode", Fact::kCode},
    Known{"status", Fact::kStatus},         Known{"statuscode", Fact::kStatus},
    Known{"service", Fact::kService},       Known{"servicename", Fact::kService},
    Known{"system", Fact::kService},        Known{"component", Fact::kService},
    Known{"application", Fact::kService},   Known{"since", Fact::kSince},
    Known{"until", Fact::kUntil},           Known{"retryable", Fact::kTemporary},
    Known{"recoverable", Fact::kTemporary}, Known{"temporary", Fact::kTemporary},
    Known{"transient", Fact::kTemporary},   Known{"language", Fact::kLanguage},
    Known{"lang", Fact::kLanguage},         Known{"locale", Fact::kLanguage},
    Known{"severity", Fact::kSeverity},     Known{"level", Fact::kSeverity},
};

bool holds(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool begins_word(std::string_view name, std::size_t at) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (!is_upper(name[at])) return false;
  if (at == 0 || is_lower(name[at - 1])) return true;
  return at + 1 < name.size() && is_lower(name[at + 1]);  // the E of "HTTPError"
}

}  // namespace

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  bool open = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!base::is_alpha(name[i])) {
      open = false;
      continue;
    }
    if (!open || begins_word(name, i)) words.emplace_back();
    open = true;
    words.back() += base::ascii_lower(name[i]);
  }
  return words;
}

int fitness_of(std::initializer_list<std::string_view> names,
               const std::vector<std::string>& context) {
  int fitness = 1;
  for (const std::string_view name : names) {
    const std::vector<std::string> words = words_of(name);
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string& word = words[i];
      const bool not_available =
          word == "not" && i + 1 < words.size() && words[i + 1] == "available";
      if (not_available || is_one_of(word, kUnavailable)) {
        i += not_available ? 1 : 0;
        fitness = 3;
      } else if (is_one_of(word, kOfTheRequest)) {
        return 0;
      } else if (is_one_of(word, kOfTheService)) {
        fitness = std::max(fitness, 2);
      } else if (!is_one_of(word, kPlain) && !holds(context, word)) {
        return 0;  // a word that this table does not know may say anything
      }
    }
  }
  return fitness;
}

std::optional<Fact> fact_named(std::string_view name) {
  const std::vector<std::string> words = words_of(name);
  if (words.empty()) return {};
  const bool retry = holds(words, "retry") || holds(words, "wait") || holds(words, "backoff");
  const std::string& last = words.back();
  if (retry && (last == "millis" || last == "milliseconds" || last == "ms")) return Fact::kMillis;
  if (retry && (last == "after" || last == "seconds" || last == "wait" || last == "delay" ||
                last == "interval" || last == "in")) {
    return Fact::kSeconds;
  }
  if (last == "retryafter") return Fact::kSeconds;
  if (last == "code" && (holds(words, "status") || holds(words, "http"))) {
    return Fact::kStatus;
  }
  for (const Known& known : kLastWords) {
    if (known.word == last) return known.fact;
  }
  if (words.size() == 1 && (last == "error" || last == "fault")) return Fact::kMessage;
  if (holds(words, "maintenance") || holds(words, "outage") || holds(words, "downtime")) {
    if (last == "start" || last == "from" || last == "begin") return Fact::kSince;
    if (last == "end" || last == "to") return Fact::kUntil;
  }
  return {};
}

}  // namespace intermission::contract
