#include "http/target.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/hex.h"
#include "base/text.h"
#include "http/host.h"

namespace intermission::http {
namespace {

constexpr std::array<bool, 256> make_host_chars() {
  std::array<bool, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const char c = static_cast<char>(i);
    table[i] = base::is_alpha(c) || base::is_digit(c) ||
               std::string_view("-._~%!$&'()*+,;=:[]").find(c) != std::string_view::npos;
  }
  return table;
}
constexpr auto kHostChars = make_host_chars();

void split_path(std::string_view rest, Target& target) {
  rest = rest.substr(0, rest.find('#'));
  const auto question = rest.find('?');
  target.path = rest.substr(0, question);
  if (question != std::string_view::npos) target.query = rest.substr(question + 1);
  if (target.path.empty()) target.path = "/";
}

std::string_view without_user(std::string_view authority) {
  const auto at = authority.rfind('@');
  return at == std::string_view::npos ? authority : authority.substr(at + 1);
}

}  // namespace

Target parse_target(std::string_view method, std::string_view whole) {
  Target target;
  target.whole = whole;
  if (whole.starts_with('/')) {
    split_path(whole, target);
    return target;
  }
  if (method == "CONNECT") {
    target.authority = without_user(whole);
    return target;
  }
  const auto scheme = whole.find("://");
  if (scheme != std::string_view::npos && scheme > 0 && base::is_alpha(whole.front())) {
    const std::string_view rest = whole.substr(scheme + 3);
    const auto end = rest.find_first_of("/?#");
    target.authority = without_user(rest.substr(0, end));
    split_path(end == std::string_view::npos ? std::string_view{} : rest.substr(end), target);
    return target;
  }
  split_path(whole, target);
  return target;
}

std::string_view host_of(std::string_view authority) {
  std::string_view host = split_authority(authority).host;
  if (host.ends_with('.') && !host.starts_with('[')) host.remove_suffix(1);
  return host;
}

std::string remove_dot_segments(std::string_view path) {
  if (!path.starts_with('/')) return std::string(path);
  std::string out;
  std::size_t at = 0;
  while (at < path.size()) {
    const auto end = path.find('/', at + 1);
    const std::string_view segment =
        path.substr(at, end == std::string_view::npos ? end : end - at);
    const bool last = end == std::string_view::npos;
    if (segment == "/..") {
      const auto cut = out.rfind('/');
      out.erase(cut == std::string::npos ? 0 : cut);
      if (last) out += '/';
    } else if (segment == "/.") {
      if (last) out += '/';
    } else {
      out += segment;
    }
    if (last) break;
    at = end;
  }
  return out.empty() ? "/" : out;
}

bool is_host_field(std::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return kHostChars[static_cast<unsigned char>(c)]; });
}

std::string decode_path(std::string_view path) {
  std::string out = base::percent_decoded(path, [](char c) { return c != '\0'; });
  if (!out.starts_with('/') || out.find("/.") == std::string::npos) return out;
  return remove_dot_segments(out);
}

bool is_decoded(std::string_view path) {
  char before = '\0';
  for (const char c : path) {
    if (c == '%' || (c == '.' && before == '/')) return false;
    before = c;
  }
  return true;
}

std::optional<std::string_view> behind_prefix(std::string_view path, std::string_view prefix) {
  for (const char wanted : prefix) {
    if (path.empty()) return {};
    const bool is_plain = path.front() == wanted;
    if (!is_plain && (wanted == '/' || base::escaped_byte(path) != wanted)) return {};
    path.remove_prefix(is_plain ? 1 : 3);
  }
  return path;
}

std::optional<std::string_view> query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const auto equals = pair.find('=');
    if (pair.substr(0, equals) == name) {
      return equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    }
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace intermission::http
