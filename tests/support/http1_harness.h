// A conversation with server::Http1Session without a socket, for tests and the fuzzer.
#pragma once

#include <string>
#include <string_view>

#include "server/http1_session.h"

namespace intermission::testing {

/// Says what it has seen of a request, so that a test finds every mix-up in the answer:
/// "METHOD TARGET VERSION HOST FIELDS BODY COMPLETE". A target with "peek" wants the body, one
/// with "refuse" does not wait for it, one with "known" vouches for its sender, and one with
/// "trailers" has some.
class MirrorHandler : public http::Handler {
 public:
  http::BodyUse body_use(const http::Request& head) override {
    if (head.target().find("refuse") != std::string_view::npos) return http::BodyUse::kRefuse;
    const bool peek = head.target().find("peek") != std::string_view::npos;
    return peek ? http::BodyUse::kPeek : http::BodyUse::kDiscard;
  }
  bool vouches_for(const http::Request& head) override {
    return head.target().find("known") != std::string_view::npos;
  }
  http::Handled answer(const http::Request& request, http::Response& response) override {
    response.status = 200;
    std::string& text = response.body.own();
    for (const std::string_view part : {request.method(), request.target(), request.host()}) {
      text.append(part).append("|");
    }
    text += std::to_string(request.version()) + "|" + std::to_string(request.fields().size());
    for (const auto& line : request.fields()) text.append("|").append(line.value);
    text.append("|").append(request.body());
    text += request.body_complete() ? "|whole" : "|part";
    if (request.target().find("trailers") != std::string_view::npos) {
      response.trailers = "X-End: yes\r\n";
    }
    return {.close_connection = request.target().find("close") != std::string_view::npos};
  }
};

/// At the other end where there is no socket.
inline const server::Peer kNobody = {};

class Http1Harness {
 public:
  explicit Http1Harness(const http::Limits& limits) : limits_(limits) {
    context_.date.update(base::TimePoint{base::Seconds{784111777}});
  }

  /// One segment arrives.
  void feed(std::string_view segment) {
    input_ += segment;
    for (;;) {
      input_.erase(0, http1_.receive(input_, context_, context_.output));
      const bool again = context_.output.full();
      send();
      if (!again) return;
    }
  }
  void finish() {
    http1_.end_of_input(input_, context_, context_.output);
    send();
  }
  void time_out() {
    http1_.time_out(input_, context_, context_.output);
    send();
  }

  void give_up() {
    http1_.give_up({503, "no room"}, input_, context_, context_.output);
    send();
  }

  const server::Http1Session& exchange() const { return http1_; }
  const std::string& sent() const { return sent_; }
  const std::string& unused() const { return input_; }
  server::Http1Session::Phase phase() const { return http1_.phase(); }
  server::WorkerContext& worker() { return context_; }

 private:
  void send() {
    while (!context_.output.empty()) {
      const auto pending = context_.output.pending(1 << 20);
      std::size_t size = 0;
      for (std::size_t i = 0; i < pending.count; ++i) {
        sent_.append(static_cast<const char*>(pending.parts[i].iov_base), pending.parts[i].iov_len);
        size += pending.parts[i].iov_len;
      }
      context_.output.sent(size);
    }
  }

  const http::Limits limits_;
  MirrorHandler handler_;
  server::WorkerContext context_{limits_, handler_, [](std::string_view) {}};
  server::Http1Session http1_{kNobody};
  std::string input_;
  std::string sent_;
};

}  // namespace intermission::testing
