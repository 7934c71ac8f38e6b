// Message and language, of defaults and of each service:
// - A message that is one text is in the language of its place, or the inherited one.
// - A message that is a map must have the language that is named next to it. Where none is,
//   the inherited language comes first if the map has it, else the map's own first.
// - A language without a message puts that language of the inherited message first, which must
//   have it. In defaults it says what services will write in; nothing is there to reorder.
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/text.h"
#include "base/utf8.h"
#include "catalog/readers.h"

namespace intermission::catalog {
namespace {

// langtag (RFC 5646 §2.1), as far as form goes: which subtags exist is a registry's business.
bool is_language_tag(std::string_view tag) {
  bool first = true;
  while (true) {
    const auto dash = tag.find('-');
    const std::string_view part = tag.substr(0, dash);
    const bool letters = std::all_of(part.begin(), part.end(), base::is_alpha);
    const bool alphanumeric = std::all_of(
        part.begin(), part.end(), [](char c) { return base::is_alpha(c) || base::is_digit(c); });
    if (part.empty() || part.size() > 8 || !alphanumeric) return false;
    if (first && (!letters || part.size() < 2)) return false;
    if (dash == std::string_view::npos) return true;
    tag.remove_prefix(dash + 1);
    first = false;
  }
}

bool put_first(LocalizedText& text, std::string_view language) {
  const auto found = std::find_if(
      text.entries.begin(), text.entries.end(),
      [&](const LocalizedText::Entry& e) { return base::iequals(e.language, language); });
  if (found == text.entries.end()) return false;
  std::rotate(text.entries.begin(), found, found + 1);
  return true;
}

std::string languages(const LocalizedText& text) {
  std::string list;
  for (const LocalizedText::Entry& entry : text.entries) {
    list += (list.empty() ? "" : ", ") + entry.language;
  }
  return list;
}

LocalizedText read_languages(const Node& message, Problems& problems) {
  LocalizedText text;
  for (const auto& [language, node] : message.members()) {
    if (!is_language_tag(language)) {
      problems.note(node.error("expected a language tag such as en or pt-BR as the key"));
    }
    const bool twice = std::any_of(
        text.entries.begin(), text.entries.end(),
        [&, tag = language](const auto& entry) { return base::iequals(entry.language, tag); });
    if (twice) problems.note(node.error("expected each language once, got it again"));
    text.entries.push_back({std::string(language), read_text(node, true, problems)});
  }
  return text;
}

std::size_t find_control(std::string_view text, bool lines) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_space = text[i] == '\n' || text[i] == '\r' || text[i] == '\t';
    if (static_cast<unsigned char>(text[i]) < 0x20 && !(lines && is_space)) return i;
  }
  // U+FFFE and U+FFFF: XML cannot say them, not even escaped.
  return std::min(
      {base::find_internal(text), text.find("\xef\xbf\xbe"), text.find("\xef\xbf\xbf")});
}

}  // namespace

std::string read_text(const Node& node, bool lines, Problems& problems) {
  const std::string_view text = node.text();
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    problems.note(node.expected("text that is not empty"));
  } else if (find_control(text, lines) != std::string_view::npos) {
    problems.note(node.expected("text without control characters"));
  }
  return std::string(text);
}

Speech read_speech(const Node& message, const Node& language, const Speech& inherited,
                   Problems& problems) {
  Speech speech = inherited;
  if (language) speech.language = language.text();
  if (message.text().data() != nullptr) {
    speech.message.entries = {{speech.language, read_text(message, true, problems)}};
  } else if (message) {
    speech.message = read_languages(message, problems);
  } else if (!language) {
    return speech;
  }
  if (!put_first(speech.message, speech.language) && language) {
    problems.note(
        language.expected("a language of the message (" + languages(speech.message) + ")"));
  }
  return speech;
}

LocalizedText read_outage(const Node& message, const std::string& language,
                          const LocalizedText& inherited, Problems& problems) {
  LocalizedText text = inherited;
  if (message.text().data() != nullptr) {
    text.entries = {{language, read_text(message, true, problems)}};
  } else if (message) {
    text = read_languages(message, problems);
  }
  put_first(text, language);
  return text;
}

}  // namespace intermission::catalog
