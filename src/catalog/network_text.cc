#include "catalog/network_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/text.h"
#include "catalog/node.h"
#include "http/address.h"

namespace intermission::catalog {
namespace {

constexpr unsigned kBits = 128;
constexpr unsigned kIpv4Bits = 32;

http::Address masked(http::Address address, unsigned bits) {
  for (std::size_t i = 0; i < address.bytes.size(); ++i) {
    const unsigned counted = std::min(bits - std::min(bits, static_cast<unsigned>(8 * i)), 8U);
    address.bytes[i] = static_cast<std::uint8_t>(address.bytes[i] & (0xff00U >> counted));
  }
  return address;
}

// "::ffff:0:0/96" is all of IPv4 in the clothes of IPv6.
bool is_wide(const http::Address& address, unsigned bits) {
  constexpr unsigned kWideIpv4 = kBits - kIpv4Bits + 8;
  constexpr unsigned kWideIpv6 = 16;
  constexpr unsigned kPrivate = 7;
  if (address.text().find(':') == std::string::npos && bits >= kBits - kIpv4Bits) {
    return bits < kWideIpv4;
  }
  const bool is_private = bits >= kPrivate && (address.bytes[0] & 0xfeU) == 0xfc;
  return bits < kWideIpv6 && !is_private;
}

}  // namespace

std::optional<NetworkText> network_text(std::string_view text) {
  if (!http::Network::parse(text)) return {};
  const auto slash = text.find('/');
  const auto address = http::Address::parse(text.substr(0, slash));
  const bool is_ipv4 = text.find(':') == std::string_view::npos;
  const unsigned most = is_ipv4 ? kIpv4Bits : kBits;
  const auto given = slash == std::string_view::npos
                         ? most
                         : static_cast<unsigned>(*base::parse_number(text.substr(slash + 1)));
  const unsigned bits = kBits - most + given;
  const http::Address base = masked(*address, bits);
  return NetworkText{base.text() + (given == most ? "" : "/" + std::to_string(given)),
                     base == *address, is_wide(base, bits)};
}

std::vector<std::string> wide_networks(const document::Document& configuration) {
  std::vector<std::string> warnings;
  const auto look = [&](const Node& list, std::string_view may) {
    for (const Node& item : list.items()) {
      const auto text = network_text(item.text());
      if (!text || !text->is_wide) continue;
      warnings.push_back(
          item.error(text->meant + " is very wide: everybody in it " + std::string(may)).text());
    }
  };
  const Node root(configuration);
  look(root["trusted_proxies"],
       "is believed about the client's address, host and URL. Name your routers alone");
  look(root["listen"]["proxy_protocol"],
       "may name any client's address, and must send a PROXY header. Name your routers alone");
  look(root["limits"]["exempt_addresses"],
       "may open any number of connections. Name your routers alone");
  for (const Node& service : root["services"].items()) {
    look(service["bypass"]["addresses"], "passes the gate as a tester. Name your testers alone");
  }
  return warnings;
}

}  // namespace intermission::catalog
