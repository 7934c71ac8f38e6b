#include "server/tls_contexts.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include "base/text.h"

namespace intermission::server {
namespace {

// Forward secret, and authenticated as a whole: the ones that HTTP/2 may be spoken over
// (RFC 9113 Appendix A), and that no known attack on CBC or RSA key exchange meets.
constexpr const char* kCiphers12 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* kGroups = "X25519:P-256:P-384";
constexpr long kSessionLife = 2 * 3600;

// The preferred one first, as ALPN sends them: each behind its length.
constexpr std::string_view kAlpnHttp2 = "\x02h2";
constexpr std::string_view kAlpnHttp1 = "\x08http/1.1";

const unsigned char* octets_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

using StackPtr =
    std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * stack) { sk_X509_free(stack); })>;

// The certificates stay their owners'.
StackPtr stack_of(const std::vector<X509Ptr>& certificates) {
  StackPtr stack(sk_X509_new_null());
  for (const X509Ptr& certificate : certificates) {
    if (!stack || sk_X509_push(stack.get(), certificate.get()) == 0) throw std::bad_alloc();
  }
  return stack;
}

bool ask_for_certificates(SSL_CTX* context, const std::vector<X509Ptr>& authorities) {
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  for (const X509Ptr& authority : authorities) {
    if (X509_STORE_add_cert(store, authority.get()) != 1 ||
        SSL_CTX_add_client_CA(context, authority.get()) != 1) {
      return false;
    }
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return true;
}

// Tickets are all there is of sessions: nothing is remembered of a client.
bool set_up_sessions(SSL_CTX* context) {
  constexpr std::string_view kId = "intermission";
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_timeout(context, kSessionLife);
  SSL_CTX_set_max_early_data(context, 0);
  return SSL_CTX_set_session_id_context(context, octets_of(kId), kId.size()) == 1;
}

bool set_up_protocol(SSL_CTX* context, bool only_tls13) {
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                   SSL_OP_IGNORE_UNEXPECTED_EOF);
  // An idle connection gives its buffers back; an answer may be written again from elsewhere.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_NO_AUTO_CHAIN);
  SSL_CTX_set_read_ahead(context, 1);
  return SSL_CTX_set_min_proto_version(context, only_tls13 ? TLS1_3_VERSION : TLS1_2_VERSION) ==
             1 &&
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, kCiphers12) == 1 &&
         SSL_CTX_set1_groups_list(context, kGroups) == 1;
}

base::Error refused(const std::string& file) {
  return {"OpenSSL rejects it: " + last_openssl_error(), file, 0};
}

}  // namespace

// ------------------------------------------------------------------ what OpenSSL asks

struct TlsContexts::Callbacks {
  static const TlsContexts& self(void* argument) {
    return *static_cast<const TlsContexts*>(argument);
  }

  static int choose_certificate(SSL* ssl, int*, void* argument) {
    const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (name == nullptr) return SSL_TLSEXT_ERR_NOACK;
    const TlsContexts& contexts = self(argument);
    const std::size_t chosen = contexts.certificate_for(name);
    if (chosen != 0) SSL_set_SSL_CTX(ssl, contexts.contexts_[chosen].context.get());
    return SSL_TLSEXT_ERR_OK;
  }

  static int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                             const unsigned char* offered, unsigned offered_size, void* argument) {
    const std::string ours =
        std::string(self(argument).http2_ ? kAlpnHttp2 : std::string_view()).append(kAlpnHttp1);
    unsigned char* found = nullptr;
    const int result = SSL_select_next_proto(
        &found, size, octets_of(ours), static_cast<unsigned>(ours.size()), offered, offered_size);
    if (result != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
    // `found` points into `ours`, which ends here.
    const std::string_view protocol = *size == 2 ? kAlpnHttp2.substr(1) : kAlpnHttp1.substr(1);
    *chosen = octets_of(protocol);
    return SSL_TLSEXT_ERR_OK;
  }

  // 1: resume; 0: the key is unknown, so do a full handshake; 2: resume, and send a new ticket.
  static int use_ticket_key(SSL* ssl, unsigned char* name, unsigned char* iv,
                            EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* digest, int encrypts) {
    auto* keys = static_cast<TicketKeys*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), 0));
    if (encrypts == 1) return encrypt_ticket(*keys, name, iv, cipher, digest);
    const auto found = keys->find({name, TicketKey::kNameSize});
    if (!found) return 0;
    if (EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, found->key.cipher.data(), iv) != 1 ||
        !set_digest(*digest, found->key)) {
      return -1;
    }
    const bool is_used_up = SSL_version(ssl) == TLS1_3_VERSION;  // RFC 8446 §C.4
    return found->is_current && !is_used_up ? 1 : 2;
  }

  static int encrypt_ticket(TicketKeys& keys, unsigned char* name, unsigned char* iv,
                            EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* digest) {
    const auto key = keys.current();
    if (!key || RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1 ||
        EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key->cipher.data(), iv) != 1 ||
        !set_digest(*digest, *key)) {
      return -1;
    }
    std::copy(key->name.begin(), key->name.end(), name);
    return 1;
  }

  static bool set_digest(EVP_MAC_CTX& digest, const TicketKey& key) {
    auto secret = key.digest;
    std::string name = "SHA256";
    const std::array parameters = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, secret.data(), secret.size()),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
        OSSL_PARAM_construct_end()};
    return EVP_MAC_CTX_set_params(&digest, parameters.data()) == 1;
  }
};

// ------------------------------------------------------------------ TlsContexts

base::Result<std::shared_ptr<const TlsContexts>> TlsContexts::make(
    const TlsSettings& settings, base::TimePoint now, std::shared_ptr<TicketKeys> keys) {
  std::vector<X509Ptr> authorities;
  if (!settings.client_ca.empty()) {
    auto loaded = load_authorities(settings.client_ca);
    if (!loaded) return loaded.error();
    authorities = std::move(*loaded);
  }
  const std::shared_ptr<TlsContexts> out(new TlsContexts(std::move(keys), settings.http2));
  if (!settings.self_signed_for.empty()) {
    auto made = make_certificate(settings.self_signed_for, now);
    if (!made) return made.error();
    if (auto problem = out->add(std::move(*made), settings, authorities)) return *problem;
  }
  for (const CertificateFiles& files : settings.certificates) {
    auto loaded = load_certificate(files, now);
    if (!loaded) return loaded.error();
    if (auto problem = out->add(std::move(*loaded), settings, authorities)) return *problem;
  }
  return std::shared_ptr<const TlsContexts>(out);
}

TlsContexts::Context* TlsContexts::sibling_of(const std::vector<std::string>& names, int key_kind) {
  const auto found = std::find_if(contexts_.begin(), contexts_.end(), [&](const Context& other) {
    return std::is_permutation(names.begin(), names.end(), other.names.begin(),
                               other.names.end()) &&
           std::count(other.key_kinds.begin(), other.key_kinds.end(), key_kind) == 0;
  });
  return found == contexts_.end() ? nullptr : &*found;
}

std::optional<base::Error> TlsContexts::add(Certificate certificate, const TlsSettings& settings,
                                            const std::vector<X509Ptr>& authorities) {
  const int kind = EVP_PKEY_get_base_id(certificate.key.get());
  Context* context = sibling_of(certificate.facts.names, kind);
  if (context == nullptr) {
    auto made = make_context(settings, authorities);
    if (!made) return made.error();
    for (const std::string& name : certificate.facts.names) {
      by_name_.emplace(name, contexts_.size());
    }
    contexts_.push_back({std::move(*made), certificate.facts.names, {}});
    context = &contexts_.back();
  }
  context->key_kinds.push_back(kind);
  ERR_clear_error();
  if (SSL_CTX_use_cert_and_key(context->context.get(), certificate.leaf.get(),
                               certificate.key.get(), stack_of(certificate.chain).get(), 1) != 1) {
    return refused(certificate.facts.file);
  }
  facts_.push_back(std::move(certificate.facts));
  return {};
}

base::Result<SslContextPtr> TlsContexts::make_context(const TlsSettings& settings,
                                                      const std::vector<X509Ptr>& authorities) {
  ERR_clear_error();
  SslContextPtr context(SSL_CTX_new(TLS_server_method()));
  if (!context || !set_up_protocol(context.get(), settings.only_tls13) ||
      !set_up_sessions(context.get()) || SSL_CTX_set_ex_data(context.get(), 0, keys_.get()) != 1) {
    return base::Error{"TLS cannot be set up: " + last_openssl_error()};
  }
  if (!authorities.empty() && !ask_for_certificates(context.get(), authorities)) {
    return refused(settings.client_ca);
  }
  // As SSL_CTX_set_tlsext_servername_callback(), a macro with a cast of C.
  SSL_CTX_callback_ctrl(context.get(), SSL_CTRL_SET_TLSEXT_SERVERNAME_CB,
                        reinterpret_cast<void (*)()>(&Callbacks::choose_certificate));
  SSL_CTX_set_tlsext_servername_arg(context.get(), this);
  SSL_CTX_set_alpn_select_cb(context.get(), &Callbacks::choose_protocol, this);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context.get(), &Callbacks::use_ticket_key);
  return context;
}

SslPtr TlsContexts::begin() const {
  SslPtr ssl(SSL_new(contexts_.front().context.get()));
  if (!ssl) {
    ERR_clear_error();
    throw std::bad_alloc();
  }
  SSL_set_accept_state(ssl.get());
  return ssl;
}

std::size_t TlsContexts::certificate_for(std::string_view host) const {
  if (contexts_.size() == 1) return 0;
  if (host.ends_with('.')) host.remove_suffix(1);
  std::string name(host);
  for (char& c : name) c = base::ascii_lower(c);
  if (const auto exact = by_name_.find(name); exact != by_name_.end()) return exact->second;
  const auto dot = name.find('.');
  if (dot == std::string::npos || dot == 0) return 0;
  const auto wildcard = by_name_.find("*" + name.substr(dot));
  return wildcard == by_name_.end() ? 0 : wildcard->second;
}

// ------------------------------------------------------------------ TlsEndpoint

base::Result<std::shared_ptr<TlsEndpoint>> TlsEndpoint::open(const TlsSettings& settings,
                                                             const base::Clock& clock) {
  std::shared_ptr<TlsEndpoint> endpoint(new TlsEndpoint(clock));
  if (auto problem = endpoint->reload(settings)) return *problem;
  return endpoint;
}

std::optional<base::Error> TlsEndpoint::reload(const TlsSettings& settings) {
  auto change = prepare(settings);
  if (!change) return change.error();
  apply(std::move(*change));
  return {};
}

base::Result<TlsEndpoint::Change> TlsEndpoint::prepare(const TlsSettings& settings) const {
  Change next;
  {
    const base::MutexLock lock(mutex_);
    next = in_force_;
  }
  if (next.contexts && !settings.self_signed_for.empty() && settings == next.settings) return next;
  // A ticket says that its client has shown a certificate, but not to whom it must show one now.
  const bool asks_clients = !settings.client_ca.empty() || !next.settings.client_ca.empty();
  if (!next.keys || asks_clients) next.keys = std::make_shared<TicketKeys>(clock_);
  auto contexts = TlsContexts::make(settings, clock_.now(), next.keys);
  if (!contexts) return contexts.error();
  next.settings = settings;
  next.contexts = std::move(*contexts);
  return next;
}

void TlsEndpoint::apply(Change change) {
  const base::MutexLock lock(mutex_);
  in_force_ = std::move(change);
}

std::shared_ptr<const TlsContexts> TlsEndpoint::current() const {
  const base::MutexLock lock(mutex_);
  return in_force_.contexts;
}

}  // namespace intermission::server
