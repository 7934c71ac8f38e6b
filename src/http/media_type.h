// Media types (RFC 9110 §8.3.1): an open vocabulary, so text with parsed fields.
//
//   media-type = type "/" subtype parameters
//   parameters = *( OWS ";" OWS [ token "=" ( token / quoted-string ) ] )
//
//   auto type = parse_media_type("Application/SOAP+XML; charset=utf-8; action=\"urn:x\"");
//   type->is("application/soap+xml")      // true: names are case-insensitive
//   type->suffix()                        // "XML"
//   type->parameter("action")             // "\"urn:x\"", quotes and all
//   unquote(...)                          // "urn:x"
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace intermission::http {

/// RFC 9110 §5.6.2.
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

/// Cuts the next member off a comma-separated list, quoted strings respected (RFC 9110
/// §5.6.1); trimmed. Empty members come back empty. `rest` becomes what follows the comma.
std::string_view next_member(std::string_view& rest);

/// Cuts the next parameter off `rest`, which starts at a ";" or is empty. False at the end.
/// A parameter without "=" comes with an empty value. Quotes are kept in `value`.
struct Parameter {
  std::string_view name;
  std::string_view value;
};
bool next_parameter(std::string_view& rest, Parameter& parameter);

/// A quoted-string without its quotes and escapes; any other text as it is.
std::string unquote(std::string_view value);

}  // namespace intermission::http
