#include "program/tls.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/environment.h"
#include "base/text.h"

namespace intermission::program {
namespace {

using server::TlsEndpoint;
using server::TlsSettings;

// A certificate can carry more names, but more than these are of no use in a trial.
constexpr std::size_t kMostNames = 100;

// A host as a certificate spells it; nothing where it cannot.
std::optional<std::string> certificate_name(std::string_view host) {
  if (host.starts_with("**.")) host.remove_prefix(1);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  const bool plain = std::all_of(host.begin(), host.end(), [](char c) {
    return base::is_alpha(c) || base::is_digit(c) || c == '.' || c == '-' || c == '*' || c == ':';
  });
  if (host.empty() || !plain) return {};
  return std::string(host);
}

std::optional<TlsSettings> data_settings(const catalog::Configuration& configuration,
                                         bool self_signed) {
  const catalog::Listen& listen = configuration.listen;
  TlsSettings settings;
  settings.http2 = listen.http2;
  if (self_signed) {
    settings.self_signed_for = names_for_trying(configuration, base::machine_name());
    return settings;
  }
  if (!listen.tls) return {};
  for (const auto& [certificate, key] : listen.tls->certificates) {
    settings.certificates.push_back({certificate.path, key.path});
  }
  settings.only_tls13 = listen.tls->only_tls13;
  settings.client_ca = listen.tls->client_ca.path;
  return settings;
}

std::optional<TlsSettings> operator_settings(const catalog::Configuration& configuration) {
  const auto& files = configuration.control.tls;
  if (!files) return {};
  TlsSettings settings;
  settings.certificates = {{files->certificate.path, files->key.path}};
  return settings;
}

// The files of each endpoint, in the order in which they are read.
std::vector<catalog::NamedFile> data_files(const catalog::Configuration& configuration) {
  const auto& tls = configuration.listen.tls;
  if (!tls) return {};
  std::vector<catalog::NamedFile> files = {tls->client_ca};
  for (const auto& [certificate, key] : tls->certificates) {
    files.push_back(certificate);
    files.push_back(key);
  }
  return files;
}

std::vector<catalog::NamedFile> operator_files(const catalog::Configuration& configuration) {
  const auto& files = configuration.control.tls;
  if (!files) return {};
  return {files->certificate, files->key};
}

base::Error at_key(const base::Error& error, const std::vector<catalog::NamedFile>& files) {
  const auto found = std::find_if(files.begin(), files.end(), [&](const catalog::NamedFile& file) {
    return file.path == error.file;
  });
  return found == files.end() ? error : found->at_key(error);
}

base::Result<std::shared_ptr<TlsEndpoint>> endpoint_for(const std::optional<TlsSettings>& settings,
                                                        const base::Clock& clock) {
  if (!settings) return std::shared_ptr<TlsEndpoint>();
  return TlsEndpoint::open(*settings, clock);
}

void add_certificates(const char* listener, const std::shared_ptr<TlsEndpoint>& endpoint,
                      std::vector<control::ServerCertificate>& to) {
  if (!endpoint) return;
  const auto current = endpoint->current();  // a reload may replace it at any time
  for (const server::CertificateFacts& facts : current->certificates()) {
    to.push_back({listener, facts.file, facts.names, facts.not_after});
  }
}

}  // namespace

std::vector<std::string> names_for_trying(const catalog::Configuration& configuration,
                                          std::string_view machine) {
  std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
  const auto add = [&](std::string_view host) {
    const auto name = certificate_name(host);
    if (!name || names.size() == kMostNames) return;
    if (std::find(names.begin(), names.end(), *name) == names.end()) names.push_back(*name);
  };
  add(machine);
  for (const catalog::Service& service : configuration.catalog.services()) {
    for (const std::string& host : service.hosts) add(host);
  }
  return names;
}

base::Result<Tls> Tls::open(const catalog::Configuration& configuration, bool self_signed,
                            const base::Clock& clock) {
  if (self_signed && configuration.listen.tls) {
    return base::Error{
        "--tls-self-signed: expected no listen.tls in the configuration, which names certificates "
        "already"};
  }
  Tls tls;
  tls.self_signed_ = self_signed;
  auto data = endpoint_for(data_settings(configuration, self_signed), clock);
  if (!data) return at_key(data.error(), data_files(configuration));
  tls.data_ = std::move(*data);
  auto operators = endpoint_for(operator_settings(configuration), clock);
  if (!operators) return at_key(operators.error(), operator_files(configuration));
  tls.operators_ = std::move(*operators);
  return tls;
}

std::optional<base::Error> Tls::reload(const catalog::Configuration& configuration) const {
  std::vector<std::pair<TlsEndpoint*, TlsEndpoint::Change>> changes;
  const auto prepare =
      [&](const std::shared_ptr<TlsEndpoint>& endpoint, const std::optional<TlsSettings>& settings,
          const std::vector<catalog::NamedFile>& files) -> std::optional<base::Error> {
    if (!endpoint || !settings) return {};
    auto change = endpoint->prepare(*settings);
    if (!change) return at_key(change.error(), files);
    changes.emplace_back(endpoint.get(), std::move(*change));
    return {};
  };
  // A certificate that was made in memory stays, whatever services there are now.
  const auto data = self_signed_ ? std::nullopt : data_settings(configuration, false);
  if (auto problem = prepare(data_, data, data_files(configuration))) return problem;
  auto problem =
      prepare(operators_, operator_settings(configuration), operator_files(configuration));
  if (problem) return problem;
  for (auto& [endpoint, change] : changes) endpoint->apply(std::move(change));
  return {};
}

std::vector<control::ServerCertificate> Tls::certificates() const {
  std::vector<control::ServerCertificate> all;
  add_certificates("data", data_, all);
  add_certificates("control", operators_, all);
  return all;
}

std::optional<base::Error> certificate_problem(const catalog::Configuration& configuration,
                                               const base::Clock& clock) {
  const auto tls = Tls::open(configuration, false, clock);
  return tls ? std::nullopt : std::optional(tls.error());
}

std::vector<observe::Instrument> tls_readings(const Tls& tls, const server::Server& server,
                                              const base::Clock& clock) {
  if (!tls.data() && !tls.operators()) return {};
  using Type = observe::Instrument::Type;
  std::vector<observe::Instrument> all;
  all.push_back({"intermission_certificate_days_left",
                 "Whole days until the certificate expires; negative once it has.",
                 Type::kGauge,
                 {},
                 {},
                 [&tls, &clock] {
                   std::vector<observe::Instrument::Labelled> each;
                   for (const control::ServerCertificate& one : tls.certificates()) {
                     each.push_back({{{"listener", one.listener}, {"certificate", one.file}},
                                     static_cast<double>(control::days_left(one, clock.now()))});
                   }
                   return each;
                 }});
  if (!tls.data()) return all;
  all.push_back({"intermission_tls_handshakes_total",
                 "TLS handshakes of the data port, by result.",
                 Type::kCounter,
                 {},
                 {},
                 [&server] {
                   const server::Load load = server.load();
                   return std::vector<observe::Instrument::Labelled>{
                       {{{"result", "done"}}, static_cast<double>(load.handshakes_done)},
                       {{{"result", "failed"}}, static_cast<double>(load.handshakes_failed)}};
                 }});
  all.push_back({"intermission_tls_handshakes_in_progress",
                 "Connections of the data port in a TLS handshake (limits.handshakes).",
                 Type::kGauge,
                 [&server] { return static_cast<double>(server.load().handshakes); }});
  return all;
}

}  // namespace intermission::program
