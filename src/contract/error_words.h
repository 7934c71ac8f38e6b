// How well the words that an API uses for its errors say that a service is down for now: words of
// an enum, names of examples, whole sentences, codes with a status inside. By their meaning, in any
// style: "SERVICE_UNAVAILABLE", "serviceUnavailable", "SERVICEUNAVAILABLE", "Error 503".
//
//   fitness_of_word("api_error")            // 2: something went wrong
//   fitness_of_word("account_suspended")    // -5: an account is to blame, not the service
//   fitness_of_word("tuesday")              // 0: it may mean anything
#pragma once

#include <string_view>

namespace intermission::contract {

/// How fit a word is that blames the client.
inline constexpr int kBlamesClient = -5;

/// More than 0 if it may be said of a service in maintenance, the more the better it says so; 0 if
/// nothing is known of it; less if it blames the client, its account, token or input, or says that
/// all is well. Any thread.
int fitness_of_word(std::string_view text);

/// Whether it says that somebody planned it: "UNDER_MAINTENANCE", "ScheduledDowntime". Any thread.
bool speaks_of_maintenance(std::string_view text);

/// How well a status of HTTP does, by itself or at the start of a longer code such as 50301.
int fitness_of_number(long number);

}  // namespace intermission::contract
