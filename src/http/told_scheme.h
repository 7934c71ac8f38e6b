// The scheme that a client used, as the router reports it. Any client can send these fields:
// the caller decides first whether to trust the sender.
//
//   Forwarded: for=192.0.2.60;proto=https      X-Forwarded-Ssl: on
//   X-Forwarded-Proto: https, http             X-CF-Forwarded-Url: https://orders.example.com/7
//   X-Forwarded-Scheme: https
#pragma once

#include <cstdint>

#include "http/field.h"
#include "http/request.h"

namespace intermission::http {

enum class ToldScheme : std::uint8_t { kUnknown, kHttp, kHttps };

/// The fields that told_scheme() looks at.
inline constexpr FieldSet kSchemeFields = {Field::kForwarded, Field::kXCfForwardedUrl,
                                           Field::kXForwardedProto, Field::kXForwardedScheme,
                                           Field::kXForwardedSsl};

/// Whether any field that a router may write says that the client speaks TLS: those above, and
///
///   Front-End-Https: on         X-Forwarded-Protocol: ssl        CF-Visitor: {"scheme":"https"}
///   X-Url-Scheme: https         CloudFront-Forwarded-Proto       X-Forwarded-Port: 443
///
/// and similar ones. If two of them disagree, it counts as TLS.
bool tells_tls(const Request& request);

/// kHttps if any member of any line says so: a client cannot hide TLS by adding "http" to a
/// field. kHttp if the fields say only that. Never fails.
ToldScheme told_scheme(const Request& request);

}  // namespace intermission::http
