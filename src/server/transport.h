// The bytes of one connection: over its socket as they are, or through TLS. The connection does not
// know which. Results are those of recv(2) and send(2), with errno; nothing waits.
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <memory>
#include <span>
#include <utility>

#include "base/descriptor.h"
#include "server/output.h"
#include "server/tls_channel.h"

namespace intermission::server {

class Transport {
 public:
  explicit Transport(base::Descriptor socket) : socket_(std::move(socket)) {}
  /// `tls` is on that very socket; null for plain bytes.
  Transport(base::Descriptor socket, std::unique_ptr<TlsChannel> tls)
      : socket_(std::move(socket)), tls_(std::move(tls)) {}

  int fd() const { return socket_.get(); }
  /// Null for plain bytes.
  TlsChannel* tls() { return tls_.get(); }
  const TlsChannel* tls() const { return tls_.get(); }
  bool is_handshaking() const { return tls_ && tls_->is_handshaking(); }
  /// Goes on in plain text.
  void give_up_tls() { tls_.reset(); }

  ssize_t read(std::span<char> into) {
    return tls_ ? tls_->read(into) : recv(fd(), into.data(), into.size(), 0);
  }
  /// Bytes have been received of which the socket will not tell.
  bool has_more() const { return tls_ && tls_->has_more(); }

  ssize_t write(Output::Pending& pending) {
    if (tls_) return tls_->write(pending);
    // One part alone is most answers, and is sent with less ado.
    if (pending.count == 1) {
      return send(fd(), pending.parts[0].iov_base, pending.parts[0].iov_len, MSG_NOSIGNAL);
    }
    msghdr message{};
    message.msg_iov = pending.parts.data();
    message.msg_iovlen = pending.count;
    return sendmsg(fd(), &message, MSG_NOSIGNAL);
  }

  /// Throws away what arrives, encrypted or not. With MSG_TRUNC the kernel copies nothing.
  ssize_t discard(std::span<char> scratch) {
    return recv(fd(), scratch.data(), scratch.size(), MSG_TRUNC);
  }

  /// Ends sending: by a close_notify of TLS, or by the end of the TCP stream.
  void shutdown_write() {
    if (tls_) tls_->say_goodbye();
    shutdown(fd(), SHUT_WR);
  }
  /// Ends without ceremony when this is destroyed. Else the kernel would go on offering what is
  /// unsent, for minutes.
  void abort() {
    if (tls_) tls_->abort();
    const linger reset{1, 0};
    setsockopt(fd(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }

  std::size_t held() const { return tls_ ? tls_->held() : 0; }

 private:
  base::Descriptor socket_;
  std::unique_ptr<TlsChannel> tls_;  // ends before the socket does
};

}  // namespace intermission::server
