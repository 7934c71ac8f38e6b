// The request fields this program looks at, each with a small number, so that looking one up
// in a request is an array index and "which fields did the decision consult" is one bit mask.
//
// To know a further field, add an enumerator and its spelling, both in alphabetical order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace intermission::http {

enum class Field : std::uint8_t {
  kAccept,
  kAcceptEncoding,
  kAcceptLanguage,
  kAccessControlRequestHeaders,
  kAccessControlRequestMethod,
  kAuthorization,
  kConnectProtocolVersion,
  kConnection,
  kContentEncoding,
  kContentLength,
  kContentType,
  kCookie,
  kDepth,
  kExpect,
  kForwarded,
  kHost,
  kLastEventId,
  kOdataMaxVersion,
  kOdataVersion,
  kOrigin,
  kRange,
  kReferer,
  kSaveData,
  kSecChPrefersColorScheme,
  kSecChPrefersReducedMotion,
  kSecChUa,
  kSecChUaMobile,
  kSecChViewportWidth,
  kSecFetchDest,
  kSecFetchMode,
  kSecFetchSite,
  kSecWebsocketKey,
  kSecWebsocketProtocol,
  kSecWebsocketVersion,
  kSoapAction,
  kStripeSignature,
  kTe,
  kTraceparent,
  kTransferEncoding,
  kUpgrade,
  kUserAgent,
  kWebhookSignature,
  kXAmzTarget,
  kXCfForwardedUrl,
  kXForwardedFor,
  kXForwardedHost,
  kXForwardedProto,
  kXForwardedScheme,
  kXForwardedSsl,
  kXGithubEvent,
  kXGitlabEvent,
  kXGrpcWeb,
  kXHubSignature,
  kXHubSignature256,
  kXRequestId,
  kXRequestedWith,
  kXShopifyHmacSha256,
  kXSlackSignature,
  kXTwilioSignature,
  kXVcapRequestId,
  kOther,  // any other name
};

inline constexpr std::size_t kKnownFields = static_cast<std::size_t>(Field::kOther);

/// Spelled as in the IANA registry of field names, or as senders spell it.
inline constexpr std::array<std::string_view, kKnownFields> kFieldNames = {
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Access-Control-Request-Headers",
    "Access-Control-Request-Method",
    "Authorization",
    "Connect-Protocol-Version",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "Cookie",
    "Depth",
    "Expect",
    "Forwarded",
    "Host",
    "Last-Event-ID",
    "OData-MaxVersion",
    "OData-Version",
    "Origin",
    "Range",
    "Referer",
    "Save-Data",
    "Sec-CH-Prefers-Color-Scheme",
    "Sec-CH-Prefers-Reduced-Motion",
    "Sec-CH-UA",
    "Sec-CH-UA-Mobile",
    "Sec-CH-Viewport-Width",
    "Sec-Fetch-Dest",
    "Sec-Fetch-Mode",
    "Sec-Fetch-Site",
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Version",
    "SOAPAction",
    "Stripe-Signature",
    "TE",
    "traceparent",
    "Transfer-Encoding",
    "Upgrade",
    "User-Agent",
    "Webhook-Signature",
    "X-Amz-Target",
    "X-CF-Forwarded-Url",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Scheme",
    "X-Forwarded-Ssl",
    "X-GitHub-Event",
    "X-Gitlab-Event",
    "X-Grpc-Web",
    "X-Hub-Signature",
    "X-Hub-Signature-256",
    "X-Request-Id",
    "X-Requested-With",
    "X-Shopify-Hmac-Sha256",
    "X-Slack-Signature",
    "X-Twilio-Signature",
    "X-Vcap-Request-Id",
};

constexpr std::string_view field_name(Field field) {
  return kFieldNames[static_cast<std::size_t>(field)];
}

/// The field of that name, whatever its case; Field::kOther for a name not in the table.
Field field_from(std::string_view name);

/// A set of known fields. Used for Vary: the fields that a decision consulted.
class FieldSet {
 public:
  constexpr FieldSet() = default;
  constexpr FieldSet(std::initializer_list<Field> fields) {
    for (const Field field : fields) add(field);
  }

  constexpr void add(Field field) { bits_ |= bit(field); }
  constexpr void add(FieldSet others) { bits_ |= others.bits_; }
  constexpr bool has(Field field) const { return (bits_ & bit(field)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr FieldSet without(Field field) const {
    FieldSet others = *this;
    others.bits_ &= ~bit(field);
    return others;
  }
  constexpr bool operator==(const FieldSet&) const = default;
  constexpr std::uint64_t bits() const { return bits_; }

 private:
  static constexpr std::uint64_t bit(Field field) {
    return std::uint64_t{1} << static_cast<unsigned>(field);
  }
  std::uint64_t bits_ = 0;
};
static_assert(kKnownFields < 64, "FieldSet holds 64 bits");

}  // namespace intermission::http
