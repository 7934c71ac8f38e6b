// HTTP/2 (RFC 9113) of one connection: nghttp2 reads and writes frames and HPACK and holds the
// rules of the protocol, but for those of messages, which Http2Message has; this decides about
// requests, as Http1Session does.
//
//   - A body whose length is announced is waited for, as by HTTP/1.1: some routers take an answer
//     before its end for a failure. One without, as gRPC has, is waited for only as far as the
//     answer depends on it. What comes behind the answer is thrown away, up to
//     Limits::body_discard, and then the stream is reset with NO_ERROR (§8.1).
//   - A client ends within time what it has begun, and takes at least kLeastProgress bytes of an
//     answer in Limits::write_timeout_ms, or the stream ends.
//   - Resets and frames that ask for nothing are counted; a flood of them ends the connection with
//     ENHANCE_YOUR_CALM (§10.5).
//   - drain() says GOAWAY in two steps (§6.8): no request is lost that was on its way. So does an
//     answer that asks for the connection to be closed, unless the connection is new: a router that
//     keeps its connections to us shall not open one for each request.
//
// There is no push, no extended CONNECT and no Upgrade.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "server/frame_budget.h"
#include "server/http2_memory.h"
#include "server/http2_stream.h"
#include "server/peer.h"
#include "server/session.h"

namespace intermission::server {

class Http2Session final : public Session {
 public:
  /// Requests at the same time on one connection.
  static constexpr std::uint32_t kMostStreams = 100;
  /// Of an answer, in Limits::write_timeout_ms.
  static constexpr std::size_t kLeastProgress = 1024;

  /// A younger connection is not closed because an answer asks for it.
  static constexpr std::uint64_t kLeastAgeMs = 10'000;

  /// For a connection that begins with the preface. Only with `worker` are its functions
  /// called; it and `peer` outlive it. Throws std::bad_alloc.
  Http2Session(WorkerContext& worker, const Peer& peer);

  std::size_t receive(std::string_view bytes, WorkerContext& worker, Output& out) override;
  void end_of_input(std::string_view unused, WorkerContext& worker, Output& out) override;
  void time_out(std::string_view unused, WorkerContext& worker, Output& out) override;
  void give_up(const Fault& why, std::string_view unused, WorkerContext& worker,
               Output& out) override;
  void stop_reading() override { over_ = true; }
  void drain() override;

  bool is_idle() const override { return streams_.empty() && !draining_ && !over_; }
  bool is_over() const override { return over_; }
  bool client_is_done() const override { return false; }
  TimerClass waits_for() const override;
  std::uint32_t wait_number() const override;
  bool is_vouched_for() const override { return vouched_for_; }
  std::size_t held() const override;

 private:
  struct Callbacks;
  class InUse;

  nghttp2_session* session() { return session_.get(); }
  void flush(Output& out);
  void end(std::uint32_t error_code);

  int begin_headers(const nghttp2_frame& frame);
  void add_field(const nghttp2_frame& frame, std::string_view name, std::string_view value);
  void take_frame(const nghttp2_frame& frame);
  void take_head(Http2Stream& stream, bool is_last);
  void take_data(Http2Stream& stream, std::string_view data);
  void take_end(Http2Stream& stream);
  void count_frame();
  void count_malformed(Http2Stream& stream);
  void refuse_malformed(Http2Stream& stream);
  void after_sending(const nghttp2_frame& frame);
  void close(std::int32_t id);
  std::ptrdiff_t read_answer(Http2Stream& stream, std::uint8_t* to, std::size_t size,
                             std::uint32_t& flags);

  http::Request& request_of(const Http2Stream& stream);
  void wait_for_body(Http2Stream& stream, http::Request& request);
  void answer(Http2Stream& stream, http::Request& request, bool body_is_whole);
  void fail(Http2Stream& stream, const http::Request& request, const Fault& fault);
  void submit(Http2Stream& stream, http::Response& response);
  void submit_continue(const Http2Stream& stream);
  void submit_trailers(Http2Stream& stream);
  void reset(Http2Stream& stream, std::uint32_t error_code);
  void take_deferred();
  void pull_streams();
  void expire_streams();
  void expire(Http2Stream& stream);
  Http2Stream* find(std::int32_t id);

  const Peer& peer_;
  const http::Limits& limits_;
  Http2Memory memory_;
  struct Delete {
    void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
  };
  std::unique_ptr<nghttp2_session, Delete> session_;
  std::vector<std::unique_ptr<Http2Stream>> streams_;  // in the order in which they were opened
  FrameBudget frames_;
  FrameBudget resets_;
  const std::uint64_t opened_ms_;
  WorkerContext* worker_ = nullptr;  // while a call of the owner lasts
  std::uint32_t requests_ = 0;
  bool draining_ = false;
  bool awaits_pong_ = false;  // while draining: what was on its way may still come
  bool input_ended_ = false;
  bool over_ = false;
  bool vouched_for_ = false;
};

}  // namespace intermission::server
