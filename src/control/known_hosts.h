// Which names the control listener answers to. A page of another site can make its own name lead
// to this machine (DNS rebinding), and its scripts then count as same-origin; but the browser still
// sends that name in Host.
//
//   KnownHosts hosts("127.0.0.1", {"ops.example.com"});
//   hosts.know("localhost")         // true
//   hosts.know("evil.example")      // false
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/address.h"

namespace intermission::control {

class KnownHosts {
 public:
  /// `bound` is the address that the listener is bound to, numeric. `names` are those of the
  /// configuration, names or addresses.
  KnownHosts(std::string_view bound, std::vector<std::string> names);

  /// `host` as Host says it, without the port: ports differ behind tunnels (`ssh -L`). Known are
  /// localhost, loopback addresses, the bound address and the configured names; where the
  /// listener is bound to all addresses, every numeric address, for a number is no name that
  /// could be made to lead here.
  bool know(std::string_view host) const;

 private:
  std::vector<std::string> names_;
  std::vector<http::Network> networks_;
};

}  // namespace intermission::control
