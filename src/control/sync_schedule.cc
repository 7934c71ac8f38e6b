#include "control/sync_schedule.h"

#include <algorithm>

namespace intermission::control {

SyncSchedule::Task SyncSchedule::due(Time now) const {
  if (!is_connected_) return now >= connect_at_ ? Task::kConnect : Task::kNothing;
  if (now >= beat_at_) return Task::kBeat;
  return now >= look_at_ ? Task::kLook : Task::kNothing;
}

SyncSchedule::Time SyncSchedule::next() const {
  return is_connected_ ? std::min(beat_at_, look_at_) : connect_at_;
}

// From three quarters of the wait to all of it.
SyncSchedule::Time SyncSchedule::spread(Time wait) {
  draw_ = draw_ * 1664525U + 1013904223U;
  return wait - wait * (draw_ >> 24) / 1024;
}

void SyncSchedule::connected(Time now) {
  is_connected_ = true;
  hears_ = false;
  connected_at_ = now;
  beat_at_ = now;
  look_at_ = now + spread(kLook);
}

void SyncSchedule::lost(Time now) {
  const bool was_connected = is_connected_ && now - connected_at_ >= kLook;
  is_connected_ = false;
  hears_ = false;
  if (was_connected) {
    failures_ = 0;
    connect_at_ = now;
    return;
  }
  const Time wait = kShortestWait * (1 << std::min(failures_, 10));
  failures_ = std::min(failures_ + 1, 10);
  connect_at_ = now + spread(std::min(wait, kLongestWait));
}

// A beat reads the version as well.
void SyncSchedule::beaten(Time now) {
  beat_at_ = now + spread(kBeat);
  looked(now);
}

void SyncSchedule::looked(Time now) {
  look_at_ = hears_ ? beat_at_ : now + spread(kLook);
}

void SyncSchedule::notified(Time now) {
  look_at_ = std::min(look_at_, now);
}

void SyncSchedule::adopted(Time now) {
  beat_at_ = std::min(beat_at_, now);
}

}  // namespace intermission::control
