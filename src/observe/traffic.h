// All that was counted, over every worker.
//
//   Traffic traffic;
//   Handler(publisher, clock, draw, traffic.observer());     // one for each worker
//   traffic.callers();                                       // from any thread
#pragma once

#include <memory>
#include <vector>

#include "base/mutex.h"
#include "gateway/observer.h"
#include "observe/counts.h"
#include "observe/tally.h"

namespace intermission::observe {

/// Any thread. What a worker counted stays when the worker has ended.
class Traffic {
 public:
  /// At most so many callers are listed: those that called in most minutes, and of equals most
  /// often. Those that are counted together, as "others", come on top.
  static constexpr std::size_t kMostCallers = Tally::kMostCallers;

  std::unique_ptr<gateway::Observer> observer();

  /// By service, kind and status.
  std::vector<AnswerCount> answers() const;
  /// Who called last comes first.
  std::vector<Caller> callers() const;
  /// By service.
  std::vector<BypassCount> bypasses() const;
  /// Of the sixty minutes that end with that of `now`: by minute, service and kind.
  std::vector<MinuteCount> history(base::TimePoint now) const;
  Latencies latencies() const;

 private:
  std::vector<std::shared_ptr<Tally>> tallies() const;

  mutable base::Mutex mutex_;
  std::vector<std::shared_ptr<Tally>> tallies_ GUARDED_BY(mutex_);
};

}  // namespace intermission::observe
