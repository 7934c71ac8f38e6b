// The configuration as values: what an operator wrote, validated, defaults filled in.
//
//   auto configuration = catalog::load_file("intermission.yaml", {});
//   if (!configuration) std::cerr << configuration.error().text();
//   const std::size_t service = configuration->catalog.find("orders.example.com", "/v1/7");
//
// The file is YAML (1.2 core schema: `on`, `off`, `yes`, `no` are text) or JSON, and is held
// against schemas/config.schema.json, which travels inside the program. Every value here is
// immutable once loaded and may be read by any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"
#include "catalog/named_file.h"
#include "http/address.h"
#include "http/limits.h"

namespace intermission::catalog {

/// Files in PEM; relative names are from the configuration's folder on.
struct CertificateFiles {
  NamedFile certificate;
  NamedFile key;
};

/// TLS on a port of its own.
struct ListenTls {
  std::uint16_t port = 8443;
  std::vector<CertificateFiles> certificates;  // at least one; the first is the default
  bool only_tls13 = false;
  NamedFile client_ca;  // empty: clients need no certificate
};

struct Listen {
  std::string address = "0.0.0.0";
  std::uint16_t port = 8080;
  unsigned workers = 0;  // 0: one for each core
  bool http2 = true;
  /// Connections from there, and no others, begin with a PROXY protocol header.
  std::vector<http::Network> proxy_protocol;
  std::optional<ListenTls> tls;
};

/// Where operators are listened for.
struct Control {
  std::string address = "127.0.0.1";
  std::uint16_t port = 9099;
  std::vector<std::string> hosts;       // names or addresses that Host may say, besides its own
  std::optional<CertificateFiles> tls;  // in place of plain HTTP, on the same port
};

/// Where what operators did is kept.
struct StateSettings {
  std::string file = "intermission.state.json";  // empty: in memory only
  /// Of the configuration file, with a slash at its end: relative names are meant from there. Empty
  /// where that is the folder that the program runs in.
  std::string folder = {};
  std::string name = "intermission.state.json";  // of the file, as it is written there
  std::string postgresql;  // libpq's words for a database that instances share; holds a password
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
