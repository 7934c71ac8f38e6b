// A client that speaks TLS on a loopback socket and does not ask who signed a certificate. As for a
// WireClient, nothing here waits for longer than WireClient::kLimit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/openssl.h"
#include "support/certificates.h"

namespace intermission::testing {

using SessionPtr = std::unique_ptr<SSL_SESSION, server::Freed<SSL_SESSION_free>>;

class TlsClient {
 public:
  struct Wishes {
    std::string name = {};                // for SNI
    std::vector<std::string> alpn = {};   // protocols, the preferred one first
    int version = 0;                      // TLS1_2_VERSION and its like alone; 0: any
    SSL_SESSION* session = nullptr;       // to resume
    const Issued* certificate = nullptr;  // to show
    std::string ciphers = {};             // of TLS 1.2
    std::string before = {};              // sent in plain text before the greeting
    bool in_pieces = false;               // byte by byte
  };

  /// Connects to 127.0.0.1 and shakes hands; throws std::runtime_error if no server listens.
  explicit TlsClient(std::uint16_t port) : TlsClient(port, Wishes{}) {}
  TlsClient(std::uint16_t port, const Wishes& wishes);
  ~TlsClient();
  TlsClient(TlsClient&& other) noexcept;
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  /// Empty where the handshake succeeded; else the reason.
  const std::string& problem() const { return problem_; }
  bool is_open() const { return problem_.empty(); }
  /// The first DNS name of the certificate that was shown.
  std::string certificate_name() const;
  /// The kind of its key.
  int certificate_key() const;
  std::string protocol() const;  // by ALPN
  int version() const { return SSL_version(ssl_.get()); }
  bool is_resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  /// What to resume with; a ticket of TLS 1.3 comes with the first answer.
  SessionPtr session() const { return SessionPtr(SSL_get1_session(ssl_.get())); }
  bool renegotiate();
  /// Asks for new keys, and for an answer to that (RFC 8446 §4.6.3).
  bool update_keys();

  bool send(std::string_view bytes);
  /// Past TLS.
  void send_plain(std::string_view bytes);
  /// One response with its body, as its Content-Length says.
  std::string response();
  /// Everything until the server closes; ends with "(cut)" where it did not say close_notify.
  std::string until_close();
  /// At least one more byte, or nothing if the server closed.
  std::string some();
  /// Leaves without a word.
  void leave();

 private:
  bool receive();

  server::SslContextPtr context_;
  int socket_ = -1;
  server::SslPtr ssl_;
  std::string problem_;
  std::string pending_;
};

}  // namespace intermission::testing
