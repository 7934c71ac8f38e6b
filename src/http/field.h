// The request fields this program looks at, each with a small number, so that looking one up
// in a request is an array index and "which fields did the decision consult" is a bit mask.
//
// To know a further field, add an enumerator and its spelling, both in alphabetical order.
#pragma once

#include <array>
#include <bit>
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
  kAnthropicVersion,
  kAuthorization,
  kConnectProtocolVersion,
  kConnection,
  kContentEncoding,
  kContentLength,
  kContentType,
  kCookie,
  kDatastarRequest,
  kDepth,
  kExpect,
  kForwarded,
  kHost,
  kHxCurrentUrl,
  kHxRequest,
  kLastEventId,
  kMcpProtocolVersion,
  kMcpSessionId,
  kNextAction,
  kNotionVersion,
  kNpmCommand,
  kNpmSession,
  kOcsApiRequest,
  kOdataMaxVersion,
  kOdataVersion,
  kOrigin,
  kRange,
  kReferer,
  kSaveData,
  kSdkVersion,
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
  kStripeVersion,
  kTe,
  kTraceparent,
  kTransferEncoding,
  kUpgrade,
  kUserAgent,
  kWebhookSignature,
  kXAmzTarget,
  kXApiKey,
  kXAsanaClientLib,
  kXAuthToken,
  kXCfForwardedUrl,
  kXForwardedFor,
  kXForwardedHost,
  kXForwardedProto,
  kXForwardedScheme,
  kXForwardedSsl,
  kXGithubEvent,
  kXGitlabEvent,
  kXGoogApiClient,
  kXGrpcWeb,
  kXHubSignature,
  kXHubSignature256,
  kXInertia,
  kXLivewire,
  kXLivewireNavigate,
  kXMsVersion,
  kXNugetClientVersion,
  kXPostmarkAccountToken,
  kXPostmarkServerToken,
  kXRequestId,
  kXRequestedWith,
  kXShopifyHmacSha256,
  kXSlackSignature,
  kXStainlessLang,
  kXStainlessPackageVersion,
  kXStainlessRuntime,
  kXStripeClientUserAgent,
  kXSveltekitAction,
  kXTwilioSignature,
  kXTypesenseApiKey,
  kXUpVersion,
  kXVaultRequest,
  kXVaultToken,
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
    "anthropic-version",
    "Authorization",
    "Connect-Protocol-Version",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "Cookie",
    "Datastar-Request",
    "Depth",
    "Expect",
    "Forwarded",
    "Host",
    "HX-Current-URL",
    "HX-Request",
    "Last-Event-ID",
    "Mcp-Protocol-Version",
    "Mcp-Session-Id",
    "Next-Action",
    "Notion-Version",
    "npm-command",
    "npm-session",
    "OCS-APIRequest",
    "OData-MaxVersion",
    "OData-Version",
    "Origin",
    "Range",
    "Referer",
    "Save-Data",
    "SdkVersion",
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
    "Stripe-Version",
    "TE",
    "traceparent",
    "Transfer-Encoding",
    "Upgrade",
    "User-Agent",
    "Webhook-Signature",
    "X-Amz-Target",
    "X-API-Key",
    "X-Asana-Client-Lib",
    "X-Auth-Token",
    "X-CF-Forwarded-Url",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Scheme",
    "X-Forwarded-Ssl",
    "X-GitHub-Event",
    "X-Gitlab-Event",
    "X-Goog-Api-Client",
    "X-Grpc-Web",
    "X-Hub-Signature",
    "X-Hub-Signature-256",
    "X-Inertia",
    "X-Livewire",
    "X-Livewire-Navigate",
    "x-ms-version",
    "X-NuGet-Client-Version",
    "X-Postmark-Account-Token",
    "X-Postmark-Server-Token",
    "X-Request-Id",
    "X-Requested-With",
    "X-Shopify-Hmac-Sha256",
    "X-Slack-Signature",
    "X-Stainless-Lang",
    "X-Stainless-Package-Version",
    "X-Stainless-Runtime",
    "X-Stripe-Client-User-Agent",
    "x-sveltekit-action",
    "X-Twilio-Signature",
    "X-TYPESENSE-API-KEY",
    "X-Up-Version",
    "X-Vault-Request",
    "X-Vault-Token",
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

  constexpr void add(Field field) { words_[word(field)] |= bit(field); }
  constexpr void add(FieldSet others) {
    for (std::size_t i = 0; i < kWords; ++i) words_[i] |= others.words_[i];
  }
  constexpr bool has(Field field) const { return (words_[word(field)] & bit(field)) != 0; }
  constexpr bool empty() const { return *this == FieldSet{}; }
  constexpr FieldSet without(Field field) const {
    FieldSet others = *this;
    others.words_[word(field)] &= ~bit(field);
    return others;
  }
  /// The fields of both.
  constexpr FieldSet both(FieldSet other) const {
    for (std::size_t i = 0; i < kWords; ++i) other.words_[i] &= words_[i];
    return other;
  }
  constexpr bool operator==(const FieldSet&) const = default;

  /// Calls visit(Field) for each of them, in the order of the table.
  template <typename Visit>
  constexpr void for_each(Visit visit) const {
    for (std::size_t i = 0; i < kWords; ++i) {
      for (std::uint64_t rest = words_[i]; rest != 0; rest &= rest - 1) {
        visit(static_cast<Field>(i * kWordBits + static_cast<std::size_t>(std::countr_zero(rest))));
      }
    }
  }

  /// For tables of sets: differs for most sets that differ.
  constexpr std::uint64_t hash() const {
    // Fibonacci hashing: the top bits of a product depend on all bits of the word.
    std::uint64_t hash = 0;
    for (const std::uint64_t word : words_) hash = (hash ^ word) * 0x9e37'79b9'7f4a'7c15U;
    return hash;
  }

 private:
  static constexpr std::size_t kWordBits = 64;
  static constexpr std::size_t kWords = kKnownFields / kWordBits + 1;

  static constexpr std::size_t word(Field field) {
    return static_cast<std::size_t>(field) / kWordBits;
  }
  static constexpr std::uint64_t bit(Field field) {
    return std::uint64_t{1} << (static_cast<std::size_t>(field) % kWordBits);
  }
  std::array<std::uint64_t, kWords> words_{};
};

}  // namespace intermission::http
