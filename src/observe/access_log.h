// The access log: a line for each answer, written by a thread of its own, so that no client
// waits for a slow reader of the log.
//
//   auto log = AccessLog::open({.format = Format::kJson, .file = "access.log"});
//   if (!log) return fail(log.error());
//   Handler(publisher, clock, draw, (*log)->observer());   // one for each worker
//   (*log)->reopen();                                      // after the file was moved away
//
// Lines wait in a queue of kQueue; when it is full the oldest is lost, and lost() counts it, as
// it counts those that were not written because a disk or a pipe was full.
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "catalog/configuration.h"
#include "gateway/observer.h"

namespace intermission::observe {

/// Any thread. Opened with signals blocked, for its thread must not be the one that gets them.
class AccessLog {
 public:
  static constexpr std::size_t kQueue = 8192;

  /// A file that cannot be opened for appending is an Error. With Format::kOff it does nothing.
  static base::Result<std::unique_ptr<AccessLog>> open(const catalog::AccessLog& settings);

  /// Writes what still waits, as long as somebody takes it.
  virtual ~AccessLog() = default;

  /// Null where the log is off.
  virtual std::unique_ptr<gateway::Observer> observer() = 0;
  /// Opens the file by its name again, before the next line. If that fails, lines go on into
  /// the file that is open.
  virtual void reopen() = 0;
  virtual std::uint64_t lost() const = 0;
};

}  // namespace intermission::observe
