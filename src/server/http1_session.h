// HTTP/1.1 and 1.0 (RFC 9112): requests are answered in order (§9), and what is decided depends on
// the bytes, not on how they were cut.
//
//   phase        meaning                                         left by
//   kIdle        nothing of a request has arrived                the first byte
//   kHead        a part of a head has                            its end, a fault, time_out()
//   kBody        the head has, a part of the body has not        its end, a fault, time_out()
//   kStreaming   the head of an answer is written, its body      its end, end_of_input()
//                comes with time_out(), tick by tick
//   kDeferred    an answer is asked for with time_out()          the answer, end_of_input()
//   kClosing     the last answer is written                      the owner, who closes
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "server/head_scanner.h"
#include "server/peer.h"
#include "server/session.h"

namespace intermission::server {

class RequestParser;
enum class BodyProgress : std::uint8_t;

class Http1Session final : public Session {
 public:
  enum class Phase : std::uint8_t { kIdle, kHead, kBody, kStreaming, kDeferred, kClosing };

  explicit Http1Session(const Peer& peer);
  ~Http1Session() override;

  std::size_t receive(std::string_view bytes, WorkerContext& worker, Output& out) override;
  void end_of_input(std::string_view unused, WorkerContext& worker, Output& out) override;
  /// Head or body: 408. An idle client gets nothing. A stream is read, and a deferred answer is
  /// sent if it is known.
  void time_out(std::string_view unused, WorkerContext& worker, Output& out) override;
  void give_up(const Fault& why, std::string_view unused, WorkerContext& worker,
               Output& out) override;
  /// Answers the request that begins with `bytes` with `why`, unread; the last answer.
  void refuse_unread(std::string_view bytes, const Fault& why, WorkerContext& worker, Output& out) {
    fail_unread(why, bytes, worker, out);
  }
  void stop_reading() override;
  /// Each answer sees from the worker that it is the last.
  void drain() override {}

  Phase phase() const { return phase_; }
  bool is_idle() const override { return phase_ == Phase::kIdle; }
  bool is_over() const override { return phase_ == Phase::kClosing; }
  bool client_is_done() const override { return client_is_done_; }
  TimerClass waits_for() const override;
  /// How many requests have begun to be read.
  std::uint32_t wait_number() const override { return requests_; }
  bool is_vouched_for() const override { return vouched_for_; }
  std::size_t held() const override { return body_ ? body_bytes() : 0; }

 private:
  struct Body;

  bool takes_requests() const {
    return phase_ != Phase::kStreaming && phase_ != Phase::kDeferred && phase_ != Phase::kClosing;
  }
  http::Request& new_request(WorkerContext& worker) const;
  std::size_t receive_head(std::string_view bytes, WorkerContext& worker, Output& out);
  std::size_t scan_head(std::string_view bytes, WorkerContext& worker, Output& out);
  std::size_t begin_body(http::Request& request, std::string_view head, std::string_view rest,
                         Body&& body, WorkerContext& worker, Output& out);
  std::size_t receive_body(std::string_view bytes, WorkerContext& worker, Output& out);
  void end_body(http::Request& request, BodyProgress progress, const Fault& fault,
                const RequestParser& parser, std::string_view kept, WorkerContext& worker,
                Output& out);
  bool begin_waiting(std::string_view head, std::string_view kept, Body&& body,
                     WorkerContext& worker);
  bool may_keep(std::size_t more, const WorkerContext& worker);
  void answer_early(http::Request& request, std::string_view kept, WorkerContext& worker,
                    Output& out);
  std::size_t body_bytes() const;
  void pull(WorkerContext& worker, Output& out);
  void answer(const http::Request& request, bool keep_alive, WorkerContext& worker, Output& out);
  void take_deferred(WorkerContext& worker, Output& out);
  void write_answer(http::Response& response, ResponseFraming framing, WorkerContext& worker,
                    Output& out);
  void fail_unread(const Fault& fault, std::string_view bytes, WorkerContext& worker, Output& out);
  void fail_in_body(const Fault& fault, WorkerContext& worker, Output& out);
  void fail(const Fault& fault, const http::Request& request, WorkerContext& worker, Output& out);
  void begin_next();

  const Peer& peer_;
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
  struct Deferred {
    std::unique_ptr<http::DeferredAnswer> answer;
    bool head_only = false;
    bool http10 = false;
  };
  std::unique_ptr<Deferred> deferred_;  // only in kDeferred
};

}  // namespace intermission::server
