// The keys that `defaults` hands down to services. Each is listed here, and nowhere else: what
// reads a service, what keeps the defaults and the test against schemas/config.schema.json go
// through this table.
//
// title, message, outage_message, language and maintenance are inherited by rules of their own, see
// load.cc; rules are not inherited.
#pragma once

#include <span>
#include <string_view>

#include "catalog/node.h"
#include "catalog/readers.h"
#include "catalog/service.h"

namespace intermission::catalog {

struct InheritableKey {
  std::string_view name;
  /// Fills one member of `service` from the key's value, or from `inherited` where it is absent.
  /// The two may be the same service.
  void (*read)(const Node& value, const Service& inherited, Service& service, Problems& problems);
};

std::span<const InheritableKey> inheritable_keys();

/// Reads all of them from `node`, an entry of `services` or `defaults`.
void read_inheritable(const Node& node, const Service& inherited, Service& service,
                      Problems& problems);

}  // namespace intermission::catalog
