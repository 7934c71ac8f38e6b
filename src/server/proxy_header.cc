#include "server/proxy_header.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace intermission::server {
namespace {

using Verdict = ProxyHeader::Verdict;

constexpr std::string_view kMark1 = "PROXY ";
constexpr std::string_view kMark2{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t kMaxLine = 107;  // of version 1, CRLF included
constexpr std::size_t kFixed = 16;     // of version 2, before the addresses

// Whether both agree as far as both go.
bool agree(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  return a.substr(0, common) == b.substr(0, common);
}

// Only those of `family`: ":" is in all IPv6 addresses and in no other.
std::optional<http::Address> address_in(std::string_view family, std::string_view text) {
  const bool is_v6 = text.find(':') != std::string_view::npos;
  return is_v6 == (family == "TCP6") ? http::Address::parse(text) : std::nullopt;
}

bool is_port(std::string_view text) {
  const auto number = base::parse_number(text);
  return number && *number <= 65535;
}

// Cuts the next word off, which a single space ends.
std::string_view word(std::string_view& rest) {
  const auto end = rest.find(' ');
  const std::string_view cut = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return cut;
}

// `line` is what stands behind "PROXY ", without its CRLF.
ProxyHeader read_line(std::string_view line, std::size_t size) {
  const std::string_view family = word(line);
  if (family == "UNKNOWN") return {Verdict::kWhole, size};
  if (family != "TCP4" && family != "TCP6") return {Verdict::kNone};
  const auto source = address_in(family, word(line));
  const auto destination = address_in(family, word(line));
  const bool has_ports = is_port(word(line)) && is_port(line);
  if (!source || !destination || !has_ports) return {Verdict::kNone};
  return {Verdict::kWhole, size, source};
}

ProxyHeader read_version_1(std::string_view bytes) {
  const auto end = bytes.substr(0, kMaxLine).find("\r\n");
  if (end == std::string_view::npos) {
    return {bytes.size() < kMaxLine ? Verdict::kMore : Verdict::kNone};
  }
  return read_line(bytes.substr(kMark1.size(), end - kMark1.size()), end + 2);
}

// The source comes first; of families without addresses there is none.
std::optional<http::Address> source_in(unsigned family, std::string_view addresses) {
  constexpr unsigned kInet = 0x10;
  constexpr unsigned kInet6 = 0x20;
  constexpr std::size_t kInetSize = 12;  // two addresses and two ports
  constexpr std::size_t kInet6Size = 36;
  if ((family & 0xf0U) == kInet && addresses.size() >= kInetSize) {
    std::array<std::uint8_t, 4> source{};
    std::copy_n(addresses.begin(), source.size(), source.begin());
    return http::Address::from_ipv4(source);
  }
  if ((family & 0xf0U) == kInet6 && addresses.size() >= kInet6Size) {
    http::Address source;
    std::copy_n(addresses.begin(), source.bytes.size(), source.bytes.begin());
    return source;
  }
  return {};
}

// LOCAL (0) is the router's own, for example a health check; PROXY (1) speaks for a client.
// Families that we do not know are skipped by their length, as the protocol asks.
ProxyHeader read_version_2(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  constexpr unsigned kVersion2 = 0x20;
  if (bytes.size() > kMark2.size() && (byte(12) & 0xf0U) != kVersion2) return {Verdict::kNone};
  if (bytes.size() > kMark2.size() && (byte(12) & 0x0fU) > 1) return {Verdict::kNone};
  if (bytes.size() < kFixed) return {Verdict::kMore};
  const std::size_t size = kFixed + byte(14) * 256U + byte(15);
  if (size > kMaxProxyHeader) return {Verdict::kNone};
  if (bytes.size() < size) return {Verdict::kMore, size};
  const bool is_local = (byte(12) & 0x0fU) == 0;
  const auto source =
      is_local ? std::nullopt : source_in(byte(13), bytes.substr(kFixed, size - kFixed));
  return {Verdict::kWhole, size, source};
}

}  // namespace

ProxyHeader read_proxy_header(std::string_view bytes) {
  if (agree(bytes, kMark2)) {
    return bytes.size() < kMark2.size() ? ProxyHeader{} : read_version_2(bytes);
  }
  if (agree(bytes, kMark1)) {
    return bytes.size() < kMark1.size() ? ProxyHeader{} : read_version_1(bytes);
  }
  return {Verdict::kNone};
}

}  // namespace intermission::server
