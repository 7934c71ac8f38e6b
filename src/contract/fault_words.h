// What names tell: whether a declared fault is one that a service in maintenance may truthfully
// raise. By the words in the names, in any style: "ServiceUnavailableFault", "service_unavailable".
// Which fact belongs into a field of it: see field_words.h.
#pragma once

#include <initializer_list>
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

}  // namespace intermission::contract
