// What a gateway can carry on the machine that it runs on: how many connections its descriptors
// are enough for, with some kept back for operators and for files, and how many bytes those may
// hold.
//
//   descriptors   own | files | operators: an eighth, 16 to 256 | clients: the rest
//   memory        program | what connections hold: a quarter, 8 MiB to 256 MiB | allocator, kernel
//
// A pure function.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "http/limits.h"

namespace intermission::server {

/// Of a process that has opened what it needs, but for its listeners. 0 where it is not known.
struct Machine {
  std::uint64_t memory = 0;       // bytes
  std::uint64_t descriptors = 0;  // the limit
  std::uint64_t open = 0;         // descriptors
};

struct Capacity {
  http::Limits data;          // of the listener for clients
  http::Limits control;       // of the listener for operators, which has one worker
  std::uint64_t streams = 0;  // of events, at the same time, on that listener
  std::string memory;         // what was chosen, for the log
  std::vector<std::string> warnings;
};

/// `wanted` is what the configuration says.
Capacity plan_capacity(const http::Limits& wanted, unsigned workers, const Machine& machine);

}  // namespace intermission::server
