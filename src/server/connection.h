// One client's socket and what goes over it: reads for its Http1Session, sends what the
// Http1Session answers, and closes so that the answer arrives.
//
//   (PROXY header, TLS) ─► open ── last answer ─► lingering ── closed, or enough ─► done
//                            └── client gone, idle too long, or sends no more ───────┘
//
// After the last answer only the write side is shut, and what the client still sends is thrown
// away for a while: closing at once would answer those bytes with a reset, which destroys the
// answer in the client's own buffer (RFC 9112 §9.6).
//
// It never waits and knows no reactor: the owner calls on_readable() and on_writable(), then
// looks at done(), interest() and waiting_for(), which follow from its state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "server/http1_session.h"
#include "server/output.h"
#include "server/peer.h"
#include "server/session.h"
#include "server/timers.h"
#include "server/transport.h"
#include "server/worker_context.h"

namespace intermission::server {

/// What the reactor is asked to wait for, as bits. Most often one: a client that does not take its
/// answers is not read from.
enum class Interest : std::uint8_t { kNone = 0, kRead = 1, kWrite = 2 };

constexpr Interest operator|(Interest a, Interest b) {
  return static_cast<Interest>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
constexpr bool includes(Interest all, Interest one) {
  return (all | one) == all;
}

/// What is known of a connection when it is accepted.
struct ConnectionTraits {
  bool proxy_header = false;  // the peer is a router that says first for whom it connects
  bool screened = false;      // it is a stranger's until one of its requests vouches for it
  bool http2 = false;         // it may begin with the preface of HTTP/2, or choose it by ALPN
};

class Connection {
 public:
  /// Sent to one client before others have their turn.
  static constexpr std::size_t kBurst = 256 * 1024;
  /// Thrown away while lingering; after that the client may wait, but is read no more.
  static constexpr std::size_t kLingerBytes = 16 * 1024 * 1024;

  Connection(Transport transport, const http::Address& peer, const ConnectionTraits& traits)
      : transport_(std::move(transport)),
        peer_{.address = peer, .tls = transport_.tls()},
        awaits_proxy_header_(traits.proxy_header),
        screened_(traits.screened),
        awaits_preface_(traits.http2),
        http1_(peer_) {}
  /// Its session knows where its peer is.
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// `scratch` is where bytes are received; nothing is kept in it.
  void on_readable(WorkerContext& worker, std::span<char> scratch);
  void on_writable(WorkerContext& worker, std::span<char> scratch);
  void on_timeout(WorkerContext& worker);
  /// Ends the wait for whatever the client has not sent or not taken, since others need the room:
  /// answers what can be answered, and then lingers.
  void shed(WorkerContext& worker);
  /// The server stops: lets a session say so that can. Requests in hand are answered.
  void drain(WorkerContext& worker);
  /// Ends lingering at once.
  void stop_lingering();
  /// Gives up without ceremony: the client learns of it by a reset.
  void abort();

  int fd() const { return transport_.fd(); }
  /// Null where the client speaks in plain text.
  const TlsChannel* tls() const { return transport_.tls(); }
  /// Before TLS is agreed on; nothing has been read of a request.
  bool is_handshaking() const { return stage_ == Stage::kOpen && transport_.is_handshaking(); }
  /// Whether TLS has been agreed on.
  bool has_shaken_hands() const { return transport_.tls() && transport_.tls()->is_agreed_on(); }
  bool done() const { return stage_ == Stage::kDone; }
  /// Between two requests, with nothing to send.
  bool idle() const;
  Interest interest() const;
  TimerClass waiting_for() const;
  /// Differs from one wait of the same class to the next.
  std::uint32_t wait_number() const;
  /// Bytes on the heap that this connection holds, and no other. 0 between two requests.
  std::size_t held() const;

 private:
  enum class Stage : std::uint8_t { kOpen, kLingering, kDone };
  enum class Sent : std::uint8_t { kAll, kPart, kFailed };

  bool is_agreed_on(WorkerContext& worker, std::span<char> scratch);
  bool receive_proxy_header(WorkerContext& worker, std::span<char> scratch);
  bool shake_hands(WorkerContext& worker, std::span<char> scratch);
  void begin_protocol(WorkerContext& worker);
  void refuse_plain_text(WorkerContext& worker, std::span<char> scratch);
  void receive_behind_input(WorkerContext& worker, std::span<char> scratch);
  bool make_room(std::size_t more, const WorkerContext& worker);
  void take(std::ptrdiff_t received, std::string_view bytes, WorkerContext& worker);
  bool take_proxy_header(std::string_view& bytes, WorkerContext& worker);
  void serve(std::string_view bytes, WorkerContext& worker);
  bool send_round(WorkerContext& worker);
  bool serve_round(std::string_view& bytes, WorkerContext& worker);
  bool keep_input(std::string_view rest, const WorkerContext& worker);
  bool keep_new_input(std::string_view rest, const WorkerContext& worker);
  void refuse_input(std::string_view rest, WorkerContext& worker);
  void send_or_keep(WorkerContext& worker);
  bool own_unsent(const WorkerContext& worker);
  Sent send(Output& out);
  void close_if_answered();
  void linger();
  void discard(std::span<char> scratch);
  bool take_preface(std::string_view bytes, WorkerContext& worker);
  void look_for_tls(std::string_view bytes, WorkerContext& worker);
  bool has_part_of_preface() const { return awaits_preface_ && !input_.empty(); }
  void hear_part_of_preface(WorkerContext& worker);
  void say_goodbye(WorkerContext& worker);
  Session& session() { return http2_ ? *http2_ : static_cast<Session&>(http1_); }
  const Session& session() const { return http2_ ? *http2_ : static_cast<const Session&>(http1_); }

  Transport transport_;
  Peer peer_;
  Stage stage_ = Stage::kOpen;
  bool awaits_proxy_header_;
  bool screened_;
  bool awaits_preface_;           // it is not known yet what the client speaks
  bool client_finished_ = false;  // it has shut down its write side
  bool yields_ = false;           // has input left to serve when others had their turn
  bool takes_long_ = false;       // has taken some of what was unsent, and not all
  std::uint32_t writes_ = 0;      // that made progress
  std::size_t drained_ = 0;       // bytes thrown away while lingering
  Http1Session http1_;
  std::unique_ptr<Session> http2_;  // in place of it, once the preface has come
  std::string input_;               // arrived, not used yet
  std::unique_ptr<Output> unsent_;  // answered, not taken by the client yet
};

}  // namespace intermission::server
