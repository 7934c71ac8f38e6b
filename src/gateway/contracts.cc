#include "gateway/contracts.h"

#include <algorithm>
#include <utility>

#include "contract/wsdl.h"

namespace intermission::gateway {
namespace {

bool names_contract(const catalog::Service& service) {
  return !service.wsdl_file.empty();
}

void read_wsdl(catalog::Service& service, std::vector<base::Error>& problems) {
  if (service.wsdl_file.empty()) return;
  auto wsdl = contract::Wsdl::read(service.wsdl_file);
  if (wsdl) {
    service.wsdl = std::move(*wsdl);
    return;
  }
  base::Error problem = wsdl.error();
  problem.message += " (service " + service.name + " is answered for as without a WSDL)";
  problems.push_back(std::move(problem));
}

}  // namespace

Contracts read_contracts(catalog::Catalog catalog) {
  const auto configured = catalog.services();
  if (std::none_of(configured.begin(), configured.end(), names_contract)) {
    return {std::move(catalog), {}};
  }
  std::vector<catalog::Service> services(configured.begin(), configured.end());
  std::vector<base::Error> problems;
  for (catalog::Service& service : services) read_wsdl(service, problems);
  catalog::Service fallback = std::move(services.back());
  services.pop_back();
  return {catalog::Catalog(std::move(services), std::move(fallback), catalog.trusted_proxies()),
          std::move(problems)};
}

}  // namespace intermission::gateway
