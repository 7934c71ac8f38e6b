// What names tell: whether a declared fault is one that a service in maintenance may truthfully
// raise, and which fact a field of it wants to hear. By the words in the names, in any style:
// "ServiceUnavailableFault", "service_unavailable", "errorMessage".
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intermission::contract {

/// "HTTPErrorCode2" → "http", "error", "code". Digits and signs only divide.
std::vector<std::string> words_of(std::string_view name);

/// How well a fault of these names says that a service is down: 0 not at all ("NotFound",
/// "InvalidInput"), 1 it says nothing more than that something went wrong ("OrdersFault"),
/// 2 that it is the service's own failure, 3 that it is not available. Words that `context`
/// knows (the names of service, port type and operation) say nothing.
int fitness_of(std::initializer_list<std::string_view> names,
               const std::vector<std::string>& context);

enum class Fact : std::uint8_t {
  kMessage,
  kTitle,
  kCode,    // a short name or number for what is wrong
  kStatus,  // 503
  kService,
  kSeconds,  // to wait
  kMillis,   // to wait
  kSince,
  kUntil,
  kTemporary,  // whether trying again helps: it does
  kLanguage,
  kSeverity,
};

/// What a field of that name wants to hear, if it is a known one.
std::optional<Fact> fact_named(std::string_view name);

}  // namespace intermission::contract
