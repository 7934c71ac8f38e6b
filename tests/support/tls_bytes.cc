#include "support/tls_bytes.h"

#include <openssl/err.h>

namespace intermission::testing {

TlsBytes::TlsBytes(int version)
    : context_(SSL_CTX_new(TLS_client_method())),
      ssl_(SSL_new(context_.get())),
      in_(BIO_new(BIO_s_mem())),
      out_(BIO_new(BIO_s_mem())) {
  if (version != 0) {
    SSL_set_min_proto_version(ssl_.get(), version);
    SSL_set_max_proto_version(ssl_.get(), version);
  }
  SSL_set_bio(ssl_.get(), in_, out_);
  SSL_set_connect_state(ssl_.get());
}

bool TlsBytes::shake_hands() {
  ERR_clear_error();
  return SSL_do_handshake(ssl_.get()) == 1;
}

void TlsBytes::say(std::string_view text) {
  ERR_clear_error();
  SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
}

void TlsBytes::update_keys() {
  SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_REQUESTED);
  SSL_do_handshake(ssl_.get());
}

void TlsBytes::say_goodbye() {
  SSL_shutdown(ssl_.get());
}

std::string TlsBytes::to_send() {
  std::string bytes(BIO_ctrl_pending(out_), '\0');
  if (!bytes.empty()) BIO_read(out_, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

std::string TlsBytes::take(std::string_view bytes) {
  BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
  std::string said;
  char piece[16 * 1024];
  ERR_clear_error();
  for (int got = 0; (got = SSL_read(ssl_.get(), piece, sizeof piece)) > 0;) {
    said.append(piece, static_cast<std::size_t>(got));
  }
  ERR_clear_error();
  return said;
}

}  // namespace intermission::testing
