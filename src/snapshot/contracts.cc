#include "snapshot/contracts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "interfaces/interface.h"
#include "openapi/api_contract.h"
#include "wsdl/wsdl.h"

namespace intermission::snapshot {
namespace {

bool names_contract(const catalog::Service& service) {
  const auto names = [&](const auto& one) { return !(service.*one.second).file.empty(); };
  return !service.wsdl_file.empty() || !service.contract_file.empty() ||
         std::any_of(catalog::kInterfaces.begin(), catalog::kInterfaces.end(), names);
}

// Who reads the service's own record knows which service it is about.
void add_problem(const base::Error& error, const catalog::NamedFile& file, std::string_view without,
                 catalog::Service& service, std::vector<base::Error>& problems) {
  base::Error problem = file.at_key(error);
  service.contract_errors.push_back(problem.text());
  problem.message +=
      fmt::format("; service {} is answered for without its {}", service.name, without);
  problems.push_back(std::move(problem));
}

void read_api(catalog::Service& service, std::vector<base::Error>& problems) {
  if (service.contract_file.empty()) return;
  auto contract = openapi::ApiContract::load(service.contract_file.path, service.contract_root);
  if (!contract)
    return add_problem(contract.error(), service.contract_file, "contract", service, problems);
  service.contract = std::move(*contract);
}

void read_wsdl(catalog::Service& service, std::vector<base::Error>& problems) {
  if (service.wsdl_file.empty()) return;
  auto wsdl = wsdl::Wsdl::read(service.wsdl_file.path, service.contract_root);
  if (!wsdl) return add_problem(wsdl.error(), service.wsdl_file, "WSDL", service, problems);
  service.wsdl = std::move(*wsdl);
}

void read_interface(std::string_view key, catalog::InterfaceDocument& document,
                    interfaces::ReadInterface (*read)(const catalog::Service&),
                    catalog::Service& service, std::vector<base::Error>& problems) {
  if (document.file.empty()) return;
  auto found = read(service);
  if (!found) return add_problem(found.error(), document.file, key, service, problems);
  document.read = std::move(*found);
}

void read_interfaces(catalog::Service& service, std::vector<base::Error>& problems) {
  using catalog::Service;
  read_interface(
      "protobuf document", service.protobuf,
      [](const Service& one) { return interfaces::read_protobuf(one.protobuf.file.path); }, service,
      problems);
  read_interface(
      "GraphQL schema", service.graphql_schema,
      [](const Service& one) { return interfaces::read_graphql(one.graphql_schema.file.path); },
      service, problems);
  read_interface(
      "AsyncAPI document", service.asyncapi,
      [](const Service& one) {
        return interfaces::read_asyncapi(one.asyncapi.file.path, one.contract_root);
      },
      service, problems);
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
    read_interfaces(service, problems);
  }
  catalog::Service fallback = std::move(services.back());
  services.pop_back();
  return {catalog::Catalog(std::move(services), std::move(fallback), catalog.front()),
          std::move(problems)};
}

}  // namespace intermission::snapshot
