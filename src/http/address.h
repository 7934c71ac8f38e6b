// Addresses of clients and routers, and blocks of them as a configuration names them:
// "10.0.0.0/8", "2001:db8::/32", or one address alone. IPv4 is held as ::ffff:a.b.c.d (RFC 4291
// §2.5.5.2), so that it does not matter on which kind of socket a client was met.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace intermission::http {

struct Address {
  std::array<std::uint8_t, 16> bytes{};

  /// Numeric, IPv4 or IPv6.
  static std::optional<Address> parse(std::string_view text);
  static Address from_ipv4(const std::array<std::uint8_t, 4>& bytes);

  /// As parse() reads it: "192.0.2.7", "2001:db8::7".
  std::string text() const;

  bool operator==(const Address&) const = default;
};

class Network {
 public:
  /// An address, or an address, "/" and the number of bits that count.
  static std::optional<Network> parse(std::string_view text);

  bool contains(const Address& address) const;

  bool operator==(const Network&) const = default;

 private:
  Address base_;
  unsigned bits_ = 0;  // of 128
};

}  // namespace intermission::http
