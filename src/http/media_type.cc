#include "http/media_type.h"

#include <array>

#include "base/text.h"

namespace intermission::http {
namespace {

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                       "abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}
constexpr auto kTokenChar = make_token_table();

std::size_t token_length(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && kTokenChar[static_cast<unsigned char>(text[n])]) ++n;
  return n;
}

// The position of the first of the two stops outside a quoted-string, or the end. A quote
// that never closes is an ordinary character: it must not swallow the rest of the list.
std::size_t find_unquoted(std::string_view text, char stop, char other_stop) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == stop || text[i] == other_stop) return i;
    if (text[i] != '"') continue;
    std::size_t end = i + 1;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2U : 1U;
    if (end < text.size()) i = end;
  }
  return text.size();
}

}  // namespace

bool is_token(std::string_view text) {
  return !text.empty() && token_length(text) == text.size();
}

bool MediaType::is(std::string_view media_type) const {
  return base::iequals(whole, media_type);
}

std::string_view MediaType::suffix() const {
  const auto plus = subtype.rfind('+');
  return plus == std::string_view::npos ? std::string_view{} : subtype.substr(plus + 1);
}

bool MediaType::is_json() const {
  return is("application/json") || is("text/json") || base::iequals(suffix(), "json");
}

bool MediaType::is_xml() const {
  return is("application/xml") || is("text/xml") || base::iequals(suffix(), "xml");
}

std::optional<std::string_view> MediaType::parameter(std::string_view name) const {
  std::string_view rest = parameters;
  Parameter parameter;
  while (next_parameter(rest, parameter)) {
    if (base::iequals(parameter.name, name)) return parameter.value;
  }
  return {};
}

std::optional<MediaType> parse_media_type(std::string_view text) {
  text = base::trim(text);
  const std::size_t type = token_length(text);
  if (type == 0 || type == text.size() || text[type] != '/') return {};
  const std::size_t subtype = token_length(text.substr(type + 1));
  if (subtype == 0) return {};
  const std::string_view rest = base::trim(text.substr(type + 1 + subtype));
  if (!rest.empty() && rest.front() != ';') return {};
  return MediaType{text.substr(0, type + 1 + subtype), text.substr(0, type),
                   text.substr(type + 1, subtype), rest};
}

std::string_view next_member(std::string_view& rest) {
  const std::size_t end = find_unquoted(rest, ',', ',');
  const std::string_view member = base::trim(rest.substr(0, end));
  rest = end == rest.size() ? std::string_view{} : rest.substr(end + 1);
  return member;
}

bool next_parameter(std::string_view& rest, Parameter& parameter) {
  while (!rest.empty() && (rest.front() == ';' || rest.front() == ' ' || rest.front() == '\t')) {
    rest.remove_prefix(1);
  }
  if (rest.empty()) return false;
  const std::size_t end = find_unquoted(rest, ';', ';');
  const std::string_view pair = rest.substr(0, end);
  rest.remove_prefix(end);
  const auto equals = pair.find('=');
  parameter.name = base::trim(pair.substr(0, equals));
  parameter.value =
      equals == std::string_view::npos ? std::string_view{} : base::trim(pair.substr(equals + 1));
  return true;
}

std::string unquote(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  std::string out;
  for (std::size_t i = 1; i + 1 < value.size(); ++i) {
    if (value[i] == '\\' && i + 2 < value.size()) ++i;
    out += value[i];
  }
  return out;
}

}  // namespace intermission::http
