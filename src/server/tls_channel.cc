#include "server/tls_channel.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <utility>

namespace intermission::server {
namespace {

constexpr std::size_t kRecord = std::size_t{16} * 1024;  // RFC 8446 §5.1
constexpr char kHandshakeRecord = 0x16;

using Buffer = std::array<char, kRecord>;

std::string_view view(const iovec& part) {
  return {static_cast<const char*>(part.iov_base), part.iov_len};
}

// What goes into the record that begins behind the first `at` bytes, which are not all: a part, or
// the end of one with what follows it, for a head and a body in two records cost two calls and two
// packets.
std::string_view record_at(const Output::Pending& pending, std::size_t at, Buffer& buffer) {
  std::size_t i = 0;
  for (; at >= pending.parts[i].iov_len; ++i) at -= pending.parts[i].iov_len;
  const std::string_view rest = view(pending.parts[i]).substr(at);
  if (rest.size() >= buffer.size() || i + 1 == pending.count) return rest;
  std::size_t size = rest.copy(buffer.data(), rest.size());
  while (++i < pending.count && size < buffer.size()) {
    size += view(pending.parts[i]).copy(buffer.data() + size, buffer.size() - size);
  }
  return {buffer.data(), size};
}

}  // namespace

// OpenSSL's own BIO of sockets writes without MSG_NOSIGNAL: a client that has left would end us.
struct TlsChannel::Socket {
  static int fd_of(BIO* bio) { return static_cast<TlsChannel*>(BIO_get_data(bio))->fd_; }
  static bool comes_later() { return errno == EAGAIN || errno == EINTR; }

  static int write(BIO* bio, const char* bytes, std::size_t size, std::size_t* written) {
    BIO_clear_retry_flags(bio);
    const ssize_t sent = send(fd_of(bio), bytes, size, MSG_NOSIGNAL);
    if (sent < 0) {
      if (comes_later()) BIO_set_retry_write(bio);
      return 0;
    }
    *written = static_cast<std::size_t>(sent);
    return 1;
  }

  static int read(BIO* bio, char* into, std::size_t size, std::size_t* received) {
    BIO_clear_retry_flags(bio);
    const ssize_t got = recv(fd_of(bio), into, size, 0);
    if (got > 0) {
      *received = static_cast<std::size_t>(got);
      return 1;
    }
    if (got < 0 && comes_later()) BIO_set_retry_read(bio);
    if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return 0;
  }

  static long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_FLUSH) return 1;
    return command == BIO_CTRL_EOF && BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  }

  static BIO_METHOD* make_method() {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    if (method == nullptr) throw std::bad_alloc();
    BIO_meth_set_write_ex(method, write);
    BIO_meth_set_read_ex(method, read);
    BIO_meth_set_ctrl(method, control);
    return method;
  }

  // One for the program's life.
  static BIO* make(TlsChannel* channel) {
    static const std::unique_ptr<BIO_METHOD, Freed<BIO_meth_free>> kMethod(make_method());
    BIO* bio = BIO_new(kMethod.get());
    if (bio == nullptr) throw std::bad_alloc();
    BIO_set_data(bio, channel);
    BIO_set_init(bio, 1);
    return bio;
  }
};

TlsChannel::TlsChannel(int fd, std::shared_ptr<const TlsContexts> contexts)
    : fd_(fd), contexts_(std::move(contexts)), ssl_(contexts_->begin()) {
  BIO* socket = Socket::make(this);
  SSL_set_bio(ssl_.get(), socket, socket);
}

TlsChannel::~TlsChannel() {
  say_goodbye();
}

// A record of TLS begins with its type, and the first one is of a handshake. Nothing while it may
// be that.
std::optional<TlsChannel::Handshake> TlsChannel::look_at_first_byte() {
  char first = 0;
  const ssize_t got = recv(fd_, &first, 1, MSG_PEEK);
  if (got < 0 && Socket::comes_later()) return Handshake::kWaits;
  has_begun_ = true;
  if (got == 1 && first == kHandshakeRecord) return {};
  abort();
  return got == 1 ? Handshake::kPlainText : Handshake::kLeft;
}

TlsChannel::Handshake TlsChannel::handshake() {
  if (!has_begun_) {
    if (const auto seen = look_at_first_byte()) return *seen;
  }
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    state_ = State::kOpen;
    agreed_ = true;
    has_more_ = SSL_has_pending(ssl_.get()) == 1;
    note_certificate();
    return Handshake::kDone;
  }
  const int error = SSL_get_error(ssl_.get(), result);
  wants_write_ = error == SSL_ERROR_WANT_WRITE;
  if (wants_write_ || error == SSL_ERROR_WANT_READ) return Handshake::kWaits;
  ERR_clear_error();
  abort();
  const bool left = error == SSL_ERROR_SYSCALL || error == SSL_ERROR_ZERO_RETURN;
  return left ? Handshake::kLeft : Handshake::kFailed;
}

void TlsChannel::note_certificate() {
  const char* name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
  names_host_ = name != nullptr;
  if (names_host_) certificate_ = contexts_->certificate_for(name);
}

TlsChannel::Protocol TlsChannel::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  if (size == 0) return Protocol::kNotChosen;
  return size == 2 ? Protocol::kHttp2 : Protocol::kHttp1;
}

bool TlsChannel::is_for(std::string_view host) const {
  return !names_host_ || host.empty() || contexts_->certificate_for(host) == certificate_;
}

// As recv(2) and send(2) say it.
ssize_t TlsChannel::after_error(int error) {
  switch (error) {
    case SSL_ERROR_WANT_WRITE:
    case SSL_ERROR_WANT_READ:
      errno = EAGAIN;
      return -1;
    case SSL_ERROR_ZERO_RETURN:
      return 0;
    default:
      ERR_clear_error();
      abort();
      errno = ECONNRESET;
      return -1;
  }
}

ssize_t TlsChannel::read(std::span<char> into) {
  has_more_ = false;
  std::size_t received = 0;
  while (received < into.size()) {
    ERR_clear_error();
    std::size_t size = 0;
    const int result =
        SSL_read_ex(ssl_.get(), into.data() + received, into.size() - received, &size);
    if (result != 1) {
      // An end, or an error, is met again.
      const int error = SSL_get_error(ssl_.get(), result);
      has_more_ = received > 0 && error != SSL_ERROR_WANT_READ;
      return received > 0 ? static_cast<ssize_t>(received) : after_error(error);
    }
    received += size;
    if (SSL_has_pending(ssl_.get()) == 0) return static_cast<ssize_t>(received);
  }
  has_more_ = true;
  return static_cast<ssize_t>(received);
}

ssize_t TlsChannel::write(const Output::Pending& pending) {
  Buffer buffer;
  std::size_t sent = 0;
  while (sent < pending.size) {
    const std::string_view record = record_at(pending, sent, buffer);
    ERR_clear_error();
    std::size_t size = 0;
    const int result = SSL_write_ex(ssl_.get(), record.data(), record.size(), &size);
    if (result == 1) {
      sent += size;
      continue;
    }
    // What stops it is met again.
    if (sent > 0) break;
    // Where the client has said that it leaves, errno is that of send(2).
    after_error(SSL_get_error(ssl_.get(), result));
    return -1;
  }
  return static_cast<ssize_t>(sent);
}

void TlsChannel::say_goodbye() {
  if (state_ != State::kOpen) return;
  state_ = State::kClosing;
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

}  // namespace intermission::server
