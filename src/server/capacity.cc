#include "server/capacity.h"

#include <algorithm>

namespace intermission::server {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1024} * 1024;

// Each worker: its reactor's two, a listening socket, a timer and an eventfd.
constexpr std::uint64_t kDescriptorsOfAWorker = 5;
// For a configuration that is read again, the state file, logs that are opened again.
constexpr std::uint64_t kFiles = 12;

constexpr std::uint64_t kMostOperators = 256;
constexpr std::uint64_t kMostStreams = 64;

constexpr std::uint64_t kLeastMemory = 8 * kMiB;
constexpr std::uint64_t kMostMemory = 256 * kMiB;
constexpr std::uint64_t kOperatorsMemory = 4 * kMiB;

std::uint64_t minus(std::uint64_t a, std::uint64_t b) {
  return a - std::min(a, b);
}

void share_descriptors(unsigned workers, const Machine& machine, Capacity& out) {
  out.control.connections = kMostOperators;
  if (machine.descriptors != 0) {
    const std::uint64_t own = machine.open + kDescriptorsOfAWorker * (workers + 1) + kFiles;
    const std::uint64_t left = std::max<std::uint64_t>(minus(machine.descriptors, own), 2);
    const std::uint64_t share = std::max(left / 8, std::min<std::uint64_t>(left / 2, 16));
    out.control.connections = std::min(kMostOperators, share);
    const std::uint64_t clients = left - out.control.connections;
    if (out.data.connections > clients) {
      out.warnings.push_back("limits.connections is reduced from " +
                             std::to_string(out.data.connections) + " to " +
                             std::to_string(clients) + ": the process may have " +
                             std::to_string(machine.descriptors) + " descriptors (ulimit -Hn)");
      out.data.connections = clients;
    }
  }
  out.streams = std::clamp<std::uint64_t>(out.control.connections / 4, 1, kMostStreams);
}

std::string in_mib(std::uint64_t bytes) {
  return std::to_string(bytes / kMiB) + " MiB";
}

void share_memory(const Machine& machine, Capacity& out) {
  std::uint64_t& bytes = out.data.buffered_bytes;
  const bool chosen = bytes == 0;
  if (chosen) bytes = std::clamp(machine.memory / 4, kLeastMemory, kMostMemory);
  out.control.buffered_bytes = kOperatorsMemory;
  out.memory = "connections may hold " + in_mib(bytes) + " (limits.buffered_bytes)";
  if (machine.memory == 0) return;
  out.memory += " of the " + in_mib(machine.memory) + " that this process may use";
  if (!chosen && bytes > machine.memory / 2) {
    out.warnings.push_back(
        "limits.buffered_bytes is more than half of the memory that this "
        "process may use: " +
        in_mib(bytes) + " of " + in_mib(machine.memory));
  }
}

}  // namespace

Capacity plan_capacity(const http::Limits& wanted, unsigned workers, const Machine& machine) {
  Capacity out;
  out.data = wanted;
  share_descriptors(workers, machine, out);
  share_memory(machine, out);
  return out;
}

}  // namespace intermission::server
