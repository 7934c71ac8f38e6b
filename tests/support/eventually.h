// For what cannot be waited for, and is looked at often instead.
#pragma once

#include <chrono>
#include <thread>

#include "support/wire_client.h"

namespace intermission::testing {

/// Whether the condition comes to hold before WireClient::kLimit has passed.
template <typename Condition>
bool eventually(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + WireClient::kLimit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));  // so that others can work
  }
  return true;
}

}  // namespace intermission::testing
