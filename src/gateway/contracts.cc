#include "gateway/contracts.h"

#include <algorithm>
#include <utility>

#include "contract/api_contract.h"
#include "contract/wsdl.h"

namespace intermission::gateway {
namespace {

bool names_contract(const catalog::Service& service) {
  return !service.wsdl_file.empty() || !service.contract_file.empty();
}

void read_api(catalog::Service& service, std::vector<base::Error>& problems) {
  if (service.contract_file.empty()) return;
  auto contract = contract::ApiContract::load(service.contract_file);
  if (contract) {
    service.contract = std::move(*contract);
    return;
  }
  base::Error problem = contract.error();
  problem.message += " (service " + service.name + " is answered for as without a contract)";
  problems.push_back(std::move(problem));
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
  for (catalog::Service& service : services) {
    read_api(service, problems);
    read_wsdl(service, problems);
  }
  catalog::Service fallback = std::move(services.back());
  services.pop_back();
  return {catalog::Catalog(std::move(services), std::move(fallback), catalog.trusted_proxies()),
          std::move(problems)};
}

}  // namespace intermission::gateway
