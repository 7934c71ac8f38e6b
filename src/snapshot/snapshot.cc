#include "snapshot/snapshot.h"

#include <openssl/crypto.h>

#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace intermission::snapshot {
namespace {

using ServicePtr = std::shared_ptr<const Service>;
using ConfiguredPtr = std::shared_ptr<const catalog::Service>;

// What the Snapshot before knew of a service, by its name.
class Known {
 public:
  explicit Known(std::span<const ServicePtr> services) {
    by_name_.reserve(services.size());
    for (const ServicePtr& service : services) by_name_[service->configured->name] = &service;
  }

  /// Null if it was configured otherwise, or not at all.
  ServicePtr find(const ConfiguredPtr& configured) const {
    const auto known = by_name_.find(configured->name);
    if (known == by_name_.end()) return nullptr;
    const ServicePtr& service = *known->second;
    const bool same = service->configured == configured || *service->configured == *configured;
    return same ? service : nullptr;
  }

 private:
  std::unordered_map<std::string_view, const ServicePtr*> by_name_;
};

// libcrypto reads its configuration file at first use, and a client would wait for that.
void load_crypto() {
  OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr);
}

}  // namespace

Snapshot::Snapshot(CatalogPtr catalog, const Snapshot* previous) : catalog_(std::move(catalog)) {
  load_crypto();
  const Known known(previous == nullptr ? std::span<const ServicePtr>{} : previous->services_);
  const std::size_t count = catalog_->services().size();
  services_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    ConfiguredPtr configured = catalog_->share_service(i);
    ServicePtr service = known.find(configured);
    if (!service) service = std::make_shared<const Service>(std::move(configured));
    services_.push_back(std::move(service));
  }
}

Snapshot::Snapshot(catalog::Catalog catalog, const Snapshot* previous)
    : Snapshot(std::make_shared<const catalog::Catalog>(std::move(catalog)), previous) {}

std::shared_ptr<const Snapshot> Snapshot::renewed() const {
  auto next = std::make_shared<Snapshot>(catalog_, this);
  for (ServicePtr& service : next->services_) {
    if (service->is_worn()) service = std::make_shared<const Service>(service->configured);
  }
  return next;
}

}  // namespace intermission::snapshot
