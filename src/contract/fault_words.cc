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
// Words that mean just a fault, of any kind.
constexpr std::array<std::string_view, 28> kPlain = {
    "fault",    "faults", "exception", "exceptions", "error",   "errors",  "failure",
    "response", "detail", "details",   "info",       "message", "msg",     "type",
    "element",  "api",    "soap",      "web",        "ws",      "general", "generic",
    "common",   "base",   "default",   "standard",   "data",    "of",      "the"};

bool holds(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Behind another letter.
bool begins_word(std::string_view name, std::size_t at) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (!is_upper(name[at])) return false;
  if (is_lower(name[at - 1])) return true;
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

}  // namespace intermission::contract
