// The configuration as values: what an operator wrote, validated, defaults filled in.
//
//   auto configuration = catalog::load_file("intermission.yaml", {});
//   if (!configuration) std::cerr << configuration.error().text();
//   const Service& service = configuration->catalog.find("orders.example.com", "/v1/7");
//
// The file is YAML (1.2 core schema: `on`, `off`, `yes`, `no` are text) or JSON, and is held
// against schemas/config.schema.json, which travels inside the program. Every value here is
// immutable once loaded and may be read by any thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/recurrence.h"
#include "base/result.h"
#include "base/window.h"
#include "http/address.h"
#include "http/limits.h"

namespace intermission::contract {
class ApiContract;
class Wsdl;
}  // namespace intermission::contract

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

/// How long clients are told to wait. min ≤ max, min ≥ 1 s.
struct RetryAfter {
  base::Seconds standard{120};  // `default` in the file: where no end is known
  base::Seconds min{5};
  base::Seconds max{3600};
  int jitter_percent = 20;  // 0 to 20: up to this much is added, drawn for each answer

  bool operator==(const RetryAfter&) const = default;
};

struct SoapSettings {
  int status = 500;  // or 503

  bool operator==(const SoapSettings&) const = default;
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
  std::string name;  // of whoever runs the service
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

struct Service {
  /// What the rules of one service may take. A request may meet a stretch that nobody has asked
  /// about before, and then it waits for as many.
  static constexpr std::uint64_t kMostSteps = 2'000'000;

  std::string name = "default";
  std::vector<std::string> hosts;  // lower case: exact, "*.suffix", or "**.suffix" for suffix and
                                   // all below it; empty: every host
  std::vector<std::string> paths;  // prefixes that start with "/"; at least one
  bool case_sensitive_paths = false;  // whether a gate tells /API from /api
  std::string title;                  // what people call it; empty for `default`, unless given
  LocalizedText message;
  base::Maintenance maintenance = base::Maintenance::kOn;
  /// Of the service `default`, where nobody says that it is in maintenance: a gate lets its
  /// requests pass, or hosts that nobody configured would go down when a gate is installed.
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
  OauthSettings oauth;
  ProblemSettings problem;
  bool reason_phrase = true;  // whether status lines tell the message
  LegacySettings legacy;
  WebSocketSettings websocket;
  ProbeSettings probe;
  std::string robots;  // the text of /robots.txt; empty: there is none
  PageSettings page;
  std::vector<Rule> rules;  // the first match wins
  /// API documents: a file or a folder, found from the configuration's folder; empty: none.
  std::string contract_file;
  /// What they promise, for those who know contracts: gateway/contracts.h fills it in.
  std::shared_ptr<const contract::ApiContract> contract;
  std::string wsdl_file;  // found from the configuration's folder; empty: none
  /// What that file holds, for those who know contracts: gateway/contracts.h fills it in.
  std::shared_ptr<const contract::Wsdl> wsdl;
  /// Why a document of the two could not be used, FILE:LINE and all; the same fills it in.
  std::vector<std::string> contract_errors;

  /// Equal services are answered for alike, so whatever was made for one serves the other.
  bool operator==(const Service&) const = default;
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

/// Every service, and which one a request belongs to. Look-ups cost a hash of the host and
/// allocate nothing, however many services there are.
class Catalog {
 public:
  /// `fallback` is service `default`, for requests that belong to no other. Two services must
  /// not claim the same host and path; the loader sees to that.
  Catalog(std::vector<Service> services, Service fallback, Front front = {});
  ~Catalog();
  Catalog(Catalog&&) noexcept;
  Catalog& operator=(Catalog&&) noexcept;

  /// The index of the service for a host (any case, no port) and a decoded path: an exact
  /// host beats a wildcard, a longer wildcard a shorter one, any of them a service without
  /// hosts; then the longest path prefix wins. "/v1" is a prefix of "/v1" and "/v1/x", not of
  /// "/v1x". A host whose services have no fitting path falls through to the next best host.
  /// services().size() - 1, the fallback, if none fits.
  std::size_t find(std::string_view host, std::string_view path) const;

  using Visitor = std::function<void(std::size_t)>;

  /// Every service that may be meant by a reading of a path where nobody knows whether the server
  /// tells upper from lower case: find()'s, then those whose prefixes fit in any case, unless they
  /// are case-sensitive. At least one, some of them twice.
  void find_all(std::string_view host, std::string_view path, const Visitor& visit) const;

  /// Every service that some path of the host belongs to, some of them twice.
  void visit_host(std::string_view host, const Visitor& visit) const;

  /// Whether a service names the host, exactly or by a wildcard.
  bool is_named(std::string_view host) const;

  /// Whether the path makes a difference to which service, or which scope, a request to the host
  /// belongs.
  bool has_parts(std::string_view host) const;

  /// A range of `const Service&` in the file's order, the fallback last.
  auto services() const {
    return std::views::transform(
        services_,
        [](const std::shared_ptr<const Service>& service) -> const Service& { return *service; });
  }
  const Service& service(std::size_t index) const { return *services_[index]; }
  const Front& front() const { return front_; }

  /// The same services for the same hosts and paths, but for some that are replaced, by index. A
  /// replacement has the name, hosts and paths of what it replaces. Costs no index of its own.
  using Replacements = std::vector<std::pair<std::size_t, std::shared_ptr<const Service>>>;
  Catalog with(const Replacements& replacements) const;

  /// For callers that keep a service longer than the catalog.
  std::shared_ptr<const Service> share_service(std::size_t index) const { return services_[index]; }

 private:
  struct Index;
  Catalog(const Catalog&);  // shares the index; see with()
  bool names_hosts() const;

  std::vector<std::shared_ptr<const Service>> services_;
  Front front_;
  std::shared_ptr<const Index> index_;
};

struct Listen {
  std::string address = "0.0.0.0";
  std::uint16_t port = 8080;
  unsigned workers = 0;  // 0: one for each core
  bool http2 = true;
  /// Connections from there, and no others, begin with a PROXY protocol header.
  std::vector<http::Network> proxy_protocol;
};

/// Where operators are listened for.
struct Control {
  std::string address = "127.0.0.1";
  std::uint16_t port = 9099;
  std::vector<std::string> hosts;  // names or addresses that Host may say, besides its own
};

/// Where what operators did is kept.
struct StateSettings {
  std::string file = "intermission.state.json";  // empty: in memory only
};

/// A line for each answer.
struct AccessLog {
  enum class Format : std::uint8_t { kOff, kCombined, kJson };
  Format format = Format::kOff;
  std::string file;  // empty: standard output
};

struct Configuration {
  Listen listen;
  Control control;
  StateSettings state;
  http::Limits limits;
  AccessLog access_log;
  std::vector<http::Network> exempt_addresses;  // from limits.connections_per_address
  Catalog catalog;
};

/// What the environment says; it beats the file.
struct Overrides {
  std::optional<std::string> message;  // MAINTENANCE_MESSAGE: replaces defaults.message
  std::string bypass_key = {};         // INTERMISSION_BYPASS_KEY: signs links for testers
};

/// Errors name file, line, the place in the document and what was expected there.
base::Result<Configuration> load_file(const std::string& path, const Overrides& overrides);
base::Result<Configuration> load_text(std::string_view text, const std::string& file_name,
                                      const Overrides& overrides);

/// The configuration when there is no file: one service for every host, in maintenance, with
/// two rules: /503 is always the page, /json always the legacy answer.
Configuration built_in(const Overrides& overrides);

}  // namespace intermission::catalog
