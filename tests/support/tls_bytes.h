// A client of TLS without a socket: bytes for the server, and what it makes of bytes that came.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "server/openssl.h"

namespace intermission::testing {

class TlsBytes {
 public:
  /// `version` is TLS1_2_VERSION or its like; 0: any.
  explicit TlsBytes(int version = 0);

  /// Goes on with the handshake. Whether it is done.
  bool shake_hands();
  void say(std::string_view text);
  /// Asks for new keys, and for an answer to that (RFC 8446 §4.6.3).
  void update_keys();
  /// Says close_notify.
  void say_goodbye();

  /// Bytes for the server that were not taken yet.
  std::string to_send();
  /// Bytes of the server. Gives what they say.
  std::string take(std::string_view bytes);
  /// Whether the server has said close_notify.
  bool was_closed() const { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

 private:
  server::SslContextPtr context_;
  server::SslPtr ssl_;
  BIO* in_;  // both are the session's
  BIO* out_;
};

/// How many bytes the records of TLS have inside, one number for each.
inline std::vector<std::size_t> record_sizes(std::string_view bytes) {
  std::vector<std::size_t> sizes;
  while (bytes.size() >= 5) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
    sizes.push_back(std::size_t{byte(3)} << 8 | byte(4));
    bytes.remove_prefix(std::min(bytes.size(), 5 + sizes.back()));
  }
  return sizes;
}

}  // namespace intermission::testing
