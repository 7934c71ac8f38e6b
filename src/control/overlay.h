// The configuration with what operators did laid over it: the Catalog from which the Snapshot in
// force is compiled.
//
//   switched     beats `maintenance`
//   message      in place of the configured one
//   windows      beside the configured ones; a service that is off, or was switched off, becomes
//                a scheduled one by them
//   cancelled    of the configured windows those that begin then are left out
//   held         in maintenance, whatever is switched
#pragma once

#include <map>
#include <memory>
#include <string>

#include "catalog/catalog.h"
#include "control/state.h"

namespace intermission::control {

catalog::Service service_in_effect(const catalog::Service& configured, const ServiceState& state);

/// Services that no operator changed are shared with `configured`, and so are those that were in
/// effect `before`, if any, with the same configuration and state.
class Overlay {
 public:
  using CatalogPtr = std::shared_ptr<const catalog::Catalog>;

  CatalogPtr apply(const catalog::Catalog& configured, const State& state);

 private:
  struct Known {
    std::shared_ptr<const catalog::Service> configured;
    ServiceState state;
    std::shared_ptr<const catalog::Service> in_effect;
  };
  std::map<std::string, Known, std::less<>> known_;
};

}  // namespace intermission::control
