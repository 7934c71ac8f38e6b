// The protocol of one connection without its socket: bytes of requests in, bytes of responses
// out, in order (RFC 9112 §9). Everything about HTTP/1.1 that does not need a system call is
// decided here, and what is decided depends on the bytes, not on how they were cut.
//
//   phase        meaning                                         left by
//   kIdle        nothing of a request has arrived                the first byte
//   kHead        a part of a head has                            its end, a fault, time_out()
//   kBody        the head has, a part of the body has not        its end, a fault, time_out()
//   kStreaming   the head of an answer is written, its body      its end, end_of_input()
//                comes with time_out(), tick by tick
//   kClosing     the last answer is written                      the owner, who closes
//
//   Http1Session session;
//   std::size_t used = session.receive(bytes, worker, out);    // keep bytes.substr(used)
//   send(out);
//   if (session.phase() == Http1Session::Phase::kClosing) close_gently();
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "server/fault.h"
#include "server/head_scanner.h"
#include "server/output.h"
#include "server/worker_context.h"

namespace intermission::server {

class RequestParser;
enum class BodyProgress : std::uint8_t;

class Http1Session {
 public:
  enum class Phase : std::uint8_t { kIdle, kHead, kBody, kStreaming, kClosing };

  Http1Session();
  ~Http1Session();
  Http1Session(const Http1Session&) = delete;
  Http1Session& operator=(const Http1Session&) = delete;

  /// `bytes` holds all that has arrived and was not used before. Answers what is complete and
  /// returns how many bytes were used; the others come again, with more behind them. Stops
  /// early when `out` is full: send it and call again, even without new bytes. During and after
  /// the last answer everything counts as used.
  std::size_t receive(std::string_view bytes, WorkerContext& worker, Output& out);

  /// The client sends no more; call after receive() has used what it could and left `unused`.
  /// What is left undone is answered with a fault; nothing is where the client had just said all.
  void end_of_input(std::string_view unused, WorkerContext& worker, Output& out);

  /// Head or body took too long: 408. An idle client is told nothing. A stream is asked what there
  /// is to say. `unused` as for end_of_input().
  void time_out(std::string_view unused, WorkerContext& worker, Output& out);

  /// The rest is not waited for, since others need the room. An unfinished head is answered with
  /// `why`; an unfinished body is not needed: its request is answered by its head and by what has
  /// come of the body. An idle client is told nothing, and a stream ends. `unused` as before.
  void give_up(const Fault& why, std::string_view unused, WorkerContext& worker, Output& out);
  /// No more requests are read; nothing is said.
  void stop_reading();

  Phase phase() const { return phase_; }
  /// Whether more requests may be read.
  bool takes_requests() const { return phase_ != Phase::kStreaming && phase_ != Phase::kClosing; }
  /// In kClosing: whether the client has said that it sends no more, and has sent no more.
  bool client_is_done() const { return client_is_done_; }
  /// How many requests have begun to be read; tells one wait from the next.
  std::uint32_t requests() const { return requests_; }
  /// Whether a request has vouched for the connection (Handler::vouches_for), where
  /// WorkerContext::screens.
  bool is_vouched_for() const { return vouched_for_; }
  /// Bytes that this holds for the request in hand; 0 unless its body is waited for.
  std::size_t held() const { return body_ ? body_bytes() : 0; }

 private:
  struct Body;

  std::size_t receive_head(std::string_view bytes, WorkerContext& worker, Output& out);
  std::size_t scan_head(std::string_view bytes, WorkerContext& worker, Output& out);
  std::size_t begin_body(std::string_view head, std::string_view rest, Body&& body,
                         WorkerContext& worker, Output& out);
  std::size_t receive_body(std::string_view bytes, WorkerContext& worker, Output& out);
  void end_body(BodyProgress progress, const Fault& fault, const RequestParser& parser,
                std::string_view kept, WorkerContext& worker, Output& out);
  std::size_t begin_waiting(std::string_view head, Body&& body, std::size_t consumed,
                            WorkerContext& worker, Output& out);
  bool may_keep(std::size_t more, const WorkerContext& worker);
  void answer_early(std::string_view kept, WorkerContext& worker, Output& out);
  void screen(WorkerContext& worker);
  std::size_t body_bytes() const;
  static std::optional<http::BodyUse> body_use(WorkerContext& worker);
  static bool make_response(WorkerContext& worker);
  void pull(WorkerContext& worker, Output& out);
  void answer(WorkerContext& worker, Output& out, bool keep_alive);
  void fail_unread(const Fault& fault, std::string_view bytes, WorkerContext& worker, Output& out);
  void fail_in_body(const Fault& fault, WorkerContext& worker, Output& out);
  void fail(const Fault& fault, WorkerContext& worker, Output& out);
  void begin_next();

  Phase phase_ = Phase::kIdle;
  bool client_is_done_ = false;
  bool head_only_ = false;  // of the request whose head was read last
  bool vouched_for_ = false;
  std::uint8_t blank_lines_ = 0;
  std::uint32_t requests_ = 0;
  HeadScanner scanner_;
  std::unique_ptr<Body> body_;  // only while a body is waited for
  struct Streaming {
    std::unique_ptr<http::Stream> stream;
    bool http10 = false;
  };
  std::unique_ptr<Streaming> streaming_;  // only in kStreaming
};

}  // namespace intermission::server
