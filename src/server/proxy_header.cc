#include "server/proxy_header.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string>

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

bool is_address(int family, std::string_view text) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return inet_pton(family, std::string(text).c_str(), ignored.data()) == 1;
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

// The line behind "PROXY ", without its CRLF.
bool is_line(std::string_view line) {
  const std::string_view family = word(line);
  if (family == "UNKNOWN") return true;
  if (family != "TCP4" && family != "TCP6") return false;
  const int address_family = family == "TCP4" ? AF_INET : AF_INET6;
  const bool addresses =
      is_address(address_family, word(line)) && is_address(address_family, word(line));
  return addresses && is_port(word(line)) && is_port(line);
}

ProxyHeader read_version_1(std::string_view bytes) {
  const auto end = bytes.substr(0, kMaxLine).find("\r\n");
  if (end == std::string_view::npos) {
    return {bytes.size() < kMaxLine ? Verdict::kMore : Verdict::kNone, 0};
  }
  if (!is_line(bytes.substr(kMark1.size(), end - kMark1.size()))) return {Verdict::kNone, 0};
  return {Verdict::kWhole, end + 2};
}

// LOCAL (0) is the router's own, for example a health check; PROXY (1) speaks for a client.
// Families that we do not know are skipped by their length, as the protocol asks.
ProxyHeader read_version_2(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  constexpr unsigned kVersion = 0x20;
  if (bytes.size() > kMark2.size() && (byte(12) & 0xf0U) != kVersion) return {Verdict::kNone, 0};
  if (bytes.size() > kMark2.size() && (byte(12) & 0x0fU) > 1) return {Verdict::kNone, 0};
  if (bytes.size() < kFixed) return {Verdict::kMore, 0};
  const std::size_t size = kFixed + byte(14) * 256U + byte(15);
  if (size > kMaxProxyHeader) return {Verdict::kNone, 0};
  return {bytes.size() < size ? Verdict::kMore : Verdict::kWhole, size};
}

}  // namespace

ProxyHeader read_proxy_header(std::string_view bytes) {
  if (agree(bytes, kMark2)) {
    return bytes.size() < kMark2.size() ? ProxyHeader{} : read_version_2(bytes);
  }
  if (agree(bytes, kMark1)) {
    return bytes.size() < kMark1.size() ? ProxyHeader{} : read_version_1(bytes);
  }
  return {Verdict::kNone, 0};
}

}  // namespace intermission::server
