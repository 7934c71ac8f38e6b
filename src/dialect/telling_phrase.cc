#include "dialect/telling_phrase.h"

#include <array>
#include <optional>

#include "base/utf8.h"
#include "http/status.h"
#include "page/words.h"

namespace intermission::dialect {
namespace {

// The Latin letters from U+00C0 to U+024F and from U+1E00 to U+1EFF without their marks; a space
// where there is no such letter in ASCII.
constexpr std::string_view kLatin =
    "AAAAAA CEEEEIIIIDNOOOOOxOUUUUY  aaaaaa ceeeeiiiidnooooo/ouuuuy y"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
    "lLlNnNnNnnNnOoOoOo  RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs"
    " B       DD    E                Oo             Uu               "
    "             AaIiOoUuUuUuUuUu AaAa    GgKkOoOo  j   Gg  NnAa    "
    "AaAaEeEeIiIiOoOoRrRrUuUuSsTt  Hh      AaEeOoOoOoOoYy            "
    "                ";
constexpr std::string_view kLatinAdditional =
    "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMm"
    "MmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVv"
    "WwWwWwWwWwXxXxYyZzZzZzhtwy      AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEe"
    "EeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy      ";
static_assert(kLatin.size() == 0x250 - 0xC0 && kLatinAdditional.size() == 0x1F00 - 0x1E00);

struct Spelling {
  char32_t character;
  std::string_view ascii;
};
constexpr auto kSpellings = std::to_array<Spelling>({
    {0x00C6, "AE"},  {0x00DE, "Th"}, {0x00DF, "ss"}, {0x00E6, "ae"},  {0x00FE, "th"},
    {0x0132, "IJ"},  {0x0133, "ij"}, {0x0152, "OE"}, {0x0153, "oe"},  {0x00AB, "\""},
    {0x00BB, "\""},  {0x2018, "'"},  {0x2019, "'"},  {0x201A, "'"},   {0x201B, "'"},
    {0x201C, "\""},  {0x201D, "\""}, {0x201E, "\""}, {0x201F, "\""},  {0x2022, "*"},
    {0x2026, "..."}, {0x2039, "'"},  {0x203A, "'"},  {0x20AC, "EUR"}, {0x2122, "(TM)"},
    {0x2212, "-"},
});
constexpr auto kGerman = std::to_array<Spelling>({
    {0x00C4, "Ae"},
    {0x00D6, "Oe"},
    {0x00DC, "Ue"},
    {0x00E4, "ae"},
    {0x00F6, "oe"},
    {0x00FC, "ue"},
});

template <std::size_t size>
std::optional<std::string_view> look_up(const std::array<Spelling, size>& spellings, char32_t c) {
  for (const Spelling& one : spellings) {
    if (one.character == c) return one.ascii;
  }
  return {};
}

constexpr bool is_between(char32_t c, char32_t first, char32_t last) {
  return c >= first && c <= last;
}

bool is_space(char32_t c) {
  return c <= 0x20 || c == 0xA0 || is_between(c, 0x2000, 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

// Marks, signs and pictures, without which a sentence still says what it says.
bool can_be_left_out(char32_t c) {
  return is_between(c, 0x7F, 0xBF) || is_between(c, 0x0300, 0x036F) ||
         is_between(c, 0x200B, 0x200F) || is_between(c, 0x202A, 0x202E) ||
         is_between(c, 0x2060, 0x206F) || is_between(c, 0x2190, 0x2BFF) ||
         is_between(c, 0xFE00, 0xFE0F) || c == 0xFEFF || is_between(c, 0x1F000, 0x1FAFF);
}

char32_t first_character(std::string_view text, std::size_t size) {
  const auto byte = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
  };
  if (size < 2) return byte(0);
  char32_t character = byte(0) & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) character = character << 6U | (byte(i) & 0x3FU);
  return character;
}

// Nothing where ASCII has no spelling for it.
std::optional<std::string_view> spelling_of(char32_t c, bool is_german) {
  if (is_german) {
    if (const auto german = look_up(kGerman, c)) return german;
  }
  if (const auto known = look_up(kSpellings, c)) return known;
  if (can_be_left_out(c)) return "";
  if (is_between(c, 0x2010, 0x2015)) return "-";
  std::string_view letter;
  if (is_between(c, 0xC0, 0x24F)) letter = kLatin.substr(c - 0xC0, 1);
  if (is_between(c, 0x1E00, 0x1EFF)) letter = kLatinAdditional.substr(c - 0x1E00, 1);
  return letter.empty() || letter == " " ? std::nullopt : std::optional(letter);
}

// In visible characters and single spaces, and kSecondsMark as it is. Nothing for a text in
// another script.
std::optional<std::string> in_ascii(std::string_view text, std::string_view language) {
  const bool is_german = language == "de" || language.starts_with("de-");
  std::string out;
  bool spaced = false;
  const auto append = [&](std::string_view ascii) {
    if (ascii.empty()) return;
    if (spaced && !out.empty()) out += ' ';
    spaced = false;
    out += ascii;
  };
  while (!text.empty()) {
    const std::size_t size = base::utf8_size(text);
    if (size == 0) return {};
    const std::string_view character = text.substr(0, size);
    const char32_t c = first_character(text, size);
    text.remove_prefix(size);
    if (is_space(c)) {
      spaced = true;
    } else if (c < 0x7F || character == page::kSecondsMark) {
      append(character);
    } else if (const auto ascii = spelling_of(c, is_german)) {
      append(*ascii);
    } else {
      return {};
    }
  }
  if (out.empty()) return {};
  return out;
}

// With as many digits in place of the mark as the wait can have.
std::size_t longest(std::string_view text, std::uint32_t most_seconds) {
  const std::size_t size = text.size();
  if (text.find(page::kSecondsMark) == std::string_view::npos) return size;
  return size - page::kSecondsMark.size() + std::to_string(most_seconds).size();
}

// At a space, if there is one behind the first words.
std::string cut(std::string text, std::size_t most) {
  constexpr std::string_view kEllipsis = "...";
  if (text.size() <= most) return text;
  text.resize(most - kEllipsis.size() + 1);
  const auto space = text.rfind(' ');
  text.resize(space == std::string::npos || space == 0 ? most - kEllipsis.size() : space);
  while (!text.empty() && std::string_view(" .,;:-(").find(text.back()) != std::string_view::npos) {
    text.pop_back();
  }
  return text.append(kEllipsis);
}

}  // namespace

std::string telling_phrase(int status, const page::Notice& notice, std::uint32_t most_seconds) {
  const std::string registered(http::reason_phrase(status));
  const auto message = in_ascii(notice.message, notice.language);
  if (!message) return {};
  page::Notice plain = notice;
  plain.message = *message;
  const std::size_t room = kMostInPhrase - registered.size() - 2;
  for (const std::string& whole : {page::spoken_text(plain), page::message_sentence(plain) + ' ' +
                                                                 page::wait_sentence(plain)}) {
    const auto ascii = in_ascii(whole, notice.language);
    if (ascii && longest(*ascii, most_seconds) <= room) return registered + ": " + *ascii;
  }
  return registered + ": " + cut(*message, room);
}

}  // namespace intermission::dialect
