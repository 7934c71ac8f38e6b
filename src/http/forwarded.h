// What proxies write down of the request that they pass on: Forwarded (RFC 7239) and its older
// cousin X-Forwarded-For.
//
//   Forwarded: for=192.0.2.60;proto=http;host=orders.example.com, for="[2001:db8::7]:4711"
//   X-Forwarded-For: 192.0.2.60, 2001:db8::7
//
//   Forwarded         = element *( OWS "," OWS element )              no empty element
//   element           = [ pair ] *( OWS ";" OWS [ pair ] )            one pair or more
//   pair              = token "=" ( token / quoted-string )           no name twice, no quoted-pair
//   X-Forwarded-For   = member *( OWS "," OWS member )                no empty member
//   node (RFC 7239 §6) = nodename [ ":" node-port ]
//   nodename          = IPv4address / "[" IPv6address "]" / "unknown" / obfuscated
//   node-port         = 1*5DIGIT / obfuscated
//   obfuscated        = "_" 1*( ALPHA / DIGIT / "." / "_" / "-" )
//   member            = node / IPv6address
//
// White space around ";" is more than RFC 7239 has; senders write it, and nothing hides in it.
// Whatever else breaks these rules makes the whole field malformed: what a router appended may
// stand inside a quote that the client opened.
//
// Any client can send this field: the caller decides first which senders to trust.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "http/address.h"
#include "http/request.h"

namespace intermission::http {

/// One hop, as one element of the list tells it. What it does not tell is empty; values are
/// without their quotes.
struct Hop {
  std::string_view sender;  // "for": a node (RFC 7239 §6), perhaps with a port
  std::string_view host;
  std::string_view proto;
};

/// Takes the first element off `list`, the value of a Forwarded field, which is not empty. The list
/// is empty after the last. Nothing where the element, or what stands before the next one, is
/// malformed; the rest of the list is meaningless then.
std::optional<Hop> take_hop(std::string_view& list);

/// A node, or an IPv6 address without brackets.
struct Node {
  bool well_formed = false;
  std::optional<Address> address;  // nothing for "unknown" and obfuscated names
};
Node read_node(std::string_view text);

/// The host that the client asked for, by the first hop that tells one; else empty. What stands
/// behind something malformed is not read.
std::string_view forwarded_host(FieldValues forwarded);
/// The same of proto.
std::string_view forwarded_proto(FieldValues forwarded);

/// Who sent a request that came from one of the proxies that are trusted: the last sender in the
/// list that is not one of them, or the first of all. Nothing where the sender has no address,
/// where a field is malformed, or where the two fields say different things: a proxy that writes
/// one of them passes on what the client wrote into the other.
std::optional<Address> client_of(const Request& request, std::span<const Network> trusted);

bool is_in(const Address& address, std::span<const Network> networks);

}  // namespace intermission::http
