#include "support/tls_client.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

#include "support/wire_client.h"

namespace intermission::testing {
namespace {

int connect_to(std::uint16_t port) {
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  const timeval limit{WireClient::kLimit.count() / 1000, 0};
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(made, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    close(made);
    throw std::runtime_error("cannot connect");
  }
  return made;
}

std::string as_alpn(const std::vector<std::string>& protocols) {
  std::string text;
  for (const std::string& protocol : protocols) {
    text += static_cast<char>(protocol.size());
    text += protocol;
  }
  return text;
}

server::SslContextPtr context_for(const TlsClient::Wishes& wishes) {
  server::SslContextPtr context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_min_proto_version(context.get(), wishes.version != 0 ? wishes.version : TLS1_VERSION);
  if (wishes.version != 0) SSL_CTX_set_max_proto_version(context.get(), wishes.version);
  if (!wishes.ciphers.empty()) SSL_CTX_set_cipher_list(context.get(), wishes.ciphers.c_str());
  if (wishes.certificate != nullptr) {
    SSL_CTX_use_certificate(context.get(), wishes.certificate->certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), wishes.certificate->key.get());
  }
  return context;
}

}  // namespace

TlsClient::TlsClient(std::uint16_t port, const Wishes& wishes)
    : context_(context_for(wishes)), socket_(connect_to(port)), ssl_(SSL_new(context_.get())) {
  if (wishes.in_pieces) {
    for (const char& byte : wishes.before) send_plain({&byte, 1});
  } else {
    send_plain(wishes.before);
  }
  SSL_set_fd(ssl_.get(), socket_);
  if (!wishes.name.empty()) {
    // As SSL_set_tlsext_host_name(), a macro with a cast of C.
    SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(wishes.name.c_str()));
  }
  const std::string alpn = as_alpn(wishes.alpn);
  SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(alpn.data()),
                      static_cast<unsigned>(alpn.size()));
  if (wishes.session != nullptr) SSL_set_session(ssl_.get(), wishes.session);
  ERR_clear_error();
  if (SSL_connect(ssl_.get()) != 1) problem_ = server::last_openssl_error();
}

TlsClient::TlsClient(TlsClient&& other) noexcept
    : context_(std::move(other.context_)),
      socket_(std::exchange(other.socket_, -1)),
      ssl_(std::move(other.ssl_)),
      problem_(std::move(other.problem_)),
      pending_(std::move(other.pending_)) {}

TlsClient::~TlsClient() {
  leave();
}

void TlsClient::leave() {
  if (socket_ >= 0) close(std::exchange(socket_, -1));
}

std::string TlsClient::certificate_name() const {
  const server::X509Ptr shown(SSL_get1_peer_certificate(ssl_.get()));
  if (!shown) return {};
  std::unique_ptr<GENERAL_NAMES, server::Freed<GENERAL_NAMES_free>> names(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(shown.get(), NID_subject_alt_name, nullptr, nullptr)));
  if (!names) return {};
  const ASN1_STRING* text = sk_GENERAL_NAME_value(names.get(), 0)->d.dNSName;
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

int TlsClient::certificate_key() const {
  const server::X509Ptr shown(SSL_get1_peer_certificate(ssl_.get()));
  return shown ? EVP_PKEY_get_base_id(X509_get0_pubkey(shown.get())) : 0;
}

std::string TlsClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

bool TlsClient::renegotiate() {
  ERR_clear_error();
  return SSL_renegotiate(ssl_.get()) == 1 && SSL_do_handshake(ssl_.get()) == 1;
}

bool TlsClient::update_keys() {
  return SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_REQUESTED) == 1 &&
         SSL_do_handshake(ssl_.get()) == 1;
}

bool TlsClient::send(std::string_view bytes) {
  ERR_clear_error();
  return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) ==
         static_cast<int>(bytes.size());
}

void TlsClient::send_plain(std::string_view bytes) {
  ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

bool TlsClient::receive() {
  char bytes[16 * 1024];
  ERR_clear_error();
  const int got = SSL_read(ssl_.get(), bytes, sizeof bytes);
  if (got > 0) pending_.append(bytes, static_cast<std::size_t>(got));
  return got > 0;
}

std::string TlsClient::response() {
  std::size_t size = std::string::npos;
  do {
    const std::size_t end = pending_.find("\r\n\r\n");
    if (end == std::string::npos) continue;
    size = end + 4;
    const std::size_t length = pending_.find("\r\nContent-Length: ");
    if (length < end) size += std::stoul(pending_.substr(length + 18));
    if (pending_.size() >= size) break;
  } while (receive());
  std::string out = pending_.substr(0, size);
  pending_.erase(0, size);
  return out;
}

std::string TlsClient::until_close() {
  while (receive()) {
  }
  const bool told = (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  return std::exchange(pending_, {}) + (told ? "" : "(cut)");
}

std::string TlsClient::some() {
  if (pending_.empty()) receive();
  return std::exchange(pending_, {});
}

}  // namespace intermission::testing
