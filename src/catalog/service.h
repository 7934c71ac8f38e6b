// What an operator wrote of one service, validated, defaults filled in. Every value here is
// immutable once loaded and may be read by any thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/recurrence.h"
#include "base/window.h"
#include "catalog/named_file.h"
#include "http/address.h"

namespace intermission::interfaces {
struct Interface;
}
namespace intermission::openapi {
class ApiContract;
}
namespace intermission::wsdl {
class Wsdl;
}

namespace intermission::catalog {

/// A text in one or more languages, at least one; the default language comes first.
struct LocalizedText {
  struct Entry {
    std::string language;  // RFC 5646 tag as written, for example "en" or "pt-BR"
    std::string text;

    bool operator==(const Entry&) const = default;
  };
  std::vector<Entry> entries;

  bool operator==(const LocalizedText&) const = default;
};

/// Bounds and default of Retry-After. min ≤ max, min ≥ 1 s.
struct RetryAfter {
  base::Seconds fallback{120};  // `default` in the file: where no end is known
  base::Seconds min{5};
  base::Seconds max{3600};
  int jitter_percent = 20;  // 0 to 20: up to this much is added, drawn for each answer

  bool operator==(const RetryAfter&) const = default;
};

struct SoapSettings {
  int status = 500;  // or 503

  bool operator==(const SoapSettings&) const = default;
};

struct GrpcSettings {
  bool health = true;  // grpc.health.v1 says NOT_SERVING; else the same answer as every call

  bool operator==(const GrpcSettings&) const = default;
};

struct WebSocketSettings {
  int close = 0;  // 1001, 1012 or 1013: the code of a close after the upgrade; 0: no upgrade

  bool operator==(const WebSocketSettings&) const = default;
};

struct ProbeSettings {
  int status = 200;  // or 503

  bool operator==(const ProbeSettings&) const = default;
};

struct JsonRpcSettings {
  int status = 503;  // or 200

  bool operator==(const JsonRpcSettings&) const = default;
};

struct OauthSettings {
  int status = 503;  // or 400

  bool operator==(const OauthSettings&) const = default;
};

struct ProblemSettings {
  std::string type = "about:blank";  // a URI (RFC 9457 §3.1.1)

  bool operator==(const ProblemSettings&) const = default;
};

/// What may stand between {{ and }} in legacy headers and bodies, spelled exactly so. The
/// loader rejects every other name, so none is left when they are filled in.
inline constexpr std::array<std::string_view, 6> kPlaceholders = {
    "message", "title", "service", "retryAfter", "startsAt", "endsAt"};

/// What legacy clients expect. `body` is compact JSON text whose keys and strings may hold
/// placeholders: {{message}}, {{title}}, {{service}}, {{retryAfter}}, {{startsAt}}, {{endsAt}}.
struct LegacySettings {
  int status = 200;
  std::string header_name = "StatusHeader";
  std::string header_value = "Status: maintenance window";  // may hold the same placeholders
  std::string body = R"({"type":"Exception","status":503,"response":"{{message}}"})";

  bool operator==(const LegacySettings&) const = default;
};

/// A condition on a request and the kind of answer it gets. All parts that are given must
/// match. Globs know `*` only.
struct Rule {
  std::optional<std::string> path;        // glob, case-sensitive, on the decoded path
  std::vector<std::string> methods;       // any of these, case-sensitive; empty: every method
  std::optional<std::string> user_agent;  // glob, any case
  struct Header {
    std::string name;
    std::string value;  // glob, any case

    bool operator==(const Header&) const = default;
  };
  std::vector<Header> headers;
  std::string answer;  // the name of a dialect, as the schema lists them

  bool operator==(const Rule&) const = default;
};

/// How the page for people looks, and what it offers beside the notice.
struct PageSettings {
  struct Link {
    std::string url;  // https, http, mailto or tel
    std::string label;
    bool operator==(const Link&) const = default;
  };
  /// As "#rrggbb"; empty: the theme's own.
  struct Colors {
    std::string accent;
    std::string text;
    std::string background;
    bool operator==(const Colors&) const = default;
  };

  std::string theme = "horizon";
  std::string name;  // of the company or person that runs the service
  std::string logo;  // a data: URL, or empty
  std::vector<Link> links;
  Colors light;
  Colors dark;
  std::string zone;      // IANA name of the zone the service lives in; empty: UTC
  std::string document;  // a Mustache template of the operator's own, or empty

  bool operator==(const PageSettings&) const = default;
};

/// Which requests a maintenance is about. The others pass a gate as if the service were open.
/// Where a part is empty, all are.
struct Scope {
  std::vector<std::string> methods;  // in capital letters
  bool allow_reads = false;          // all but GET, HEAD and OPTIONS; then `methods` is empty
  std::vector<std::string> paths;    // prefixes of whole segments, as in Service::paths

  bool names_methods() const { return allow_reads || !methods.empty(); }

  bool operator==(const Scope&) const = default;
};

/// Who passes a gate while the service is in maintenance.
struct Bypass {
  std::vector<http::Network> addresses;
  std::string key;  // signs links; never from the file. Empty: no link is valid

  bool operator==(const Bypass&) const = default;
};

/// Which scripts of other origins are allowed what, beyond what every origin is: see
/// dialect/cors.h.
struct Cors {
  std::vector<std::string> origins;  // as browsers write them, such as "https://app.example.org"
  bool any = false;                  // "*": all origins are listed; never with credentials
  bool credentials = false;

  bool operator==(const Cors&) const = default;
};

/// What all rules of a configuration may take to work out for one stretch, in steps as RuleWalk
/// counts them: 13,000 weekly ones, or 3,000 daily ones.
inline constexpr std::uint64_t kMostSteps = 20'000'000;

/// What a service offers beside OpenAPI and SOAP.
struct InterfaceDocument {
  NamedFile file;  // or a folder
  /// What the file holds, for those who know contracts: snapshot/contracts.h fills it in.
  std::shared_ptr<const interfaces::Interface> read;

  bool operator==(const InterfaceDocument&) const = default;
};

struct Service {
  /// Bound on the steps that the rules of one service take. The first request in a stretch of time
  /// (gate/schedule.h) waits for as many.
  static constexpr std::uint64_t kMostSteps = 2'000'000;

  std::string name = "default";
  std::vector<std::string> hosts;  // lower case: exact, "*.suffix", or "**.suffix" for suffix and
                                   // all below it; empty: every host
  std::vector<std::string> paths;  // prefixes that start with "/"; at least one
  bool case_sensitive_paths = false;  // whether a gate tells /API from /api
  std::string title;                  // what people call it; empty for `default`, unless given
  LocalizedText message;
  /// What is said instead while the service is not in maintenance, to requests that a router sends
  /// all the same. No entries: words of our own, in every language that there are some in.
  LocalizedText outage_message;
  base::Maintenance maintenance = base::Maintenance::kOn;
  /// For the service `default` without `maintenance: on`: a gate lets its requests pass. Else
  /// unconfigured hosts would go down when a gate is installed.
  bool open_at_gate = false;
  std::vector<base::Window> windows;          // by start
  std::vector<base::Recurrence> recurrences;  // none has a problem
  bool auto_off = true;                       // whether the end of a window opens the service
  std::optional<base::Switch> switched;       // never from the file: what an operator did meanwhile
  Scope scope;
  Bypass bypass;
  RetryAfter retry_after;
  std::string answer = "problem";  // the dialect when nothing else speaks for the client
  /// Dialects that the evidence of a request never chooses; `answer` and a rule may. Sorted, each
  /// once.
  std::vector<std::string> disabled_kinds;
  Cors cors;
  SoapSettings soap;
  JsonRpcSettings json_rpc;
  GrpcSettings grpc;
  OauthSettings oauth;
  ProblemSettings problem;
  bool reason_phrase = true;  // whether status lines tell the message
  LegacySettings legacy;
  WebSocketSettings websocket;
  ProbeSettings probe;
  std::string robots;  // the text of /robots.txt; empty: there is none
  PageSettings page;
  std::vector<Rule> rules;  // the first match wins
  NamedFile contract_file;  // API documents: a file or a folder
  /// The folder that references in them may lead to, around the document's own.
  std::string contract_root;
  /// What they promise, for those who know contracts: snapshot/contracts.h fills it in.
  std::shared_ptr<const openapi::ApiContract> contract;
  NamedFile wsdl_file;
  /// What that file holds, for those who know contracts: snapshot/contracts.h fills it in.
  std::shared_ptr<const wsdl::Wsdl> wsdl;
  InterfaceDocument protobuf, graphql_schema, asyncapi;
  /// Why one of these documents could not be used, FILE:LINE and all; the same fills it in.
  std::vector<std::string> contract_errors;

  /// Equal services are answered for alike, so whatever was made for one serves the other.
  bool operator==(const Service&) const = default;
};

/// Their keys in the configuration.
inline constexpr std::array kInterfaces = {
    std::pair<std::string_view, InterfaceDocument Service::*>{"protobuf", &Service::protobuf},
    std::pair<std::string_view, InterfaceDocument Service::*>{"graphql_schema",
                                                              &Service::graphql_schema},
    std::pair<std::string_view, InterfaceDocument Service::*>{"asyncapi", &Service::asyncapi},
};

/// What stands in front of the gateway, as far as it is believed.
struct Front {
  enum class ErrorBackend : std::uint8_t { kNone, kIngressNginx };

  /// Believed about which request it was that they pass on.
  std::vector<http::Network> trusted_proxies;
  /// For whom of them the gateway answers in place of services that failed, and whose fields tell
  /// the request then.
  ErrorBackend error_backend = ErrorBackend::kNone;
};

}  // namespace intermission::catalog
