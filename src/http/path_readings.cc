#include "http/path_readings.h"

#include <unicase.h>
#include <uninorm.h>
#include <unistr.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <span>

#include "base/hex.h"
#include "base/text.h"
#include "base/utf8.h"
#include "http/target.h"

namespace intermission::http {
namespace {

// ---------------------------------------------------------------- doubts

using Segment = std::string_view;

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// Slashes and backslashes to people and to some code pages, but not to Unicode's normalisation. By
// first.
constexpr Range kLookAlikes[] = {
    {0x2044, 0x2044}, {0x2215, 0x2216}, {0x29f5, 0x29f5}, {0x29f8, 0x29f9}};

// What some servers drop: soft hyphens, joiners, marks of direction, variation selectors
// (Default_Ignorable_Code_Point); and the dot that is left of a Turkish capital I. By first.
constexpr Range kIgnorables[] = {
    {0xad, 0xad},     {0x307, 0x307},   {0x34f, 0x34f},    {0x61c, 0x61c},   {0x115f, 0x1160},
    {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x200b, 0x200f},  {0x202a, 0x202e}, {0x2060, 0x206f},
    {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xe0000, 0xe0fff}};

// White space (Unicode's White_Space) beyond ASCII. By first.
constexpr Range kBlanks[] = {{0x85, 0x85},     {0xa0, 0xa0},     {0x1680, 0x1680},
                             {0x2000, 0x200a}, {0x2028, 0x2029}, {0x202f, 0x202f},
                             {0x205f, 0x205f}, {0x3000, 0x3000}};

constexpr std::uint32_t kFractionSlash = 0x2044;

std::uint32_t code_point(std::string_view character) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(character[at]); };
  constexpr unsigned kFirstByteBits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  std::uint32_t code = byte(0) & kFirstByteBits[character.size()];
  for (std::size_t i = 1; i < character.size(); ++i) code = code << 6 | (byte(i) & 0x3fU);
  return code;
}

bool is_among(std::span<const Range> ranges, std::uint32_t code) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](Range range) { return range.first <= code && code <= range.last; });
}

// The first bytes of an overlong or impossible character (RFC 3629 §3). A lenient decoder makes
// "/" of C0 AF, and of E0 80 AF. The same first bytes alone are letters in Latin-1.
bool begins_overlong(std::string_view text) {
  if (text.size() < 2) return false;
  const auto lead = static_cast<unsigned char>(text[0]);
  const auto next = static_cast<unsigned char>(text[1]);
  const auto short_form = static_cast<char>((lead & 0x1fU) << 6 | (next & 0x3fU));
  if (lead == 0xc0 || lead == 0xc1) {
    const bool is_continuation = next >= 0x80 && next < 0xc0;
    return is_continuation || std::string_view("/\\.;%?#").find(short_form) != Segment::npos;
  }
  if (next < 0x80 || next >= 0xc0) return false;
  return lead >= 0xf8 || (lead == 0xe0 && next < 0xa0) || (lead == 0xf0 && next < 0x90);
}

bool is_wide_escape(std::string_view text) {
  return text.size() >= 6 && text[0] == '%' && base::ascii_lower(text[1]) == 'u' &&
         std::all_of(text.begin() + 2, text.begin() + 6,
                     [](char c) { return base::hex_value(c) >= 0; });
}

// "PROGRA~1": Windows' short name (8.3) of a file that has a longer one.
bool has_short_name(std::string_view path) {
  for (auto at = path.find('~'); at != Segment::npos; at = path.find('~', at + 1)) {
    const auto start = path.find_last_of("/.~", at == 0 ? 0 : at - 1);
    const std::size_t letters = start == Segment::npos ? at : at - start - 1;
    const std::string_view behind = path.substr(at + 1);
    const bool has_number = !behind.empty() && behind[0] >= '1' && behind[0] <= '9';
    const bool ends = behind.size() == 1 || (has_number && (behind[1] == '/' || behind[1] == '.'));
    if (letters >= 1 && letters <= 6 && has_number && ends) return true;
  }
  return false;
}

std::string_view doubt_beyond_ascii(std::string_view& text) {
  const std::size_t size = base::utf8_size(text);
  if (size == 0) {
    if (begins_overlong(text)) return "it holds overlong UTF-8";
    text.remove_prefix(1);
    return {};
  }
  if (is_among(kLookAlikes, code_point(text.substr(0, size)))) {
    return "it holds a character that some servers take for a slash";
  }
  text.remove_prefix(size);
  return {};
}

// What no step makes certain.
std::string_view doubt_of(std::string_view path) {
  if (!path.starts_with('/')) return "it does not start with a slash";
  if (has_short_name(path)) return "it holds a short file name of Windows";
  while (!path.empty()) {
    const char c = path.front();
    if ((c & 0x80) != 0) {
      if (const auto doubt = doubt_beyond_ascii(path); !doubt.empty()) return doubt;
      continue;
    }
    if (base::is_control(c) || c == '\t') return "it holds a control character";
    if (is_wide_escape(path)) return "it holds an escape of the form %uXXXX";
    path.remove_prefix(1);
  }
  return {};
}

// ---------------------------------------------------------------- steps

// Rewrites each segment, which is what stands between slashes.
template <typename Rewrite>
std::string by_segment(std::string_view path, Rewrite rewrite) {
  std::string out;
  out.reserve(path.size());
  for (;;) {
    const auto end = path.find('/');
    out += rewrite(path.substr(0, end));
    if (end == std::string_view::npos) return out;
    out += '/';
    path.remove_prefix(end + 1);
  }
}

// Rewrites each character. A byte that is no UTF-8 is one of its own, with its value for the code.
template <typename Rewrite>
std::string by_character(std::string_view path, Rewrite rewrite) {
  std::string out;
  out.reserve(path.size());
  while (!path.empty()) {
    const std::size_t size = base::utf8_size(path);
    const std::string_view character = path.substr(0, std::max<std::size_t>(size, 1));
    const auto byte = static_cast<unsigned char>(path.front());
    out += rewrite(character, size > 0 ? code_point(character) : byte, size > 0);
    path.remove_prefix(character.size());
  }
  return out;
}

std::string decode_all(std::string_view path) {
  return base::percent_decoded(path, [](char) { return true; });
}

std::string decode_but_slash(std::string_view path) {
  return base::percent_decoded(path, [](char c) { return c != '/'; });
}

// As URLs are normalised (RFC 3986 §6.2.2.2).
std::string decode_unreserved(std::string_view path) {
  return base::percent_decoded(path, [](char c) {
    return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
  });
}

// "%2e%2e" is a dot segment to browsers' URL parsers, which decode nothing else (WHATWG URL).
std::string decode_dot_segments(std::string_view path) {
  const auto is_escape = [](Segment text) { return base::istarts_with(text, "%2e"); };
  return by_segment(path, [&](Segment segment) {
    std::size_t dots = 0;
    Segment rest = segment;
    while (!rest.empty() && (rest.front() == '.' || is_escape(rest))) {
      rest.remove_prefix(rest.front() == '.' ? 1 : 3);
      ++dots;
    }
    return rest.empty() && (dots == 1 || dots == 2) ? Segment("..").substr(0, dots) : segment;
  });
}

std::string turn_backslashes(std::string_view path) {
  std::string out(path);
  std::replace(out.begin(), out.end(), '\\', '/');
  return out;
}

// What languages trim besides spaces: U+00A0 and its kin, and the bytes that are such in Latin-1
// (Node, Python).
std::string turn_blanks(std::string_view path) {
  return by_character(path, [](std::string_view character, std::uint32_t code, bool) {
    return is_among(kBlanks, code) ? std::string_view(" ") : character;
  });
}

// As in forms (URL Standard, application/x-www-form-urlencoded); PHP's urldecode() does so
// anywhere.
std::string turn_pluses(std::string_view path) {
  std::string out(path);
  std::replace(out.begin(), out.end(), '+', ' ');
  return out;
}

std::string cut_parameters(std::string_view path) {
  return by_segment(path, [](Segment segment) { return segment.substr(0, segment.find(';')); });
}

std::string cut_at_semicolon(std::string_view path) {
  return std::string(path.substr(0, path.find(';')));
}

std::string cut_at_query(std::string_view path) {
  return std::string(path.substr(0, path.find_first_of("?#")));
}

std::string cut_streams(std::string_view path) {
  return by_segment(path, [](Segment segment) {
    return segment.substr(0, std::min(segment.find("::"), segment.find(":$")));
  });
}

std::string merge_slashes(std::string_view path) {
  std::string out(path);
  out.erase(
      std::unique(out.begin(), out.end(), [](char a, char b) { return a == '/' && b == '/'; }),
      out.end());
  return out;
}

// As Windows does with the names of files. "... " is nothing then.
std::string drop_dots_behind(std::string_view path) {
  return by_segment(path, [](Segment segment) {
    if (segment == "." || segment == "..") return segment;
    return segment.substr(0, segment.find_last_not_of(". ") + 1);
  });
}

std::string drop_spaces_behind(std::string_view path) {
  return by_segment(
      path, [](Segment segment) { return segment.substr(0, segment.find_last_not_of(' ') + 1); });
}

std::string drop_spaces_before(std::string_view path) {
  return by_segment(path, [](Segment segment) {
    return segment.substr(std::min(segment.find_first_not_of(' '), segment.size()));
  });
}

// "static.." leads out of a folder where nginx has an alias for "/static" (or Apache for
// "/static").
std::string split_dots_behind(std::string_view path) {
  return by_segment(path, [](Segment segment) {
    const bool has_dots = segment.size() > 2 && segment.ends_with("..") &&
                          segment.find_first_not_of('.') != Segment::npos;
    return has_dots ? std::string(segment.substr(0, segment.size() - 2)) + "/.."
                    : std::string(segment);
  });
}

// Of programs that answer for what stands behind them in a path.
constexpr std::string_view kScripts[] = {
    "action", "ashx", "asmx", "asp",  "aspx", "axd",  "cfc",   "cfm", "cgi", "dll", "do",
    "exe",    "fcgi", "jsp",  "jspx", "lua",  "phar", "phtml", "pl",  "py",  "rb",  "svc"};
constexpr std::string_view kFormats[] = {"atom", "csv", "htm", "html", "json",
                                         "rss",  "txt", "xml", "yaml", "yml"};

bool is_among(std::span<const std::string_view> endings, std::string_view ending) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view known) { return base::iequals(known, ending); });
}

// ".php", and ".php5" to some configurations.
bool is_script(std::string_view ending) {
  if (!base::istarts_with(ending, "php")) return is_among(kScripts, ending);
  return std::all_of(ending.begin() + 3, ending.end(), base::is_digit);
}

bool is_known(std::string_view ending) {
  return is_script(ending) || is_among(kFormats, ending);
}

// The part behind the last dot of a segment; empty where there is none.
std::string_view ending_of(Segment segment) {
  const auto dot = segment.rfind('.');
  return dot == Segment::npos || dot == 0 ? Segment() : segment.substr(dot + 1);
}

// Scripts answer for what stands behind them: "/index.php/orders" is "/orders" to Laravel, Symfony
// and others (PATH_INFO, RFC 3875 §4.1.5).
std::string drop_scripts(std::string_view path) {
  std::string out;
  for (auto end = path.find('/'); end != std::string_view::npos; end = path.find('/')) {
    if (!is_script(ending_of(path.substr(0, end)))) out += path.substr(0, end + 1);
    path.remove_prefix(end + 1);
  }
  return out.append(path);
}

// Rails, Spring and others take an ending for the format of a resource, and "/v1.php/x" is v1.php's
// "/x" where servers try that file for "/v1".
std::string cut_known_endings(std::string_view path) {
  return by_segment(path, [](Segment segment) {
    const std::string_view ending = ending_of(segment);
    return segment.substr(0, segment.size() - (is_known(ending) ? ending.size() + 1 : 0));
  });
}

bool opens_session(std::string_view text) {
  return text.size() > 2 && text[0] == '(' && base::is_alpha(text[1]) && text[2] == '(';
}

// ASP.NET's sessions without cookies: "/(S(abc))/orders" is "/orders".
std::string cut_sessions(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto close = opens_session(path) ? path.find("))") : std::string_view::npos;
    if (close != std::string_view::npos && path.substr(0, close).find('/') == Segment::npos) {
      path.remove_prefix(close + 2);
      continue;
    }
    out += path.front();
    path.remove_prefix(1);
  }
  return out;
}

using Utf8 = std::unique_ptr<std::uint8_t, decltype(&std::free)>;

// NFKC makes "1⁄2" of "½", with a slash that separates nothing. A path that was sent with one is in
// doubt before it is folded.
std::string without_fraction_slashes(std::string_view text) {
  return by_character(text, [](std::string_view character, std::uint32_t code, bool) {
    return code == kFractionSlash ? std::string_view() : character;
  });
}

// As servers compare that know all letters: without case, and with full-width, small and ligature
// forms as what they stand for (Unicode NFKC and case folding). By way of capitals, for the dotless
// i has an ordinary one.
std::string fold_letters(std::string_view path) {
  const bool is_ascii =
      std::all_of(path.begin(), path.end(), [](char c) { return (c & 0x80) == 0; });
  const auto* text = reinterpret_cast<const std::uint8_t*>(path.data());
  if (is_ascii || u8_check(text, path.size()) != nullptr) return std::string(path);
  std::size_t size = 0;
  const Utf8 capitals(u8_toupper(text, path.size(), nullptr, nullptr, nullptr, &size), std::free);
  if (!capitals) return std::string(path);
  const Utf8 folded(u8_casefold(capitals.get(), size, nullptr, UNINORM_NFKC, nullptr, &size),
                    std::free);
  if (!folded) return std::string(path);
  return without_fraction_slashes({reinterpret_cast<const char*>(folded.get()), size});
}

// Bytes that are no UTF-8 as the characters that they are in Latin-1 (IIS, older Tomcats). A server
// that replaces them reads the rest of the path all the same.
std::string read_latin1(std::string_view path) {
  return by_character(path, [](std::string_view character, std::uint32_t code, bool is_utf8) {
    if (is_utf8) return std::string(character);
    return std::string{static_cast<char>(0xc0U | code >> 6),
                       static_cast<char>(0x80U | (code & 0x3fU))};
  });
}

std::string drop_ignorables(std::string_view path) {
  return by_character(path, [](std::string_view character, std::uint32_t code, bool is_utf8) {
    return is_utf8 && is_among(kIgnorables, code) ? std::string_view() : character;
  });
}

std::string take_host_off(std::string_view path) {
  if (!path.starts_with("//")) return std::string(path);
  const auto host = std::min(path.find_first_not_of('/'), path.size());
  const auto end = path.find('/', host);
  return end == std::string_view::npos ? "/" : std::string(path.substr(end));
}

using Step = std::string (*)(std::string_view);
constexpr Step kSteps[] = {
    decode_dot_segments, decode_unreserved,  decode_but_slash,   decode_all,
    turn_backslashes,    turn_blanks,        turn_pluses,        cut_parameters,
    cut_at_semicolon,    cut_at_query,       cut_streams,        merge_slashes,
    drop_dots_behind,    drop_spaces_behind, drop_spaces_before, split_dots_behind,
    remove_dot_segments, drop_scripts,       cut_known_endings,  cut_sessions,
    read_latin1,         fold_letters,       drop_ignorables,    take_host_off};

bool has_known_ending(std::string_view behind_dot) {
  return is_known(behind_dot.substr(0, behind_dot.find('/')));
}

// Whether no step changes the path, and nothing in it is in doubt.
bool is_usual(std::string_view path) {
  if (!path.starts_with('/')) return false;
  char before = 0;
  for (; !path.empty(); path.remove_prefix(1)) {
    const char c = path.front();
    const bool odd = (c & 0x80) != 0 || c <= ' ' || c == 0x7f || c == '%' || c == '\\' ||
                     c == ';' || c == '#' || c == '?' || c == ':' || c == '+' ||
                     (c == '~' && before != '/');
    const bool at_an_end = (before == '/' && (c == '/' || c == '.')) || (before == '.' && c == '/');
    if (odd || at_an_end || opens_session(path)) return false;
    if (c == '.' && has_known_ending(path.substr(1))) return false;
    before = c;
  }
  return before != '.';
}

}  // namespace

bool begins_with_ending(std::string_view behind_prefix) {
  constexpr std::size_t kLongestEnding = 10;
  if (behind_prefix.size() < 2 || behind_prefix[0] != '.') return false;
  const std::string_view ending = behind_prefix.substr(1, behind_prefix.find_first_of("/.", 1) - 1);
  return ending.size() <= kLongestEnding && !ending.empty() && base::is_alpha(ending[0]) &&
         std::all_of(ending.begin(), ending.end(),
                     [](char c) { return base::is_alpha(c) || base::is_digit(c); });
}

std::string fold_path(std::string_view path) {
  return drop_ignorables(fold_letters(path));
}

std::string usual_path(std::string_view path) {
  constexpr Step kUsual[] = {decode_all,    turn_backslashes, cut_parameters,
                             merge_slashes, drop_dots_behind, remove_dot_segments};
  std::string usual(path);
  // Each step but decoding makes the path shorter, or leaves fewer of what it looks for.
  for (std::string before; before != usual;) {
    before = usual;
    for (const Step step : kUsual) usual = step(usual);
  }
  return usual;
}

std::string_view path_doubt(std::string_view path) {
  return doubt_of(path);
}

PathReadings::PathReadings(std::string_view path) : path_(path) {
  if (is_usual(path)) return;
  doubt_ = doubt_of(path);
  // No client sends a fragment, and servers differ in what they make of one.
  if (doubt_.empty() && path.find('#') != std::string_view::npos) doubt_ = "it holds a fragment";
  if (doubt_.empty() && path.size() > kLongest) doubt_ = "it is too long to be read in every way";
  if (doubt_.empty()) find_others();
}

void PathReadings::find_others() {
  std::vector<std::size_t> hashes = {std::hash<std::string_view>{}(path_)};
  const auto is_known = [&](std::string_view reading, std::size_t hash) {
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      if (hashes[i] == hash && (*this)[i] == reading) return true;
    }
    return false;
  };
  std::size_t bytes = path_.size();
  for (std::size_t i = 0; i < size(); ++i) {
    for (const Step step : kSteps) {
      std::string reading = step((*this)[i]);
      const std::size_t hash = std::hash<std::string_view>{}(reading);
      if (is_known(reading, hash)) continue;
      bytes += reading.size();
      doubt_ = size() == kMost || bytes > kMostBytes ? "it can be read in too many ways"
                                                     : doubt_of(reading);
      if (!doubt_.empty()) return;
      others_.push_back(std::move(reading));
      hashes.push_back(hash);
    }
  }
}

}  // namespace intermission::http
