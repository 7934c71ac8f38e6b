// Everything an answer needs, compiled from the configuration into one value: which services
// there are, whether each is in maintenance, and all that can be said for them.
//
// A new configuration makes a new Snapshot, which is swapped in whole; one that cannot be made
// leaves the old one serving. What did not change is not compiled or rendered again:
//
//   auto next = std::make_shared<Snapshot>(catalog, previous.get());
//
// Nothing in it changes but that texts are rendered when they are first asked for, which no
// reader can tell but by the time it takes. Reading needs no lock: any thread.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "catalog/catalog.h"
#include "snapshot/service.h"
#include "snapshot/vary_lines.h"

namespace intermission::snapshot {

class Snapshot {
 public:
  using CatalogPtr = std::shared_ptr<const catalog::Catalog>;

  /// Compiles the catalog, and takes over from `previous`, which may be null and is not kept,
  /// every service that is configured as it was there. Throws std::runtime_error only where
  /// memory ends or the catalog names an unknown dialect (the schema forbids it).
  explicit Snapshot(CatalogPtr catalog, const Snapshot* previous = nullptr);
  explicit Snapshot(catalog::Catalog catalog, const Snapshot* previous = nullptr);

  const catalog::Catalog& catalog() const { return *catalog_; }
  const CatalogPtr& shared_catalog() const { return catalog_; }
  /// By the index that Catalog::find returns.
  const Service& service(std::size_t index) const { return *services_[index]; }
  const VaryLines& vary_lines() const { return vary_lines_; }

  /// The same, without the notices of periods that have passed. Where wants_renewal() is
  /// true, it should take this one's place; until then this one grows a little with every new
  /// period.
  std::shared_ptr<const Snapshot> renewed() const;
  bool wants_renewal() const { return wants_renewal_.load(std::memory_order_relaxed); }
  void ask_for_renewal() const { wants_renewal_.store(true, std::memory_order_relaxed); }

  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  CatalogPtr catalog_;
  std::vector<std::shared_ptr<const Service>> services_;
  VaryLines vary_lines_;
  mutable std::atomic<bool> wants_renewal_{false};
};

}  // namespace intermission::snapshot
