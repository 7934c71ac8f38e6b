// One of the gateways that share a State, as it describes itself.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace intermission::control {

struct Instance {
  std::string id;             // made at random when it starts
  std::string name;           // for people
  std::string address;        // where it answers clients
  std::string program;        // its version
  std::string configuration;  // a digest of what must be the same everywhere
  std::uint64_t version = 0;  // of the State that it has in force
  std::string held;           // services in maintenance at it alone, separated by ", "
  bool is_self = false;       // the one that asks
  base::Seconds ago{0};       // since it was seen
  std::string mark = {};      // another one with every beat
};

}  // namespace intermission::control
