// The few words of our own that stand around the operator's, per language.
#pragma once

#include <string>
#include <string_view>

#include "dialect/notice.h"

namespace intermission::dialect {

/// Words in one language. `language` names it, so that a page in a language without words of
/// its own can mark these as what they are.
struct Words {
  std::string_view language;
  std::string_view down_for_maintenance;  // a heading
  std::string_view back_at;               // before a point in time
  std::string_view since;                 // before a point in time
  std::string_view try_again;             // on a link
  std::string_view wait_before;           // before and after a number of seconds
  std::string_view wait_after;
};

/// The words for a language by RFC 4647 lookup ("de-AT" finds "de"); English where there are
/// none.
const Words& words_for(std::string_view language);

/// "2026-12-02 02:00 UTC", to be read by people.
std::string readable_time(base::TimePoint time);

/// The seconds to wait in digits, or kSecondsMark while they are not drawn.
std::string wait_text(const Notice& notice);

/// The message with what is known of the end and with the wait, as plain
/// sentences, for clients that show one text and nothing else:
///   "System currently down for maintenance. Expected back at 2026-12-02 02:00 UTC. Please try
///   again in 120 seconds."
std::string spoken_text(const Notice& notice);

}  // namespace intermission::dialect
