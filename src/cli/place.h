// Where a gateway is found by the commands of its own machine.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace intermission::cli {

/// The control listener and its token, where neither the command line nor the environment names
/// them.
struct Place {
  std::string url;
  std::string token_file;
  std::string certificate = {};  // a file: what the gateway at `url` shows; empty without TLS
};

/// Called with the value of --config, which may be empty, when a place is needed.
using FindPlace = std::function<base::Result<Place>(const std::string& config)>;

/// That of a gateway with that configuration, whatever else is wrong with the file. An error where
/// it cannot be read: the gateway at the default place may be another.
base::Result<Place> place_of_operators(const std::string& config);

/// The address at which this machine reaches what listens on `listened`.
std::string own_address(const std::string& listened);

/// The same as the host of a URL.
std::string reachable(const std::string& listened);

}  // namespace intermission::cli
