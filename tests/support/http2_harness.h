// A conversation between an Http2Client and a server::Http2Session, without a socket.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "server/http2_session.h"
#include "support/http1_harness.h"
#include "support/http2_client.h"

namespace intermission::testing {

class Http2Harness {
 public:
  explicit Http2Harness(const http::Limits& limits, const Http2Client::Settings& settings = {},
                        std::unique_ptr<http::Handler> handler = std::make_unique<MirrorHandler>())
      : limits_(limits),
        handler_(std::move(handler)),
        client(settings),
        session_(context_, kNobody) {
    context_.date.update(base::TimePoint{base::Seconds{784111777}});
    context_.now_ms = 1000;
  }

  /// What the client wants to send arrives, and what is said arrives there, until both are quiet.
  void exchange() {
    for (std::string bytes = client.to_send(); !bytes.empty(); bytes = client.to_send()) {
      receive(bytes);
    }
  }
  /// One segment of bytes arrives.
  void receive(std::string_view bytes) {
    session_.receive(bytes, context_, context_.output);
    deliver();
  }
  void time_out() {
    session_.time_out({}, context_, context_.output);
    deliver();
    exchange();
  }
  void finish() {
    session_.end_of_input({}, context_, context_.output);
    deliver();
  }
  void give_up() {
    session_.give_up({503, "no room"}, {}, context_, context_.output);
    deliver();
  }
  void drain() {
    session_.drain();
    receive({});
    exchange();
  }
  void pass(std::uint64_t ms) { context_.now_ms += ms; }

  server::Http2Session& session() { return session_; }
  server::WorkerContext& worker() { return context_; }
  /// Everything the server has said.
  const std::string& sent() const { return sent_; }

 private:
  void deliver() {
    for (;;) {
      const std::string said = take_output();
      if (said.empty()) return;
      sent_ += said;
      client.take(said);
      session_.receive({}, context_, context_.output);
    }
  }
  std::string take_output() {
    std::string said;
    server::Output& out = context_.output;
    while (!out.empty()) {
      const auto pending = out.pending(1 << 20);
      std::size_t size = 0;
      for (std::size_t i = 0; i < pending.count; ++i) {
        said.append(static_cast<const char*>(pending.parts[i].iov_base), pending.parts[i].iov_len);
        size += pending.parts[i].iov_len;
      }
      out.sent(size);
    }
    return said;
  }

  const http::Limits limits_;
  const std::unique_ptr<http::Handler> handler_;
  server::WorkerContext context_{limits_, *handler_, [](std::string_view) {}};

 public:
  Http2Client client;

 private:
  server::Http2Session session_;
  std::string sent_;
};

}  // namespace intermission::testing
