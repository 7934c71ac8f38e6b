// What proxies write down of the request that they pass on: Forwarded (RFC 7239) and its older
// cousin X-Forwarded-For.
//
//   Forwarded: for=192.0.2.60;proto=http;host=orders.example.com, for="[2001:db8::7]:4711"
//   X-Forwarded-For: 192.0.2.60, 2001:db8::7
//
// Anybody can write such a field: whoever reads one decides first whom to believe.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "http/address.h"
#include "http/request.h"

namespace intermission::http {

/// One hop, as one element of the list tells it. What it does not tell is empty; values are
/// without their quotes. One with a quoted-pair, which no address or host needs, counts as untold.
struct Hop {
  std::string_view sender;  // "for": a node (RFC 7239 §6), perhaps with a port
  std::string_view host;
  std::string_view proto;
};

/// Takes the first element off `list`, the value of a Forwarded field; the list is empty after the
/// last. Never fails: what is malformed is left out.
Hop take_hop(std::string_view& list);

/// The address in a node: 192.0.2.60, 192.0.2.60:4711, [2001:db8::7]:4711, 2001:db8::7. Nothing
/// for "unknown", a made-up name and nonsense.
std::optional<Address> address_of_node(std::string_view node);

/// The host that the client asked for, by the first hop that tells one; else empty.
std::string_view forwarded_host(FieldValues forwarded);
/// The same of proto.
std::string_view forwarded_proto(FieldValues forwarded);

/// Who sent a request that came from `peer`, one of the proxies that are trusted: the last sender
/// in the list that is not one of them, or the first of all. Nothing where it has no address, or
/// where the two fields say different things: a proxy that writes one of them passes on what the
/// client wrote into the other.
std::optional<Address> client_of(const Request& request, std::span<const Network> trusted);

bool is_in(const Address& address, std::span<const Network> networks);

}  // namespace intermission::http
