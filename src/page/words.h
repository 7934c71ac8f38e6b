// The few words of our own that stand around the operator's, in each language that there is a
// file for in words/. A translator adds a language by adding a file: CMake embeds them all, and
// page/words_test.cc says what is missing.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "page/notice.h"

namespace intermission::page {

/// Words in one language, as its file has them. `language` names it, so that a page in a
/// language without words of its own can mark these as what they are.
struct Words {
  std::string language;           // RFC 5646
  std::string name;               // of the language, in itself
  std::vector<std::string> also;  // further tags whose speakers read it: "no" for "nb"
  std::string direction;          // "ltr" or "rtl"

  std::string down_for_maintenance;     // a heading
  std::string temporarily_unavailable;  // a heading where nobody has planned anything
  std::string service_unavailable;      // a sentence: the message then
  std::string since;                    // before a point in time
  std::string back_at;                  // before a point in time
  std::string time_passed;              // names a bar of progress
  std::string end_unknown;              // instead of a point in time
  std::string taking_longer;            // when that point has passed
  std::string try_again;                // on a link
  std::string watching;                 // that the page brings people back by itself
  std::string offline;                  // that it cannot look while there is no network
  std::string service_back;             // said at the moment of return
  std::string not_processed;            // to those who sent a form
  std::string back_to_form;             // on a button
  std::string open_page;                // on a link: without sending the form
  std::string meanwhile;                // a heading over links
  std::string reference;                // before the id of a request
  std::string wait;                     // a sentence around {seconds}
  std::string ends;                     // a sentence around {time}

  std::string date;  // around {day}, {month}, {year}, {hour} and {minute}
  std::array<std::string, 12> months;
};

/// Every language that there is, English first. Any thread; read at the first question.
std::span<const Words> all_words();

/// The words for a language by RFC 4647 lookup ("de-AT" finds "de"); English where there are
/// none.
const Words& words_for(std::string_view language);

/// "2026-12-02 02:00 UTC", to be read by people of any language.
std::string readable_time(base::TimePoint time);

/// The seconds to wait in digits, or kSecondsMark while they are not drawn.
std::string wait_text(const Notice& notice);

/// What a page says in large letters.
std::string_view heading(const Notice& notice, const Words& words);

/// "2 December 2026 at 02:00 UTC", as the language writes it.
std::string spelled_time(base::TimePoint time, const Words& words);

/// The message, ended as a sentence.
std::string message_sentence(const Notice& notice);

/// "Please try again in 120 seconds."
std::string wait_sentence(const Notice& notice);

/// The message with what is known of the end and with the wait, as plain
/// sentences, for clients that show one text and nothing else:
///   "System currently down for maintenance. Expected back at 2026-12-02 02:00 UTC. Please try
///   again in 120 seconds."
std::string spoken_text(const Notice& notice);

}  // namespace intermission::page
