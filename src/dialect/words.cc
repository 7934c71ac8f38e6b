#include "dialect/words.h"

#include <array>

#include "base/text.h"
#include "http/date.h"

namespace intermission::dialect {
namespace {

constexpr std::array kWords = {
    Words{"en", "Down for maintenance", "Expected back at", "Since", "Try again",
          "Please try again in", "seconds."},
    Words{"de", "Wartungsarbeiten", "Voraussichtlich wieder da:", "Seit", "Erneut versuchen",
          "Bitte versuchen Sie es in", "Sekunden erneut."},
};

// A sentence ends with a mark of its own; most operators leave it out.
bool ends_a_sentence(std::string_view text) {
  for (const std::string_view mark : {".", "!", "?", "\xE2\x80\xA6", "\xE3\x80\x82"}) {
    if (text.ends_with(mark)) return true;
  }
  return false;
}

}  // namespace

const Words& words_for(std::string_view language) {
  const std::string_view primary = language.substr(0, language.find('-'));
  for (const Words& words : kWords) {
    if (base::iequals(words.language, primary)) return words;
  }
  return kWords.front();
}

std::string readable_time(base::TimePoint time) {
  const std::string stamp = http::rfc3339(time);  // 2026-12-02T02:00:00Z
  return stamp.substr(0, 10) + " " + stamp.substr(11, 5) + " UTC";
}

std::string wait_text(const Notice& notice) {
  return notice.seconds ? std::to_string(*notice.seconds) : std::string(kSecondsMark);
}

std::string spoken_text(const Notice& notice) {
  const Words& words = words_for(notice.language);
  std::string out(notice.message);
  if (!ends_a_sentence(out)) out += '.';
  if (notice.until) {
    out += ' ';
    out += words.back_at;
    out += ' ' + readable_time(*notice.until) + '.';
  }
  out += ' ';
  out += words.wait_before;
  out += ' ' + wait_text(notice) + ' ';
  out += words.wait_after;
  return out;
}

}  // namespace intermission::dialect
