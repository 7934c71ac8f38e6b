// What several instances counted, put together: callers, answers and the last hour. Each instance
// writes its own as JSON into one row of the database that they share, bounded; rows of instances
// that have gone are folded into one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "observe/counts.h"

namespace intermission::control {

struct Counts {
  std::vector<observe::Caller> callers;  // who called last, first
  std::vector<observe::AnswerCount> answers;
  std::vector<observe::MinuteCount> history;  // by minute
};

/// Rows of one instance hold at most so many.
inline constexpr std::size_t kMostSharedCallers = 200;
inline constexpr std::size_t kMostSharedAnswers = 2000;
inline constexpr std::size_t kMostSharedMinutes = 3000;

/// The sum of both; minutes before `since` are left out.
Counts joined(const Counts& a, const Counts& b, base::TimePoint since);
/// What has been counted since `earlier`, which is of the same instance.
Counts counted_since(const Counts& now, const Counts& earlier);

/// Callers that called last, answers and minutes that were counted most or last, as many as may be.
std::string counts_to_json(const Counts& counts);
/// What this version of the program does not know is left out.
base::Result<Counts> counts_from_json(std::string_view text);

}  // namespace intermission::control
