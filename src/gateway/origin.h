// Which request the client sent, where a proxy passes it on in another shape: as a question to
// the gate, with the URL in a field of its own, under another Host.
//
//   const Origin origin(received, snapshot.catalog().trusted_proxies());
//   answer for origin.request()
//
//                 the URL                          the host, unless      the method
//                                                  the URL has one
//   no gate       X-CF-Forwarded-Url (a Cloud      Forwarded, or else    its own
//                 Foundry route service), or else  X-Forwarded-Host
//                 X-Original-URI (ingress-nginx)
//   gate          the path behind the gate's, or   X-Forwarded-Host      X-Forwarded-Method
//                 else X-Forwarded-Uri (Traefik,
//                 Caddy)
//   gate-403      the path behind the gate's       its own               X-Original-Method
//                 (nginx, Envoy), or else
//                 X-Original-URL (ingress-nginx)
//
// The client's address comes from Forwarded and X-Forwarded-For, which must agree. Fields are
// believed only if the connection comes from a trusted proxy.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "http/address.h"
#include "http/field.h"
#include "http/request.h"

namespace intermission::gateway {

/// Whether a proxy asks if it may pass the request on, and what it wants to hear.
enum class Gate : std::uint8_t {
  kNone,       // the client's request itself
  kAnswer,     // /.well-known/intermission/gate: the client's answer, but never a 2xx
  kForbidden,  // /.well-known/intermission/gate-403: 403, for proxies that know no other no
};

/// Lives as long as `received`, which it looks into. Allocates only where a proxy changed the
/// request.
class Origin {
 public:
  Origin(const http::Request& received, std::span<const http::Network> trusted);
  Origin(const Origin&) = delete;
  Origin& operator=(const Origin&) = delete;

  const http::Request& request() const { return rebuilt_ ? *rebuilt_ : received_; }
  Gate gate() const { return gate_; }
  /// Whether the connection comes from a trusted proxy.
  bool is_passed_on() const { return passed_on_; }
  const std::optional<http::Address>& client() const { return client_; }
  /// Whether the client spoke TLS, as far as a trusted proxy tells.
  bool is_secure() const { return secure_; }
  /// The fields that a trusted proxy tells the request in, for Vary: the known ones, and the
  /// names of others.
  http::FieldSet consulted() const { return consulted_; }
  std::span<const std::string_view> consulted_names() const { return consulted_names_; }

 private:
  void believe_proxy(std::span<const http::Network> trusted, std::string_view behind_gate);
  void rebuild(std::string_view method, std::string_view target, std::string_view host);

  const http::Request& received_;
  std::optional<http::Request> rebuilt_;
  Gate gate_ = Gate::kNone;
  std::optional<http::Address> client_;
  bool secure_ = false;
  bool passed_on_ = false;
  http::FieldSet consulted_;
  std::span<const std::string_view> consulted_names_;
};

}  // namespace intermission::gateway
