// What servers make of the path of a request before they look for what serves it: models of their
// own, written from their documentation and sources and independent of the program's code. Needs
// nothing but the standard library.
#pragma once

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intermission::testing {

/// The path that is served for a path as sent, without its query; nothing where the server refuses
/// the request.
using UpstreamPath = std::optional<std::string>;

namespace upstream {

inline int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// `skip` names bytes whose escapes stay.
inline std::string unescape(const std::string& path, std::string_view skip = "") {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '%' && i + 2 < path.size() && hex(path[i + 1]) >= 0 && hex(path[i + 2]) >= 0) {
      const char c = static_cast<char>(hex(path[i + 1]) * 16 + hex(path[i + 2]));
      if (skip.find(c) == std::string_view::npos) {
        out += c;
        i += 2;
        continue;
      }
    }
    out += path[i];
  }
  return out;
}

inline std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path.substr(1)) {
    if (c == '/') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

inline std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += '/' + part;
  return out.empty() ? "/" : out;
}

inline std::string without_parameters(const std::string& path) {
  auto parts = split(path);
  for (std::string& part : parts) part = part.substr(0, part.find(';'));
  return join(parts);
}

inline std::string merged(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c != '/' || out.empty() || out.back() != '/') out += c;
  }
  return out;
}

/// As a path of a file system: empty segments count for nothing.
inline UpstreamPath clean(const std::string& path, bool above_root_is_refused) {
  std::vector<std::string> out;
  for (const std::string& part : split(path)) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      out.push_back(part);
    } else if (!out.empty()) {
      out.pop_back();
    } else if (above_root_is_refused) {
      return {};
    }
  }
  return join(out);
}

/// As RFC 3986 §5.2.4 has it: ".." takes an empty segment away like any other.
inline std::string without_dots(const std::string& path) {
  std::vector<std::string> out;
  const auto parts = split(path);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    if (parts[i] == "..") {
      if (!out.empty()) out.pop_back();
      if (last) out.emplace_back();
    } else if (parts[i] == ".") {
      if (last) out.emplace_back();
    } else {
      out.push_back(parts[i]);
    }
  }
  return join(out);
}

inline std::string with_slashes(std::string path) {
  std::replace(path.begin(), path.end(), '\\', '/');
  return path;
}

// ---------------------------------------------------------------- servers

inline UpstreamPath as_sent(const std::string& path) {
  return path;
}

/// nginx with merge_slashes: decodes all, "#" ends the path.
inline UpstreamPath nginx(const std::string& path) {
  const std::string decoded = unescape(path.substr(0, path.find('#')));
  if (decoded.find('\0') != std::string::npos) return {};
  return clean(decoded, true);
}

/// Tomcat: parameters go first, then escapes, then backslashes where they are allowed.
inline UpstreamPath tomcat(const std::string& path, bool encoded_slash, bool backslash) {
  std::string out = without_parameters(path);
  if (!encoded_slash && unescape(out) != unescape(out, "/")) return {};
  out = unescape(out);
  if (out.find('\\') != std::string::npos) {
    if (!backslash) return {};
    out = with_slashes(out);
  }
  return clean(out, true);
}

/// Go's net/http: Path is decoded, ServeMux cleans it.
inline UpstreamPath go(const std::string& path) {
  return clean(unescape(path), false);
}

/// Node with `new URL(request.url, base).pathname`, undecoded.
inline UpstreamPath whatwg(const std::string& path) {
  std::string out = with_slashes(path.substr(0, path.find_first_of("?#")));
  if (out.starts_with("//")) {
    const auto host = out.find_first_not_of('/');
    if (host == std::string::npos) return {};
    const auto end = out.find('/', host);
    out = end == std::string::npos ? "/" : out.substr(end);
  }
  auto parts = split(out);
  for (std::string& part : parts) {
    const std::string decoded = unescape(part);
    if (decoded == "." || decoded == "..") part = decoded;
  }
  return without_dots(join(parts));
}

/// IIS and ASP.NET on Windows: backslashes, spaces and dots at the end of names, streams.
inline UpstreamPath windows(const std::string& path) {
  auto parts = split(*clean(with_slashes(unescape(path)), false));
  for (std::string& part : parts) {
    part = part.substr(0, part.find("::"));
    if (part == "." || part == "..") continue;
    while (!part.empty() && (part.back() == '.' || part.back() == ' ')) part.pop_back();
  }
  return clean(join(parts), false);
}

/// A proxy that decodes and cleans, and hands on what a server decodes again.
inline UpstreamPath decoded_twice(const std::string& path) {
  const auto once = go(path);
  return once ? nginx(*once) : once;
}

/// Envoy with merge_slashes and normalize_path: %2e and other unreserved bytes alone.
inline UpstreamPath envoy(const std::string& path) {
  std::string reserved = "/\\;?# %";
  for (int c = 0x80; c < 0x100; ++c) reserved += static_cast<char>(c);
  return without_dots(merged(with_slashes(unescape(path, reserved))));
}

/// Apache with AllowEncodedSlashes NoDecode, in front of a servlet container.
inline UpstreamPath apache_then_servlet(const std::string& path) {
  const auto cleaned = clean(unescape(path, "/"), true);
  return cleaned ? tomcat(*cleaned, true, true) : cleaned;
}

/// A Rack or WSGI program: decoded by its server, dot segments untouched.
inline UpstreamPath decoded_alone(const std::string& path) {
  return unescape(path);
}

inline std::vector<std::pair<const char*, UpstreamPath>> all_of(const std::string& path) {
  return {{"as sent", as_sent(path)},
          {"merged", merged(path)},
          {"nginx", nginx(path)},
          {"nginx behind a proxy that cuts parameters", nginx(without_parameters(path))},
          {"Tomcat", tomcat(path, false, false)},
          {"Tomcat with encoded slashes", tomcat(path, true, false)},
          {"Tomcat with backslashes", tomcat(path, true, true)},
          {"Go", go(path)},
          {"WHATWG URL", whatwg(path)},
          {"Windows", windows(path)},
          {"decoded twice", decoded_twice(path)},
          {"Envoy", envoy(path)},
          {"Apache, then a servlet", apache_then_servlet(path)},
          {"decoded alone", decoded_alone(path)},
          {"RFC 3986", without_dots(path)}};
}

}  // namespace upstream
}  // namespace intermission::testing
