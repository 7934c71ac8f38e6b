// What a listener speaks TLS with: certificates, versions, who may connect. TLS 1.2 and 1.3
// (RFC 5246, RFC 8446) by OpenSSL, without renegotiation, compression and early data.
//
//   the client names (SNI, RFC 6066 §3)      it is shown
//   orders.example.com                       the certificate with that name
//   api.orders.example.com                   else the one with *.orders.example.com
//   another name, or none                    else the first one
//
// Names are those that certificates carry. Of two certificates with the same name the first one
// counts, unless they have the same names and different kinds of keys: then each client is shown
// the one that it can use.
//
//   auto tls = TlsEndpoint::open(settings, clock);
//   if (auto problem = (*tls)->reload(settings)) ...    // the old certificates stay
//
// A TlsContexts never changes; a reload makes another one, and connections keep theirs.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "server/certificate.h"
#include "server/openssl.h"
#include "server/ticket_keys.h"

namespace intermission::server {

struct TlsSettings {
  std::vector<CertificateFiles> certificates = {};  // the first one is the default
  /// Names or addresses: one certificate is made in memory for them, in place of `certificates`.
  std::vector<std::string> self_signed_for = {};
  bool only_tls13 = false;
  std::string client_ca = {};  // a file; empty: clients need no certificate
  bool http2 = false;          // offered by ALPN (RFC 7301) before HTTP/1.1

  bool operator==(const TlsSettings&) const = default;
};

/// Any thread may use it.
class TlsContexts {
 public:
  /// An Error names the file.
  static base::Result<std::shared_ptr<const TlsContexts>> make(const TlsSettings& settings,
                                                               base::TimePoint now,
                                                               std::shared_ptr<TicketKeys> keys);
  TlsContexts(const TlsContexts&) = delete;
  TlsContexts& operator=(const TlsContexts&) = delete;

  /// A client's connection before its handshake. What is made must not outlive this. Throws
  /// std::bad_alloc.
  SslPtr begin() const;

  /// A number for the certificate that a client is shown who names `host`, whatever its case and
  /// with a dot at its end or not.
  std::size_t certificate_for(std::string_view host) const;

  const std::vector<CertificateFacts>& certificates() const { return facts_; }

 private:
  struct Callbacks;
  struct Context {
    SslContextPtr context;
    std::vector<std::string> names;
    std::vector<int> key_kinds;
  };

  TlsContexts(std::shared_ptr<TicketKeys> keys, bool http2)
      : keys_(std::move(keys)), http2_(http2) {}

  std::optional<base::Error> add(Certificate certificate, const TlsSettings& settings,
                                 const std::vector<X509Ptr>& authorities);
  base::Result<SslContextPtr> make_context(const TlsSettings& settings,
                                           const std::vector<X509Ptr>& authorities);
  Context* sibling_of(const std::vector<std::string>& names, int key_kind);

  const std::shared_ptr<TicketKeys> keys_;
  const bool http2_;
  std::vector<Context> contexts_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::vector<CertificateFacts> facts_;
};

/// The TlsContexts in force. Any thread may use it.
class TlsEndpoint {
 public:
  /// `clock` outlives it.
  static base::Result<std::shared_ptr<TlsEndpoint>> open(const TlsSettings& settings,
                                                         const base::Clock& clock);

  /// For new connections. On an Error what is in force stays. A certificate that was made in
  /// memory stays as well, as long as it is for the same names.
  std::optional<base::Error> reload(const TlsSettings& settings);

  /// The two halves of reload(), for callers that change several endpoints or none.
  struct Change {
    TlsSettings settings;
    std::shared_ptr<TicketKeys> keys;
    std::shared_ptr<const TlsContexts> contexts;
  };
  base::Result<Change> prepare(const TlsSettings& settings) const EXCLUDES_LOCK(mutex_);
  void apply(Change change) EXCLUDES_LOCK(mutex_);

  std::shared_ptr<const TlsContexts> current() const EXCLUDES_LOCK(mutex_);

 private:
  explicit TlsEndpoint(const base::Clock& clock) : clock_(clock) {}

  const base::Clock& clock_;
  mutable base::Mutex mutex_;
  Change in_force_ GUARDED_BY(mutex_);
};

}  // namespace intermission::server
