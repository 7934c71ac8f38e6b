// When an instance talks to the shared database, as a value without a clock: the store asks it what
// is due, and tells it what happened. The simulation of a thousand instances drives the same code.
//
//   beat       writes that this instance is alive and what it has in force, and reads the current
//              version: every kBeat, and at once after a new State is in force
//   look       reads the version alone: every kLook while notifications do not arrive, and at once
//              after a notification
//   connect    at once after a loss, then after waits that grow to kLongestWait.
//              A connection that is lost as soon as it was made does not
//              reset them
#pragma once

#include <chrono>
#include <cstdint>

namespace intermission::control {

class SyncSchedule {
 public:
  using Time = std::chrono::milliseconds;  // since any moment

  static constexpr Time kBeat{2000};
  static constexpr Time kLook{1000};
  static constexpr Time kShortestWait{100};
  static constexpr Time kLongestWait{1000};
  /// An instance that has not been seen for so long is not waited for.
  static constexpr Time kLiving{10'000};

  enum class Task : std::uint8_t { kNothing, kConnect, kLook, kBeat };

  /// `draw` differs from instance to instance, so that they do not all come at once.
  explicit SyncSchedule(std::uint32_t draw) : draw_(draw) {}

  Task due(Time now) const;
  /// When something is due next, if nothing happens until then.
  Time next() const;

  void connected(Time now);
  void lost(Time now);
  void beaten(Time now);
  void looked(Time now);
  /// Notifications arrive on this connection.
  void hears() { hears_ = true; }
  /// A notification named a new version.
  void notified(Time now);
  /// A new State is in force.
  void adopted(Time now);

  bool is_connected() const { return is_connected_; }
  bool is_hearing() const { return hears_; }

 private:
  Time spread(Time wait);

  std::uint32_t draw_;
  bool is_connected_ = false;
  bool hears_ = false;
  int failures_ = 0;
  Time connected_at_{0};
  Time connect_at_{0};
  Time beat_at_{0};
  Time look_at_{0};
};

}  // namespace intermission::control
