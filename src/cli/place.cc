#include "cli/place.h"

#include "catalog/operator_settings.h"
#include "control/token.h"

namespace intermission::cli {

std::string own_address(const std::string& listened) {
  if (listened == "0.0.0.0") return "127.0.0.1";
  return listened == "::" ? "::1" : listened;
}

std::string reachable(const std::string& listened) {
  const std::string address = own_address(listened);
  return address.find(':') == std::string::npos ? address : '[' + address + ']';
}

base::Result<Place> place_of_operators(const std::string& config) {
  const auto settings = catalog::operator_settings(config);
  if (!settings) return settings.error();
  const catalog::Control& control = settings->control;
  const std::string scheme = control.tls ? "https://" : "http://";
  return Place{scheme + reachable(control.address) + ":" + std::to_string(control.port),
               control::token_file(settings->state),
               control.tls ? control.tls->certificate.path : ""};
}

}  // namespace intermission::cli
