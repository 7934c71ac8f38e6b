#include "http/media_type.h"

#include <array>

namespace intermission::http {
namespace {

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = is_token_char(static_cast<char>(i));
  return table;
}
constexpr auto kTokenChar = make_token_table();

std::size_t token_length(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end && kTokenChar[static_cast<unsigned char>(*at)]) ++at;
  return static_cast<std::size_t>(at - text.data());
}

struct Parameter {
  std::string_view name;
  std::string_view value;
};

// parameter = token "=" ( token / quoted-string ), read leniently: without "=" it has no value
Parameter split_parameter(std::string_view pair) {
  const auto equals = pair.find('=');
  return {base::trim(pair.substr(0, equals)), equals == std::string_view::npos
                                                  ? std::string_view{}
                                                  : base::trim(pair.substr(equals + 1))};
}

}  // namespace

bool is_token(std::string_view text) {
  bool all = !text.empty();
  for (const char c : text) all &= kTokenChar[static_cast<unsigned char>(c)];
  return all;
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
  Splitter pairs(parameters, ';');
  std::string_view pair;
  while (pairs.next(pair)) {
    const Parameter parameter = split_parameter(pair);
    if (!pair.empty() && base::iequals(parameter.name, name)) return parameter.value;
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

// quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE                 RFC 9110 §5.6.4
//
// Once a quote is found not to close, no later one closes either: the search for its end has
// met every later quote behind a backslash, and from there on both searches are the same. So
// the first failure ends all further ones, and the whole text is read once.
std::size_t Splitter::find_separator() {
  std::size_t i = 0;
  for (; quotes_ && i < rest_.size() && rest_[i] != separator_; ++i) {
    if (rest_[i] != '"') continue;
    std::size_t end = i + 1;
    while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2U : 1U;
    quotes_ = end < rest_.size();
    if (quotes_) i = end;
  }
  return quotes_ ? i : find_plain_separator(i);
}

}  // namespace intermission::http
