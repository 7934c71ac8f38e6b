// Where the configuration comes from.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/configuration.h"
#include "program/outcome.h"

namespace intermission::program {

inline constexpr const char* kBypassKey = "INTERMISSION_BYPASS_KEY";

/// The secret that signs links, from INTERMISSION_BYPASS_KEY or its twin with _FILE; nothing where
/// neither is set.
base::Result<std::optional<std::string>> bypass_key();

/// The number in `text`, which `name` gave; `configured` where it is empty.
base::Result<std::uint16_t> chosen_port(const char* name, const std::string& text,
                                        std::uint16_t configured);

/// The port for clients: that of --port, else of PORT, else of the configuration.
base::Result<std::uint16_t> data_port(const std::string& flag, std::uint16_t configured);

/// `file` is --config's value, which beats INTERMISSION_CONFIG; without either there is no
/// file and the built-in configuration answers.
struct Source {
  std::string file;
  /// Called for each contract that cannot be used; its service is answered for without it.
  std::function<void(const std::string&)> warn = tell;

  /// The file that is read; empty where there is none.
  std::string path() const;

  /// `problems`, if given, gets those contracts' errors as well.
  base::Result<catalog::Configuration> load(std::vector<base::Error>* problems = nullptr) const;
};

}  // namespace intermission::program
