// The protocol of one connection without its socket: bytes of requests in, bytes of responses out.
// Everything about a protocol that needs no system call is decided here. Http1Session and
// Http2Session are the two there are.
//
//   std::size_t used = session.receive(bytes, worker, out);    // keep bytes.substr(used)
//   send(out);
//   if (session.is_over()) close_gently();
//
// After each call the owner asks what the session waits for; the session never calls its owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "server/fault.h"
#include "server/output.h"
#include "server/timers.h"
#include "server/worker_context.h"

namespace intermission::server {

class Session {
 public:
  virtual ~Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// `bytes` holds all that has arrived and was not used before; none where there is room again in
  /// `out`. Answers what is complete and returns how many bytes were used; the others come again,
  /// with more behind them. Stops early when `out` is full: send it and call again, even without
  /// new bytes. During and after the last answer everything counts as used.
  virtual std::size_t receive(std::string_view bytes, WorkerContext& worker, Output& out) = 0;

  /// The client sends no more; call after receive() has used what it could and left `unused`.
  /// What is left undone is refused; nothing is said where the client had just said all.
  virtual void end_of_input(std::string_view unused, WorkerContext& worker, Output& out) = 0;

  /// What waits_for() names took too long. `unused` as for end_of_input().
  virtual void time_out(std::string_view unused, WorkerContext& worker, Output& out) = 0;

  /// The rest is not waited for, since others need the room. An unfinished head is answered with
  /// `why`; an unfinished body is not needed: its request is answered by its head and by what has
  /// come of the body. An idle client gets nothing, and streams end. `unused` as before.
  virtual void give_up(const Fault& why, std::string_view unused, WorkerContext& worker,
                       Output& out) = 0;
  /// No more requests are read; nothing is said.
  virtual void stop_reading() = 0;

  /// The server stops, or has to make room: requests in hand are answered, and then the session
  /// ends. What it says of that comes with the next receive().
  virtual void drain() = 0;

  /// Between two requests, with nothing to send.
  virtual bool is_idle() const = 0;
  /// The last answer is written; the owner closes.
  virtual bool is_over() const = 0;
  /// While is_over(): whether the client has said that it sends no more, and has sent no more.
  virtual bool client_is_done() const = 0;
  /// What the client, or time, is to bring next: kSilent, kHead, kBody, kIdle, kStream,
  /// kWrite, or kLinger while draining.
  virtual TimerClass waits_for() const = 0;
  /// Differs from one wait of the same class to the next.
  virtual std::uint32_t wait_number() const = 0;
  /// Whether a request has vouched for the connection (Handler::vouches_for), where
  /// WorkerContext::screens.
  virtual bool is_vouched_for() const = 0;
  /// Bytes on the heap that this holds for requests in hand; 0 between two requests.
  virtual std::size_t held() const = 0;

 protected:
  Session() = default;
};

}  // namespace intermission::server
