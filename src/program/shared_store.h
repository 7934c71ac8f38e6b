// Which store a gateway keeps its state in.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/configuration.h"
#include "control/database_address.h"
#include "control/instance.h"
#include "control/store.h"
#include "program/source.h"

namespace intermission::program {

inline constexpr const char* kDatabaseUrl = "INTERMISSION_DATABASE_URL";

/// The database that instances share, from --state-binding (`binding`, may be empty), the
/// environment or the configuration, which `source` was; nothing where none is named. An Error in
/// the configuration names its file and line.
base::Result<std::optional<control::DatabaseAddress>> chosen_database(
    const Source& source, const catalog::StateSettings& state, const std::string& binding);

/// What the operator has to know of an address that can be used: that the server is not verified,
/// that a file cannot be read, or that others may read the password.
std::vector<std::string> database_warnings(const Source& source,
                                           const control::DatabaseAddress& address);

/// How this instance describes itself to the others. On Cloud Foundry its name is "maintenance/1",
/// of the application and the index; elsewhere the machine and the port for clients, which is the
/// pod on Kubernetes.
control::Instance this_instance(std::uint16_t port);

struct StoreParts {
  const Source& source;  // its configuration is what instances are compared by
  const catalog::Configuration& configuration;
  std::string binding;
  std::uint16_t port = 0;  // of the data listener; 0: any
  const base::Clock& clock;
  std::function<void(const std::string&)> report;
};
/// What `parts` refers to outlives the store.
base::Result<std::unique_ptr<control::Store>> chosen_store(const StoreParts& parts);

/// A digest of what must be the same for all instances: the configuration but for its listeners,
/// limits, logs and state, with the contracts that it names. Empty where its file cannot be read
/// again.
std::string configuration_digest(const Source& source, const catalog::Configuration& configuration);

}  // namespace intermission::program
