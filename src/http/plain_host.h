// A host that every server reads alike, for decisions that must not depend on who reads it.
//
//   authority = host [ "." ] [ ":" port ]           the parts as in host.h
//
//   plain_host("Orders.example.com:8443")               "Orders.example.com"
//   plain_host("orders.example.com:x@shop.example.com") nothing: two hosts, by two readers
#pragma once

#include <optional>
#include <string_view>

namespace intermission::http {

/// The host of an authority, as sent, without its port and a trailing dot. Nothing where another
/// reader may see another host: user information, a backslash, a port that is no number, escapes,
/// bytes outside ASCII, an empty label, a number that is an IPv4 address in another spelling
/// (0x7f.1), an IPv6 literal that stands for an IPv4 address, a label that decodes to ASCII
/// (xn--orders-). An empty authority is nothing, too.
std::optional<std::string_view> plain_host(std::string_view authority);

}  // namespace intermission::http
