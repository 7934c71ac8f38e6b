#include "page/words.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/text.h"
#include "document/parse_json.h"
#include "http/date.h"

namespace intermission::embedded {
extern const std::string_view words;  // a JSON list of the files in words/
}  // namespace intermission::embedded

namespace intermission::page {
namespace {

constexpr std::pair<const char*, std::string Words::*> kTexts[] = {
    {"language", &Words::language},
    {"name", &Words::name},
    {"direction", &Words::direction},
    {"down_for_maintenance", &Words::down_for_maintenance},
    {"temporarily_unavailable", &Words::temporarily_unavailable},
    {"service_unavailable", &Words::service_unavailable},
    {"since", &Words::since},
    {"back_at", &Words::back_at},
    {"time_passed", &Words::time_passed},
    {"end_unknown", &Words::end_unknown},
    {"taking_longer", &Words::taking_longer},
    {"try_again", &Words::try_again},
    {"watching", &Words::watching},
    {"offline", &Words::offline},
    {"service_back", &Words::service_back},
    {"not_processed", &Words::not_processed},
    {"back_to_form", &Words::back_to_form},
    {"open_page", &Words::open_page},
    {"meanwhile", &Words::meanwhile},
    {"reference", &Words::reference},
    {"wait", &Words::wait},
    {"ends", &Words::ends},
    {"date", &Words::date},
};

Words read_words(const rapidjson::Value& file) {
  Words words;
  for (const auto& [key, member] : kTexts) words.*member = file[key].GetString();
  if (const auto also = file.FindMember("also"); also != file.MemberEnd()) {
    for (const auto& tag : also->value.GetArray()) words.also.emplace_back(tag.GetString());
  }
  const auto& months = file["months"].GetArray();
  for (rapidjson::SizeType i = 0; i < words.months.size(); ++i) {
    words.months[i] = months[i].GetString();
  }
  return words;
}

std::vector<Words> read_all() {
  const rapidjson::Document files = document::parse_json(embedded::words);
  if (files.HasParseError()) throw std::runtime_error("a file of words/ is no JSON");
  std::vector<Words> all;
  for (const auto& file : files.GetArray()) all.push_back(read_words(file));
  const auto is_english = [](const Words& words) { return words.language == "en"; };
  std::stable_partition(all.begin(), all.end(), is_english);
  return all;
}

bool is_for(const Words& words, std::string_view language) {
  return base::iequals(words.language, language) ||
         std::any_of(words.also.begin(), words.also.end(),
                     [&](const std::string& tag) { return base::iequals(tag, language); });
}

// A sentence ends with a mark of its own; most operators leave it out.
bool ends_a_sentence(std::string_view text) {
  for (const std::string_view mark : {".", "!", "?", "\xE2\x80\xA6", "\xE3\x80\x82"}) {
    if (text.ends_with(mark)) return true;
  }
  return false;
}

/// `text` with `value` where it says {name}.
std::string with(std::string text, std::string_view name, std::string_view value) {
  const auto at = text.find(name);
  if (at != std::string::npos) text.replace(at, name.size(), value);
  return text;
}

}  // namespace

std::span<const Words> all_words() {
  static const std::vector<Words> all = read_all();
  return all;
}

const Words& words_for(std::string_view language) {
  while (!language.empty()) {
    for (const Words& words : all_words()) {
      if (is_for(words, language)) return words;
    }
    const auto dash = language.rfind('-');
    language = language.substr(0, dash == std::string_view::npos ? 0 : dash);
  }
  return all_words().front();
}

std::string readable_time(base::TimePoint time) {
  const std::string stamp = http::rfc3339(time);  // 2026-12-02T02:00:00Z
  return stamp.substr(0, 10) + " " + stamp.substr(11, 5) + " UTC";
}

std::string wait_text(const Notice& notice) {
  return notice.seconds ? std::to_string(*notice.seconds) : std::string(kSecondsMark);
}

std::string_view heading(const Notice& notice, const Words& words) {
  return notice.is_outage ? words.temporarily_unavailable : words.down_for_maintenance;
}

std::string spelled_time(base::TimePoint time, const Words& words) {
  const std::string stamp = http::rfc3339(time);
  const auto number = [&](std::size_t at) { return (stamp[at] - '0') * 10 + stamp[at + 1] - '0'; };
  std::string out = with(words.date, "{day}", std::to_string(number(8)));
  out = with(out, "{month}", words.months[static_cast<std::size_t>(number(5)) - 1]);
  out = with(out, "{year}", stamp.substr(0, 4));
  out = with(out, "{hour}", stamp.substr(11, 2));
  return with(out, "{minute}", stamp.substr(14, 2)) + " UTC";
}

std::string message_sentence(const Notice& notice) {
  std::string out(notice.message);
  if (!ends_a_sentence(out)) out += '.';
  return out;
}

std::string wait_sentence(const Notice& notice) {
  return with(words_for(notice.language).wait, "{seconds}", wait_text(notice));
}

std::string spoken_text(const Notice& notice) {
  std::string out = message_sentence(notice);
  if (notice.until) {
    out += ' ' + with(words_for(notice.language).ends, "{time}", readable_time(*notice.until));
  }
  return out + ' ' + wait_sentence(notice);
}

}  // namespace intermission::page
