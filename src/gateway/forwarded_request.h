// Which request the client sent, where a proxy passes it on in another shape: as a question to
// the gate, with the URL in a field of its own, under another Host.
//
//   const ForwardedRequest forwarded(received, snapshot.catalog().front());
//   answer for forwarded.request()
//
//                 the URL                          the host, unless      the method
//                                                  the URL has one
//   no gate       X-CF-Forwarded-Url (a Cloud      Forwarded, or else    its own
//                 Foundry route service)           X-Forwarded-Host
//   no gate, as   the same, or else                the same              its own
//   error backend X-Original-URI (ingress-nginx)
//   gate          what follows the gate's path,    X-Forwarded-Host      X-Forwarded-Method
//                 or else X-Forwarded-Uri
//                 (Traefik, Caddy)
//   gate-403      what follows the gate's path     its own               X-Original-Method
//                 (nginx, Envoy), or else
//                 X-Original-URL (ingress-nginx)
//
// "gate-403?x" asks about "/?x": nginx's $request_uri is "?x" where the client asks for
// "http://orders.example.com?x". This is the plain reading, by the first value of each field.
// Whether the request passes a gate depends on all of them: see passage.h.
//
// As an error backend, which the configuration has to say, the gateway takes X-Format for Accept:
// ingress-nginx writes both fields anew for each service that failed, but passes them on as clients
// send them where the gateway is a service like any other.
//
// The client's address comes from Forwarded and X-Forwarded-For, which must agree. Fields are
// believed only if the connection's own peer is a trusted proxy. The client that a PROXY header
// names is the client; fields tell of another one only if it is a trusted proxy itself, and where
// they contradict it, no client is known.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "catalog/service.h"
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

/// In which field a gate's proxy tells the URL and the method.
inline constexpr std::string_view kGateUrl = "X-Forwarded-Uri";
inline constexpr std::string_view kGateMethod = "X-Forwarded-Method";
inline constexpr std::string_view kForbiddenGateUrl = "X-Original-URL";
inline constexpr std::string_view kForbiddenGateMethod = "X-Original-Method";

/// Lives as long as `received`, which it looks into. Allocates only where a proxy changed the
/// request.
class ForwardedRequest {
 public:
  ForwardedRequest(const http::Request& received, const catalog::Front& front);
  ForwardedRequest(const ForwardedRequest&) = delete;
  ForwardedRequest& operator=(const ForwardedRequest&) = delete;

  const http::Request& request() const { return rebuilt_ ? *rebuilt_ : received_; }
  /// The request as it came.
  const http::Request& received() const { return received_; }
  Gate gate() const { return gate_; }
  /// What follows the gate's path in the target, such as "/orders?x=1" or "?x"; empty where nothing
  /// does.
  std::string_view behind_gate() const { return behind_gate_; }
  /// Whether the connection comes from a trusted proxy.
  bool is_passed_on() const { return passed_on_; }
  const std::optional<http::Address>& client() const { return client_; }
  /// Which service failed, in plain words, where the gateway answers as an error backend; else
  /// empty.
  std::string what_failed() const;
  /// Whether the client spoke TLS: as a trusted proxy tells, or else on this very connection.
  bool is_secure() const { return secure_; }
  /// The fields that a trusted proxy tells the request in, for Vary: the known ones, and the
  /// names of others.
  http::FieldSet consulted() const { return consulted_; }
  std::span<const std::string_view> consulted_names() const { return consulted_names_; }

 private:
  struct Shape;

  static Shape told_to(Gate gate, bool is_error_backend, const http::Request& request);
  void believe_proxy(const catalog::Front& front);
  void rebuild(const Shape& told);

  const http::Request& received_;
  std::optional<http::Request> rebuilt_;
  Gate gate_ = Gate::kNone;
  std::string_view behind_gate_;
  std::optional<http::Address> client_;
  bool secure_ = false;
  bool passed_on_ = false;
  bool is_error_backend_ = false;
  http::FieldSet consulted_;
  std::span<const std::string_view> consulted_names_;
};

}  // namespace intermission::gateway
