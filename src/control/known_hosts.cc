#include "control/known_hosts.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace intermission::control {
namespace {

constexpr std::string_view kLoopback[] = {"127.0.0.0/8", "::1"};

// IPv6 addresses stand in brackets in Host, and nowhere else.
std::optional<http::Address> address_in(std::string_view host) {
  const bool brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  const bool has_colon = host.find(':') != std::string_view::npos;
  if (brackets != has_colon) return {};
  return http::Address::parse(brackets ? host.substr(1, host.size() - 2) : host);
}

}  // namespace

KnownHosts::KnownHosts(std::string_view bound, std::vector<std::string> names)
    : names_(std::move(names)) {
  names_.emplace_back("localhost");
  const bool any = bound == "0.0.0.0" || http::Address::parse(bound) == http::Address{};
  if (any) networks_.push_back(*http::Network::parse("::/0"));
  for (const std::string_view loopback : kLoopback) {
    networks_.push_back(*http::Network::parse(loopback));
  }
  if (const auto own = http::Network::parse(bound)) networks_.push_back(*own);
  for (const std::string& name : names_) {
    if (const auto address = address_in(name)) {
      networks_.push_back(*http::Network::parse(address->text()));
    }
  }
}

bool KnownHosts::know(std::string_view host) const {
  if (const auto address = address_in(host)) {
    return std::ranges::any_of(networks_,
                               [&](const auto& network) { return network.contains(*address); });
  }
  return std::ranges::any_of(names_,
                             [&](const std::string& name) { return base::iequals(host, name); });
}

}  // namespace intermission::control
