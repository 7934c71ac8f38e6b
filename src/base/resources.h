// What this process may use of the machine: memory and file descriptors.
//
// Memory is bounded by control groups, each by all that it lies in: version 2 writes memory.max
// and memory.high (kernel, admin-guide/cgroup-v2), version 1 memory.limit_in_bytes.
#pragma once

#include <cstdint>
#include <filesystem>

namespace intermission::base {

/// Bytes of memory: the least that the control groups of this process and the machine give. 0 where
/// nothing can be found out. `root` is where the files of the system are.
std::uint64_t available_memory(const std::filesystem::path& root = "/");

/// Raises the soft limit of file descriptors to the hard one; returns how many there may be then.
std::uint64_t raise_descriptor_limit();

/// How many file descriptors are open now.
std::uint64_t open_descriptors();

}  // namespace intermission::base
