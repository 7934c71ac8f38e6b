#include <arpa/inet.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/read_file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "catalog/configuration.h"
#include "catalog/inheritable.h"
#include "catalog/network_text.h"
#include "catalog/node.h"
#include "catalog/readers.h"
#include "catalog/validate.h"
#include "document/document.h"
#include "http/path_readings.h"

namespace intermission::catalog {
namespace {

constexpr std::string_view kFallbackName = "default";
constexpr std::string_view kMessage = "System currently down for maintenance";

// The environment is not held to the rules of the file, but what it says must be sayable in
// HTML, JSON and XML: no broken UTF-8, no control characters.
std::string sayable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = base::utf8_size(text);
    const bool control =
        static_cast<unsigned char>(text.front()) < 0x20 && text.find_first_of("\t\r\n") != 0;
    if (size == 0 || base::find_internal(text.substr(0, size)) == 0) {
      out += "\xef\xbf\xbd";  // U+FFFD, the replacement character
    } else if (control) {
      out += ' ';
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return out;
}

/// The message of the environment, in `language`; nothing if it is absent or blank.
std::optional<LocalizedText> overriding_message(const Overrides& overrides,
                                                const std::string& language) {
  if (!overrides.message) return {};
  std::string text = sayable(*overrides.message);
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) return {};
  return LocalizedText{{{language, std::move(text)}}};
}

/// What services inherit.
struct Defaults {
  Speech speech{"en", {{{"en", std::string(kMessage)}}}};
  LocalizedText outage;
  std::optional<LocalizedText> override;
  std::string bypass_key;
  std::optional<std::string> title;
  base::Maintenance maintenance = base::Maintenance::kOn;
  bool says_maintenance = false;
  Service inherited;  // of the keys of inheritable.h
};

Speech default_speech(const Node& node, Problems& problems) {
  const Defaults none;
  const Node message = node["message"];
  const Node language = node["language"];
  if (message || !language) return read_speech(message, language, none.speech, problems);
  return {std::string(language.text()), none.speech.message};
}

std::string title_from(std::string_view name) {
  std::string title(name);
  if (!title.empty() && base::is_alpha(title[0])) title[0] = static_cast<char>(title[0] & ~0x20);
  return title;
}

/// The keys that defaults and services share; all but the speech.
void read_common(const Node& node, const Defaults& defaults, Service& service, Problems& problems) {
  // "default" is no name that people know a service by.
  service.title = defaults.title.value_or(service.name == kFallbackName ? std::string()
                                                                        : title_from(service.name));
  if (const Node title = node["title"]) service.title = read_text(title, false, problems);
  read_inheritable(node, defaults.inherited, service, problems);
  service.rules = read_rules(node["rules"], problems);
}

std::string_view word_of(base::Maintenance maintenance) {
  if (maintenance == base::Maintenance::kScheduled) return "scheduled";
  return maintenance == base::Maintenance::kOff ? "off" : "on";
}

base::Maintenance maintenance_from(const Node& node, base::Maintenance inherited) {
  for (const auto known :
       {base::Maintenance::kOn, base::Maintenance::kOff, base::Maintenance::kScheduled}) {
    if (node.text() == word_of(known)) return known;
  }
  return inherited;
}

Service read_fallback(const Node& node, const Overrides& overrides, Defaults& defaults,
                      Problems& problems) {
  Service fallback;
  fallback.name = kFallbackName;
  fallback.paths = {"/"};
  fallback.bypass.key = overrides.bypass_key;
  defaults.maintenance = maintenance_from(node["maintenance"], defaults.maintenance);
  const bool is_outage = node["unknown_hosts"].text() == "outage";
  defaults.says_maintenance = static_cast<bool>(node["maintenance"]);
  fallback.maintenance = is_outage ? base::Maintenance::kOff : defaults.maintenance;
  fallback.open_at_gate = is_outage || !defaults.says_maintenance;
  defaults.speech = default_speech(node, problems);
  defaults.override = overriding_message(overrides, defaults.speech.language);
  fallback.message = defaults.override.value_or(defaults.speech.message);
  defaults.outage = read_outage(node["outage_message"], defaults.speech.language, {}, problems);
  fallback.outage_message = defaults.outage;
  read_common(node, defaults, fallback, problems);
  if (node["title"]) defaults.title = fallback.title;
  defaults.inherited = fallback;
  return fallback;
}

// Where `scheduled` is inherited, a service without windows is open until somebody plans one.
void read_maintenance(const Node& node, const Defaults& defaults, Service& service,
                      base::Steps& steps, Problems& problems) {
  const Node maintenance = node["maintenance"];
  const Node windows = node["windows"];
  service.maintenance = maintenance_from(maintenance, defaults.maintenance);
  read_windows(windows, service, steps, problems);
  if (const Node auto_off = node["auto_off"]) service.auto_off = auto_off.value().GetBool();
  const bool scheduled = service.maintenance == base::Maintenance::kScheduled;
  if (scheduled && maintenance && !windows) {
    problems.note(maintenance.error("scheduled needs windows"));
  } else if (!scheduled && windows) {
    std::string got = "nothing";
    if (maintenance) got = maintenance.text();
    if (!maintenance && defaults.says_maintenance) {
      got = std::string(word_of(defaults.maintenance)) + " of defaults";
    }
    problems.note(windows.error("windows need maintenance: scheduled, got " + got));
  }
}

std::vector<http::Network> read_networks(const Node& node, Problems& problems) {
  std::vector<http::Network> networks;
  for (const Node& item : node.items()) {
    const auto network = http::Network::parse(item.text());
    if (!network) {
      problems.note(item.expected("an address or a network such as 10.0.0.0/8"));
      continue;
    }
    const NetworkText text = *network_text(item.text());
    if (!text.is_exact) {
      const auto address = item.text().substr(0, item.text().find('/'));
      problems.note(item.expected("the network " + text.meant + ", or the address " +
                                  std::string(address) + " alone"));
    }
    networks.push_back(*network);
  }
  return networks;
}

Front read_front(const Node& root, Problems& problems) {
  Front front;
  front.trusted_proxies = read_networks(root["trusted_proxies"], problems);
  const Node error_backend = root["error_backend"];
  if (error_backend.text() != "ingress-nginx") return front;
  front.error_backend = Front::ErrorBackend::kIngressNginx;
  if (front.trusted_proxies.empty()) {
    problems.note(error_backend.error("needs trusted_proxies with the addresses of that router"));
  }
  return front;
}

Scope read_scope(const Node& node, Problems& problems) {
  Scope scope;
  const Node methods = node["methods"];
  for (const Node& method : methods.items()) scope.methods.emplace_back(method.text());
  scope.allow_reads = node["allow"].text() == "reads";
  if (methods && scope.allow_reads) {
    problems.note(methods.error(
        "cannot be combined with allow: reads, which already names the methods that pass"));
  }
  for (const Node& path : node["paths"].items()) {
    scope.paths.push_back(read_path(path, problems));
    // Readings of a path at a gate are folded.
    std::string folded = http::fold_path(scope.paths.back());
    if (folded != scope.paths.back()) scope.paths.push_back(std::move(folded));
  }
  return scope;
}

// The names of files in a configuration are meant from the folder that it stands in.
std::string folder_of(const std::string& configuration) {
  return configuration.substr(0, configuration.rfind('/') + 1);  // npos + 1 is 0
}

std::string beside(const std::string& configuration, std::string_view name) {
  return (name.starts_with('/') ? "" : folder_of(configuration)) + std::string(name);
}

Service read_service(const Node& node, const Defaults& defaults, HostClaims& claims,
                     base::Steps& steps, Problems& problems) {
  Service service;
  service.name = node["name"].text();
  const Speech speech = read_speech(node["message"], node["language"], defaults.speech, problems);
  service.message = node["message"] ? speech.message : defaults.override.value_or(speech.message);
  service.outage_message =
      read_outage(node["outage_message"], speech.language, defaults.outage, problems);
  service.contract_file = node["contract"].named_file();
  const Node root = node["contract_root"];
  service.contract_root = beside(node.file(), root ? root.text() : ".");
  service.wsdl_file = node["wsdl"].named_file();
  for (const auto& [key, document] : kInterfaces) (service.*document).file = node[key].named_file();
  read_maintenance(node, defaults, service, steps, problems);
  if (const Node sensitive = node["case_sensitive_paths"]) {
    service.case_sensitive_paths = sensitive.value().GetBool();
  }
  service.scope = read_scope(node["scope"], problems);
  service.bypass = {read_networks(node["bypass"]["addresses"], problems), defaults.bypass_key};
  read_common(node, defaults, service, problems);
  claims.read(node, service, problems);
  return service;
}

std::vector<Service> read_services(const Node& node, const Defaults& defaults, Problems& problems) {
  std::vector<Service> services;
  std::unordered_map<std::string_view, int> names{{kFallbackName, 0}};
  HostClaims claims;
  base::Steps steps(kMostSteps);
  for (const Node& item : node.items()) {
    const Node name = item["name"];
    const auto [known, is_new] = names.emplace(name.text(), name.line());
    if (!is_new) {
      problems.note(known->second == 0
                        ? name.expected("another name (default is the service of requests that "
                                        "belong to no other)")
                        : name.error("the name \"" + base::printable(name.text()) +
                                     "\" is already used by the service on line " +
                                     std::to_string(known->second)));
    }
    services.push_back(read_service(item, defaults, claims, steps, problems));
  }
  return services;
}

/// The keys that both listeners have.
template <typename Listener>
void read_address(const Node& node, Listener& listener, Problems& problems) {
  if (const Node address = node["address"]) {
    listener.address = address.text();
    in6_addr ignored{};
    if (inet_pton(AF_INET, listener.address.c_str(), &ignored) != 1 &&
        inet_pton(AF_INET6, listener.address.c_str(), &ignored) != 1) {
      problems.note(address.expected("a numeric IPv4 or IPv6 address"));
    }
  }
  if (const Node port = node["port"]) {
    listener.port = static_cast<std::uint16_t>(port.value().GetUint());
  }
}

CertificateFiles read_certificate(const Node& node) {
  return {node["certificate"].named_file(), node["key"].named_file()};
}

ListenTls read_tls(const Node& node) {
  ListenTls tls;
  if (const Node port = node["port"]) tls.port = static_cast<std::uint16_t>(port.value().GetUint());
  for (const Node& files : node["certificates"].items()) {
    tls.certificates.push_back(read_certificate(files));
  }
  tls.only_tls13 = node["min_version"].text() == "1.3";
  if (const Node authorities = node["client_ca"]) tls.client_ca = authorities.named_file();
  return tls;
}

Listen read_listen(const Node& node, Problems& problems) {
  Listen listen;
  read_address(node, listen, problems);
  if (const Node workers = node["workers"]) listen.workers = workers.value().GetUint();
  if (const Node http2 = node["http2"]) listen.http2 = http2.value().GetBool();
  listen.proxy_protocol = read_networks(node["proxy_protocol"], problems);
  if (const Node tls = node["tls"]) listen.tls = read_tls(tls);
  return listen;
}

Control read_control(const Node& node, Problems& problems) {
  Control control;
  read_address(node, control, problems);
  for (const Node& host : node["hosts"].items()) {
    control.hosts.push_back(read_exact_host(host, problems));
  }
  if (const Node tls = node["tls"]) control.tls = read_certificate(tls);
  return control;
}

StateSettings read_state(const Node& node, const std::string& configuration) {
  StateSettings state;
  state.folder = folder_of(configuration);
  if (const Node file = node["file"]) state.name = file.text();
  state.file = state.name.empty() ? "" : beside(configuration, state.name);
  if (const Node postgresql = node["postgresql"]) state.postgresql = postgresql.text();
  return state;
}

AccessLog read_access_log(const Node& node, const std::string& configuration, Problems& problems) {
  AccessLog log;
  if (node["format"].text() == "combined") log.format = AccessLog::Format::kCombined;
  if (node["format"].text() == "json") log.format = AccessLog::Format::kJson;
  if (const Node file = node["file"]) log.file = read_text(file, false, problems);
  if (!log.file.empty()) log.file = beside(configuration, log.file);
  return log;
}

http::Limits read_limits(const Node& node, Problems& problems) {
  constexpr std::uint64_t kLeastBuffered = std::uint64_t{1024} * 1024;
  http::Limits limits;
  for (const http::LimitSetting& setting : http::kLimitSettings) {
    if (const Node value = node[setting.name]) limits.*setting.member = value.value().GetUint64();
  }
  if (limits.buffered_bytes != 0 && limits.buffered_bytes < kLeastBuffered) {
    problems.note(node["buffered_bytes"].expected(
        "0, which chooses by the memory there is, or at least 1048576 bytes"));
  }
  return limits;
}

base::Result<Configuration> load(const document::Document& document, const Overrides& overrides) {
  if (auto error = validate(document)) return *error;
  const Node root(document);
  Problems problems;
  Defaults defaults;
  defaults.bypass_key = overrides.bypass_key;
  const Listen listen = read_listen(root["listen"], problems);
  Control control = read_control(root["control"], problems);
  StateSettings state = read_state(root["state"], document.file);
  const http::Limits limits = read_limits(root["limits"], problems);
  AccessLog access_log = read_access_log(root["access_log"], document.file, problems);
  auto exempt = read_networks(root["limits"]["exempt_addresses"], problems);
  Front front = read_front(root, problems);
  Service fallback = read_fallback(root["defaults"], overrides, defaults, problems);
  std::vector<Service> services = read_services(root["services"], defaults, problems);
  if (problems.first()) return *problems.first();
  return Configuration{listen,
                       std::move(control),
                       std::move(state),
                       limits,
                       std::move(access_log),
                       std::move(exempt),
                       Catalog(std::move(services), std::move(fallback), std::move(front))};
}

}  // namespace

base::Result<Configuration> load_file(const std::string& path, const Overrides& overrides) {
  const auto text = base::read_file(path, document::kMaxDocumentBytes, base::Pipes::kAwaited);
  if (!text) return text.error();
  return load_text(*text, path, overrides);
}

base::Result<Configuration> load_text(std::string_view text, const std::string& file_name,
                                      const Overrides& overrides) {
  const auto document = document::parse_document(text, file_name);
  if (!document) return document.error();
  return load(*document, overrides);
}

Configuration built_in(const Overrides& overrides) {
  Service fallback;
  fallback.name = kFallbackName;
  fallback.paths = {"/"};
  fallback.bypass.key = overrides.bypass_key;
  fallback.open_at_gate = true;
  const Defaults defaults;
  fallback.message =
      overriding_message(overrides, defaults.speech.language).value_or(defaults.speech.message);
  Rule page;
  page.path = "/503";
  page.answer = "page";
  Rule legacy;
  legacy.path = "/json";
  legacy.answer = "legacy";
  fallback.rules = {std::move(page), std::move(legacy)};
  return {{}, {}, {}, {}, {}, {}, Catalog({}, std::move(fallback))};
}

}  // namespace intermission::catalog
