// What all commands share: where the configuration comes from, and how they tell what is wrong.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/configuration.h"

namespace intermission::program {

// Exit codes.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrong = 2;  // usage or configuration

inline constexpr const char* kBypassKey = "INTERMISSION_BYPASS_KEY";

/// A variable of the environment; nothing where it is absent or empty.
std::optional<std::string> environment(const char* name);

/// The secret that signs links, from INTERMISSION_BYPASS_KEY or its twin with _FILE; nothing where
/// neither is set.
base::Result<std::optional<std::string>> bypass_key();

/// On standard error, with the program's name.
void tell(const std::string& problem);

/// Tells why the command cannot be done; returns kWrong.
int fail(const std::string& why);

/// The number in `text`, which `name` gave; `configured` where it is empty.
base::Result<std::uint16_t> chosen_port(const char* name, const std::string& text,
                                        std::uint16_t configured);

/// Where clients are answered: as --port says, else PORT, else the configuration.
base::Result<std::uint16_t> data_port(const std::string& flag, std::uint16_t configured);

/// `file` is --config's value, which beats INTERMISSION_CONFIG; without either there is no
/// file and the built-in configuration answers.
struct Source {
  std::string file;
  /// Hears of contracts that cannot be used; their services are answered for without them.
  std::function<void(const std::string&)> warn = tell;

  /// `problems`, if given, gets those contracts' errors as well.
  base::Result<catalog::Configuration> load(std::vector<base::Error>* problems = nullptr) const;
};

}  // namespace intermission::program
