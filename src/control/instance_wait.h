// Waiting until a change is in force at every instance: the body of the answer to a call with
// ?wait=5s, which is complete once all have it, or time is up.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "control/instance.h"
#include "control/json_text.h"
#include "control/store.h"
#include "http/stream.h"

namespace intermission::control {

/// An instance that was not seen for so long is not waited for.
inline constexpr base::Seconds kLiving{10};

/// Living ones that do not have that version in force. The one that asks has it.
std::vector<Instance> instances_behind(const std::vector<Instance>& all, std::uint64_t version);

/// Of configurations that differ, or instances that hold services by themselves, for operators.
std::vector<std::string> instance_warnings(const std::vector<Instance>& all);

void write_instances(const std::vector<Instance>& all, JsonText& json);

class InstanceWait final : public http::Stream {
 public:
  /// `before` is the body up to the member that this adds, without its closing brace. `store`
  /// outlives it.
  InstanceWait(Store& store, std::uint64_t version, std::chrono::milliseconds patience,
               std::string before);

  bool read(std::string& out) override;

 private:
  Store& store_;
  const std::uint64_t version_;
  const std::chrono::steady_clock::time_point until_;
  std::string before_;
};

}  // namespace intermission::control
