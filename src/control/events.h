// Events of the gateway for its listeners, as Server-Sent Events (HTML Living Standard §9.2):
//
//   id: 17
//   event: service
//   data: {"name":"orders","state":"maintenance",...}
//
// The last kKept events are kept. A listener that comes back with Last-Event-ID gets what it
// missed; one that reads too slowly gets `event: lost` with the number of lost events. The number
// of listeners is bounded by a parameter of the constructor, because each of them holds a
// connection for as long as it likes.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/mutex.h"
#include "http/stream.h"

namespace intermission::control {

/// Any thread.
class Events {
 public:
  static constexpr std::size_t kKept = 1024;
  static constexpr std::uint64_t kMostListeners = 64;

  explicit Events(std::uint64_t most_listeners = kMostListeners)
      : most_listeners_(most_listeners) {}

  /// The place of one listener; given back when it is destroyed. The Events outlive it.
  class Seat {
   public:
    explicit Seat(Events& events) : events_(&events) {}
    Seat(Seat&& other) noexcept : events_(std::exchange(other.events_, nullptr)) {}
    Seat& operator=(Seat&&) = delete;
    ~Seat() {
      if (events_ != nullptr) --events_->listeners_;
    }

   private:
    Events* events_;
  };
  /// Nothing where there are as many listeners as there may be.
  std::optional<Seat> take_seat();
  std::uint64_t most_listeners() const { return most_listeners_; }

  /// `data` is JSON, without line ends.
  void publish(std::string_view event, std::string_view data);

  /// The id of the newest; 0 before the first.
  std::uint64_t newest() const;
  /// Appends what came after `seen`, at most some 64 KiB of it, and moves `seen`.
  void read_after(std::uint64_t& seen, std::string& out) const;

 private:
  const std::uint64_t most_listeners_;
  std::atomic<std::uint64_t> listeners_{0};
  mutable base::Mutex mutex_;
  std::uint64_t newest_ GUARDED_BY(mutex_) = 0;
  std::deque<std::string> kept_ GUARDED_BY(mutex_);  // as sent; the last is newest_
};

/// One listener. Between events it says something every 15 seconds, so that routers keep the
/// connection.
class EventStream final : public http::Stream {
 public:
  /// `watch`, which may be empty, is called before each look for events. All outlive the stream.
  EventStream(Events::Seat seat, const Events& events, const base::Clock& clock, std::uint64_t seen,
              std::function<void()> watch)
      : seat_(std::move(seat)),
        events_(events),
        clock_(clock),
        watch_(std::move(watch)),
        seen_(seen) {}

  bool read(std::string& out) override;

 private:
  Events::Seat seat_;
  const Events& events_;
  const base::Clock& clock_;
  std::function<void()> watch_;
  std::uint64_t seen_;
  bool began_ = false;
  base::TimePoint spoke_;
};

}  // namespace intermission::control
