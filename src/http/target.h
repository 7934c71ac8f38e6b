// The request target (RFC 9112 §3.2) and its query.
//
//   origin-form     /orders/7?format=xml
//   absolute-form   http://orders.example.com/orders/7?format=xml
//   authority-form  orders.example.com:443         (CONNECT only)
//   asterisk-form   *                              (OPTIONS only)
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace intermission::http {

/// Views into the target as sent. Nothing is decoded: see decode_path().
struct Target {
  std::string_view whole;
  std::string_view authority;  // of absolute-form and authority-form, without user information
  std::string_view path;       // "/" where absolute-form has none; "*" for asterisk-form
  std::string_view query;      // without "?"; a fragment, which no target may have, is cut off
};

/// Never fails: what fits no form is taken as a path, for whatever it is, it gets an answer.
Target parse_target(std::string_view method, std::string_view target);

/// An authority without its port, brackets of an IPv6 literal kept, a trailing dot removed.
std::string_view host_of(std::string_view authority);

/// Whether a Host field may say it: uri-host [ ":" port ] (RFC 9110 §7.2), in the characters that
/// RFC 3986 §3.2.2 lets a host be written with. An empty one may too.
bool is_host_field(std::string_view value);

/// The path with percent-encoding undone, for comparing with configured prefixes and globs.
/// Malformed escapes and %00 stay as they are; %2F is decoded like any other. Dot segments
/// are removed (RFC 3986 §5.2.4), so that "/a/../b" is found as "/b".
std::string decode_path(std::string_view path);

/// A decoded path that starts with "/", without "." and ".." segments (RFC 3986 §5.2.4); others
/// come back as they are.
std::string remove_dot_segments(std::string_view path);

/// Whether decode_path() would change nothing: no escapes and no dot segments.
bool is_decoded(std::string_view path);

/// What follows `prefix` in `path`, as sent; nothing where the path begins differently. An escape
/// of an unreserved character is equal to the character (RFC 3986 §6.2.2.2): "/%61pi/x" begins with
/// "/api". `prefix` holds unreserved characters and slashes alone.
std::optional<std::string_view> behind_prefix(std::string_view path, std::string_view prefix);

/// The first value of a query parameter, still encoded; nothing if the name is absent.
std::optional<std::string_view> query_value(std::string_view query, std::string_view name);

}  // namespace intermission::http
