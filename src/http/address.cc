#include "http/address.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/text.h"

namespace intermission::http {
namespace {

constexpr unsigned kBits = 128;
constexpr unsigned kIpv4Bits = 32;

bool is_ipv4(std::string_view text) {
  return text.find(':') == std::string_view::npos;
}

}  // namespace

Address Address::from_ipv4(const std::array<std::uint8_t, 4>& bytes) {
  Address out;
  out.bytes[10] = out.bytes[11] = 0xff;
  std::copy(bytes.begin(), bytes.end(), out.bytes.begin() + 12);
  return out;
}

std::optional<Address> Address::parse(std::string_view text) {
  const std::string whole(text);
  if (whole.find(char{0}) != std::string::npos) return {};
  if (is_ipv4(text)) {
    std::array<std::uint8_t, 4> bytes{};
    if (inet_pton(AF_INET, whole.c_str(), bytes.data()) != 1) return {};
    return from_ipv4(bytes);
  }
  Address out;
  if (inet_pton(AF_INET6, whole.c_str(), out.bytes.data()) != 1) return {};
  return out;
}

std::string Address::text() const {
  constexpr std::array<std::uint8_t, 12> kIpv4Prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const bool is_v4 = std::equal(kIpv4Prefix.begin(), kIpv4Prefix.end(), bytes.begin());
  std::array<char, INET6_ADDRSTRLEN> out{};
  inet_ntop(is_v4 ? AF_INET : AF_INET6, bytes.data() + (is_v4 ? kIpv4Prefix.size() : 0), out.data(),
            out.size());
  return out.data();
}

std::optional<Network> Network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = Address::parse(text.substr(0, slash));
  if (!address) return {};
  Network out;
  out.base_ = *address;
  out.bits_ = kBits;
  if (slash == std::string_view::npos) return out;
  const unsigned most = is_ipv4(text) ? kIpv4Bits : kBits;
  const auto bits = base::parse_number(text.substr(slash + 1));
  if (!bits || *bits > most) return {};
  out.bits_ = kBits - most + static_cast<unsigned>(*bits);
  return out;
}

bool Network::contains(const Address& address) const {
  const std::size_t whole = bits_ / 8;
  const auto difference =
      std::mismatch(base_.bytes.begin(), base_.bytes.end(), address.bytes.begin());
  const auto same = static_cast<std::size_t>(difference.first - base_.bytes.begin());
  if (same < whole) return false;
  if (bits_ % 8 == 0 || same > whole) return true;
  const unsigned apart = base_.bytes[whole] ^ address.bytes[whole];
  return apart >> (8 - bits_ % 8) == 0;
}

}  // namespace intermission::http
