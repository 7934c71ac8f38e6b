// Media types (RFC 9110 §8.3.1): an open vocabulary, so text with parsed fields.
//
//   media-type = type "/" subtype parameters
//   parameters = *( OWS ";" OWS [ token "=" ( token / quoted-string ) ] )
//
//   auto type = parse_media_type("Application/SOAP+XML; charset=utf-8; action=\"urn:x\"");
//   type->is("application/soap+xml")      // true: names are case-insensitive
//   type->suffix()                        // "XML"
//   type->parameter("action")             // "\"urn:x\"", quotes and all
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"

namespace intermission::http {

/// RFC 9110 §5.6.2.
constexpr bool is_token_char(char c) {
  return base::is_alpha(c) || base::is_digit(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
bool is_token(std::string_view text);

/// Views into the parsed text, as sent.
struct MediaType {
  std::string_view whole;  // type "/" subtype
  std::string_view type;
  std::string_view subtype;
  std::string_view parameters;  // from the first ";" on, unparsed; may be empty

  bool is(std::string_view media_type) const;  // compares type "/" subtype, any case
  /// After the last "+" of the subtype (RFC 6839); empty if there is none.
  std::string_view suffix() const;
  bool is_json() const;  // application/json, text/json, or +json
  bool is_xml() const;   // application/xml, text/xml, or +xml
  /// The first parameter of that name (any case), quotes kept; nothing if absent.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

/// Nothing if there is no token "/" token at the start. Broken parameters do not matter.
std::optional<MediaType> parse_media_type(std::string_view text);

/// Takes a text apart at a separator that stands outside of quoted-strings (RFC 9110 §5.6.1,
/// §5.6.6), for lists (",") and parameters (";"). A quote that never closes is an ordinary
/// character. One pass over the text, whatever is in it.
///
///   Splitter parts("a/b;x=\"1,2\" , ,c/d", ',');   // a/b;x="1,2" and "" and c/d
class Splitter {
 public:
  Splitter(std::string_view text, char separator)
      : rest_(text), separator_(separator), quotes_(text.find('"') != std::string_view::npos) {}

  /// The next part, trimmed, perhaps empty; false, and `part` as it was, once all is read.
  bool next(std::string_view& part) {
    if (rest_.empty()) return false;
    const std::size_t end = quotes_ ? find_separator() : find_plain_separator(0);
    part = base::trim(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return true;
  }
  /// What next() has not read yet.
  std::string_view rest() const { return rest_; }

 private:
  std::size_t find_plain_separator(std::size_t from) const {
    return std::min(rest_.find(separator_, from), rest_.size());
  }
  std::size_t find_separator();

  std::string_view rest_;
  char separator_;
  bool quotes_;  // whether a quote in rest_ may still open a quoted-string
};

}  // namespace intermission::http
