// Called for every answer, after it was made and before it is sent. It is all that the handler
// knows of counting and logging.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.h"
#include "gateway/outcome.h"
#include "http/request.h"
#include "http/response.h"

namespace intermission::gateway {

/// One answer. References are good during the call.
struct Answered {
  const http::Request& request;
  const http::Response& response;
  const Outcome& outcome;
  base::TimePoint now;
  /// From the complete request to the finished answer. Only of some: see Handler.
  std::optional<std::chrono::nanoseconds> took;
};

/// One per worker, used by that worker's thread only. Must not throw, wait, or take long: the
/// client's answer stands behind it.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void answered(const Answered& answered) = 0;
};

}  // namespace intermission::gateway
