#include "http/path_readings.h"

#include <algorithm>
#include <cstdint>
#include <functional>

#include "base/text.h"
#include "base/utf8.h"
#include "http/target.h"

namespace intermission::http {
namespace {

// ---------------------------------------------------------------- doubts

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// Characters that compatibility normalisation (NFKC), case folding or a Windows code page turns
// into ASCII letters, digits, dots or slashes. By first.
constexpr Range kLookAlikes[] = {
    {0xaa, 0xaa},       {0xb2, 0xb3},     {0xb9, 0xba},     {0x130, 0x131},   {0x17f, 0x17f},
    {0x2b0, 0x2b8},     {0x2e1, 0x2e3},   {0x1d2c, 0x1d6a}, {0x2024, 0x2026}, {0x2044, 0x2044},
    {0x2070, 0x209c},   {0x2100, 0x214e}, {0x2160, 0x217f}, {0x2215, 0x2216}, {0x2460, 0x24ff},
    {0x29f5, 0x29f9},   {0xfe52, 0xfe52}, {0xfe68, 0xfe68}, {0xff01, 0xff5e}, {0x1d400, 0x1d7ff},
    {0x1f100, 0x1f1ff},
};

std::uint32_t code_point(std::string_view character) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(character[at]); };
  constexpr unsigned kBits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  std::uint32_t code = byte(0) & kBits[character.size()];
  for (std::size_t i = 1; i < character.size(); ++i) code = code << 6 | (byte(i) & 0x3fU);
  return code;
}

bool is_look_alike(std::uint32_t code) {
  return std::any_of(std::begin(kLookAlikes), std::end(kLookAlikes),
                     [&](Range range) { return range.first <= code && code <= range.last; });
}

// The first bytes of an overlong or impossible character (RFC 3629 §3). A lenient decoder makes
// "/" of C0 AF, and of E0 80 AF.
bool begins_overlong(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead == 0xc0 || lead == 0xc1 || lead >= 0xf8) return true;
  if (text.size() < 2) return false;
  const auto next = static_cast<unsigned char>(text[1]);
  return (lead == 0xe0 && next >= 0x80 && next < 0xa0) ||
         (lead == 0xf0 && next >= 0x80 && next < 0x90);
}

bool is_wide_escape(std::string_view text) {
  return text.size() >= 6 && text[0] == '%' && base::ascii_lower(text[1]) == 'u' &&
         std::all_of(text.begin() + 2, text.begin() + 6,
                     [](char c) { return base::hex_value(c) >= 0; });
}

std::string_view doubt_beyond_ascii(std::string_view& text) {
  const std::size_t size = base::utf8_size(text);
  if (size == 0) {
    if (begins_overlong(text)) return "it holds overlong UTF-8";
    text.remove_prefix(1);
    return {};
  }
  if (is_look_alike(code_point(text.substr(0, size)))) {
    return "it holds a character that some servers take for an ASCII one";
  }
  text.remove_prefix(size);
  return {};
}

// What no step makes certain.
std::string_view doubt_of(std::string_view path) {
  if (!path.starts_with('/')) return "it does not start with a slash";
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

using Segment = std::string_view;

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

// Undoes the escapes of those bytes that `is_meant` says yes to.
template <typename Meant>
std::string decode(std::string_view path, Meant is_meant) {
  std::string out;
  out.reserve(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '%' && i + 2 < path.size()) {
      const int high = base::hex_value(path[i + 1]);
      const int low = base::hex_value(path[i + 2]);
      if (high >= 0 && low >= 0 && is_meant(static_cast<char>(high * 16 + low))) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += path[i];
  }
  return out;
}

std::string decode_all(std::string_view path) {
  return decode(path, [](char) { return true; });
}

std::string decode_but_slash(std::string_view path) {
  return decode(path, [](char c) { return c != '/'; });
}

// As URLs are normalised (RFC 3986 §6.2.2.2).
std::string decode_unreserved(std::string_view path) {
  return decode(path, [](char c) {
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

std::string take_host_off(std::string_view path) {
  if (!path.starts_with("//")) return std::string(path);
  const auto host = std::min(path.find_first_not_of('/'), path.size());
  const auto end = path.find('/', host);
  return end == std::string_view::npos ? "/" : std::string(path.substr(end));
}

using Step = std::string (*)(std::string_view);
constexpr Step kSteps[] = {decode_dot_segments, decode_unreserved,   decode_but_slash,
                           decode_all,          turn_backslashes,    cut_parameters,
                           cut_at_semicolon,    cut_at_query,        cut_streams,
                           merge_slashes,       drop_dots_behind,    drop_spaces_behind,
                           drop_spaces_before,  remove_dot_segments, take_host_off};

// Whether no step changes the path, and nothing in it is in doubt.
bool is_usual(std::string_view path) {
  if (!path.starts_with('/')) return false;
  char before = 0;
  for (const char c : path) {
    const bool odd = (c & 0x80) != 0 || c <= ' ' || c == 0x7f || c == '%' || c == '\\' ||
                     c == ';' || c == '#' || c == '?' || c == ':';
    const bool at_an_end = (before == '/' && (c == '/' || c == '.')) || (before == '.' && c == '/');
    if (odd || at_an_end) return false;
    before = c;
  }
  return before != '.';
}

}  // namespace

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
