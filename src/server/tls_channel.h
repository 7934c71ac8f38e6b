// TLS on one client's socket, by OpenSSL, without ever waiting.
//
//   greeting ──handshake()──► open ── read(), write() ──► close_notify
//       └── plain text, or no agreement ──► failed
//
// Results of read() and write() are those of recv(2) and send(2), with errno: EAGAIN where the
// socket must be waited for. OpenSSL reads ahead, so what was received can be waiting here while
// the socket has nothing to tell: has_more().
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "server/openssl.h"
#include "server/output.h"
#include "server/tls_contexts.h"

namespace intermission::server {

class TlsChannel {
 public:
  /// What a connection is counted with in the budget of memory: measured with OpenSSL 3.0, a
  /// certificate of two links, and buffers that it gives back between two records.
  static constexpr std::size_t kHeldInHandshake = std::size_t{48} * 1024;
  static constexpr std::size_t kHeldIdle = std::size_t{14} * 1024;

  /// `fd` stays its owner's, and outlives this. Throws std::bad_alloc.
  TlsChannel(int fd, std::shared_ptr<const TlsContexts> contexts);
  /// Says close_notify if there is anybody to say it to.
  ~TlsChannel();
  TlsChannel(const TlsChannel&) = delete;
  TlsChannel& operator=(const TlsChannel&) = delete;

  enum class Handshake : std::uint8_t {
    kWaits,  // for the socket: see wants_write()
    kDone,
    kPlainText,  // what has come is no TLS; none of it was taken from the socket
    kFailed,     // an alert may have been sent
    kLeft,       // the client has gone
  };
  Handshake handshake();
  bool is_handshaking() const { return state_ == State::kGreeting; }
  /// It was done at some time.
  bool is_agreed_on() const { return agreed_; }
  /// While it goes on.
  bool wants_write() const { return wants_write_; }

  // After the handshake:
  enum class Protocol : std::uint8_t { kHttp1, kHttp2, kNotChosen };
  Protocol protocol() const;
  /// Whether the client was shown the certificate that is for `host`; also if it named no host at
  /// all.
  bool is_for(std::string_view host) const;

  ssize_t read(std::span<char> into);
  /// Of several parts as much as fits goes into one record. What was not taken must come again,
  /// with the same bytes first.
  ssize_t write(const Output::Pending& pending);
  bool has_more() const { return has_more_; }
  void say_goodbye();
  /// Nothing more is said, not even close_notify.
  void abort() { state_ = State::kFailed; }

  std::size_t held() const { return is_handshaking() ? kHeldInHandshake : kHeldIdle; }

 private:
  enum class State : std::uint8_t { kGreeting, kOpen, kClosing, kFailed };
  struct Socket;

  std::optional<Handshake> look_at_first_byte();
  void note_certificate();
  ssize_t after_error(int error);

  const int fd_;
  const std::shared_ptr<const TlsContexts> contexts_;
  SslPtr ssl_;
  std::size_t certificate_ = 0;
  State state_ = State::kGreeting;
  bool has_begun_ = false;
  bool agreed_ = false;
  bool names_host_ = false;
  bool wants_write_ = false;
  bool has_more_ = false;
};

}  // namespace intermission::server
