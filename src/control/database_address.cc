#include "control/database_address.h"

#include <rapidjson/document.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>

#include "base/environment.h"
#include "base/suggest.h"
#include "base/text.h"
#include "control/json_text.h"
#include "control/libpq.h"
#include "document/parse_json.h"

namespace intermission::control {
namespace {

constexpr std::size_t kLongestShown = 100;  // of a keyword that an error repeats

constexpr std::array<std::string_view, 3> kSystemCertificates = {
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"};

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  while (true) {
    const auto comma = list.find(',');
    parts.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    list.remove_prefix(comma + 1);
  }
}

std::string join(const std::vector<std::string>& parts) {
  std::string list;
  for (std::size_t i = 0; i < parts.size(); ++i) list += (i == 0 ? "" : ",") + parts[i];
  return list;
}

void replace_all(std::string& text, const std::string& what, std::string_view with) {
  if (what.empty()) return;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

// A socket, or an address that no packet leaves the machine for. An empty name is the socket in
// libpq's own folder.
bool is_local(const std::string& host) {
  return host.empty() || host.front() == '/' || host.front() == '@' || host == "localhost" ||
         host == "::1" || host.starts_with("127.");
}

bool is_all_local(const DatabaseAddress& address) {
  const std::string numeric = address.value_of("hostaddr");
  std::string hosts = numeric.empty() ? address.value_of("host") : numeric;
  if (hosts.empty()) hosts = base::environment("PGHOST").value_or("");
  const auto all = split(hosts);
  return std::all_of(all.begin(), all.end(), is_local);
}

void choose_verification(DatabaseAddress& address) {
  if (!address.value_of("sslmode").empty() || base::environment("PGSSLMODE")) return;
  if (is_all_local(address)) return;
  address.set("sslmode", "verify-full");
  if (!address.value_of("sslrootcert").empty() || base::environment("PGSSLROOTCERT")) return;
  const auto* found =
      std::find_if(kSystemCertificates.begin(), kSystemCertificates.end(),
                   [](std::string_view file) { return access(file.data(), R_OK) == 0; });
  if (found != kSystemCertificates.end()) address.set("sslrootcert", std::string(*found));
}

void complete(DatabaseAddress& address) {
  choose_verification(address);
  if (address.hosts() > 1 && address.value_of("target_session_attrs").empty()) {
    address.set("target_session_attrs", "read-write");
  }
  address.set("client_encoding", "UTF8");
  if (address.value_of("application_name").empty()) address.set("application_name", "intermission");
}

// ---------------------------------------------------------------- mistakes

std::vector<std::string> known_keywords() {
  std::vector<std::string> known;
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> all(
      libpq()->conninfo_parse("", nullptr), libpq()->conninfo_free);
  for (const PQconninfoOption* option = all.get(); option != nullptr && option->keyword != nullptr;
       ++option) {
    known.emplace_back(option->keyword);
  }
  return known;
}

// The first word before "=" that libpq does not know. None is looked for in a URI or behind a
// password: what stands there may be a part of it.
std::optional<std::string> unknown_keyword(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  if (text.find("://") != std::string_view::npos) return {};
  const auto known = known_keywords();
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return {};
    const std::string_view keyword = base::trim(text.substr(0, equals));
    if (keyword.find_first_of(" \t\r\n'") != std::string_view::npos) return {};
    if (std::find(known.begin(), known.end(), keyword) == known.end()) {
      const std::vector<std::string_view> names(known.begin(), known.end());
      return "unknown keyword " + base::printable(keyword, kLongestShown) +
             base::suggestion(keyword, names);
    }
    if (keyword.find("password") != std::string_view::npos) return {};
    text.remove_prefix(equals + 1);
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    if (text.starts_with('\'')) return {};  // what is quoted is libpq's to read
    text.remove_prefix(std::min(text.find_first_of(kBlanks), text.size()));
  }
}

// Of a keyword whose values are words. What stands there may run into a password, so it is not
// repeated.
std::optional<std::string> wrong_word(const DatabaseAddress& address, const char* keyword,
                                      std::initializer_list<std::string_view> words) {
  const std::string value = address.value_of(keyword);
  if (value.empty() || std::find(words.begin(), words.end(), value) != words.end()) return {};
  std::string expected;
  for (const std::string_view word : words) {
    expected += (expected.empty() ? "" : ", ") + std::string(word);
  }
  return std::string(keyword) + ": expected one of " + expected;
}

std::optional<std::string> wrong_ports(const DatabaseAddress& address) {
  constexpr std::uint64_t kMostPort = 65535;
  const auto ports = split(address.value_of("port"));
  for (const std::string& port : ports) {
    const auto number = base::parse_number(port);
    if (port.empty() || (number && *number > 0 && *number <= kMostPort)) continue;
    return "port: expected a number from 1 to 65535";
  }
  if (ports.size() == 1 || ports.size() == address.hosts()) return {};
  return "port: expected one for all hosts, or one for each of the " +
         std::to_string(address.hosts()) + " hosts, got " + std::to_string(ports.size());
}

std::optional<std::string> wrong_value(const DatabaseAddress& address) {
  if (auto problem =
          wrong_word(address, "sslmode",
                     {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})) {
    return problem;
  }
  if (auto problem =
          wrong_word(address, "target_session_attrs",
                     {"any", "read-write", "read-only", "primary", "standby", "prefer-standby"})) {
    return problem;
  }
  return wrong_ports(address);
}

// ---------------------------------------------------------------- bindings of Cloud Foundry

bool is_tagged(const rapidjson::Value& binding) {
  const auto* tags = member_of(binding, "tags");
  if (tags == nullptr || !tags->IsArray()) return false;
  return std::any_of(tags->Begin(), tags->End(), [](const rapidjson::Value& tag) {
    return tag.IsString() &&
           (base::iequals(view_of(tag), "postgresql") || base::iequals(view_of(tag), "postgres"));
  });
}

bool has_name(const rapidjson::Value& binding, std::string_view name) {
  for (const char* member : {"name", "instance_name", "binding_name"}) {
    const auto* value = member_of(binding, member);
    if (value != nullptr && value->IsString() && view_of(*value) == name) return true;
  }
  return false;
}

// Brokers agree on no names; these are those of the common ones.
std::string text_in(const rapidjson::Value& credentials, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto* value = member_of(credentials, name);
    if (value == nullptr) continue;
    if (value->IsString() && value->GetStringLength() > 0) return std::string(view_of(*value));
    if (value->IsUint()) return std::to_string(value->GetUint());
  }
  return {};
}

base::Result<DatabaseAddress> from_credentials(const rapidjson::Value& credentials,
                                               const std::string& from) {
  if (libpq() == nullptr) return missing_libpq();
  const std::string uri = text_in(credentials, {"uri", "url"});
  if (uri.starts_with("postgres://") || uri.starts_with("postgresql://")) {
    auto address = parse_database_address(uri, from);
    if (address) return address;
    // Some add words for other drivers behind the question mark.
    if (auto plain = parse_database_address(uri.substr(0, uri.find('?')), from)) return plain;
  }
  DatabaseAddress address;
  address.from = from;
  const std::pair<const char*, std::string> found[] = {
      {"host", text_in(credentials, {"hostname", "host"})},
      {"port", text_in(credentials, {"port"})},
      {"dbname", text_in(credentials, {"dbname", "database", "database_name", "name"})},
      {"user", text_in(credentials, {"username", "user"})},
      {"password", text_in(credentials, {"password"})},
      {"sslmode", text_in(credentials, {"sslmode"})},
  };
  for (const auto& [keyword, value] : found) {
    if (!value.empty()) address.set(keyword, value);
  }
  if (address.value_of("host").empty() || address.value_of("dbname").empty()) {
    return base::Error{from +
                       ": expected credentials with a uri that starts with postgresql://, or with "
                       "a hostname and the name of a database"};
  }
  complete(address);
  return address;
}

}  // namespace

std::string DatabaseAddress::value_of(std::string_view keyword) const {
  for (const auto& [name, value] : options) {
    if (name == keyword) return value;
  }
  return {};
}

void DatabaseAddress::set(std::string_view keyword, std::string value) {
  for (auto& [name, old] : options) {
    if (name == keyword) {
      old = std::move(value);
      return;
    }
  }
  options.emplace_back(keyword, std::move(value));
}

std::size_t DatabaseAddress::hosts() const {
  return std::max(split(value_of("host")).size(), split(value_of("hostaddr")).size());
}

std::string DatabaseAddress::shown() const {
  const std::string named = value_of("host").empty() ? value_of("hostaddr") : value_of("host");
  const auto names = split(named);
  const auto ports = split(value_of("port"));
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& port = ports[ports.size() == 1 ? 0 : std::min(i, ports.size() - 1)];
    text += (i == 0 ? "" : ", ") + (names[i].empty() ? "local socket" : names[i]);
    text += port.empty() ? "" : ":" + port;
  }
  const std::string database = value_of("dbname");
  return base::printable(database.empty() ? text : text + ", database " + database, 300);
}

std::string DatabaseAddress::without_secrets(std::string_view text) const {
  std::string line(text);
  replace_all(line, value_of("password"), "***");
  replace_all(line, value_of("sslpassword"), "***");
  replace_all(line, base::environment("PGPASSWORD").value_or(""), "***");
  for (char& c : line) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  replace_all(line, "  ", " ");
  constexpr std::size_t kLongest = 400;
  return base::printable(base::trim(line), kLongest);
}

std::optional<std::string> DatabaseAddress::warning() const {
  std::string mode = value_of("sslmode");
  if (mode.empty()) mode = base::environment("PGSSLMODE").value_or("");
  if (mode == "verify-full" || is_all_local(*this)) return {};
  return from + ": sslmode=" + base::printable(mode, 40) +
         " does not verify the identity of the database; expected verify-full";
}

DatabaseAddress DatabaseAddress::beginning_with(std::size_t first) const {
  DatabaseAddress turned = *this;
  const std::size_t count = hosts();
  if (count < 2 || first % count == 0) return turned;
  for (const char* keyword : {"host", "hostaddr", "port"}) {
    auto parts = split(value_of(keyword));
    if (parts.size() != count) continue;
    std::rotate(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(first % count),
                parts.end());
    turned.set(keyword, join(parts));
  }
  return turned;
}

std::vector<std::string> unreadable_files(const DatabaseAddress& address) {
  std::vector<std::string> problems;
  for (const char* keyword : {"sslrootcert", "sslcert", "sslkey", "passfile"}) {
    const std::string file = address.value_of(keyword);
    if (file.empty() || file == "system" || access(file.c_str(), R_OK) == 0) continue;
    problems.push_back(address.from + ": " + keyword + ": the file cannot be read");
  }
  return problems;
}

base::Result<DatabaseAddress> parse_database_address(const std::string& text,
                                                     const std::string& from) {
  if (libpq() == nullptr) return missing_libpq();
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> parsed(
      libpq()->conninfo_parse(text.c_str(), &message), libpq()->conninfo_free);
  libpq()->freemem(message);  // it repeats what it did not understand, which may be the password
  if (!parsed) {
    if (auto unknown = unknown_keyword(text)) return base::Error{from + ": " + *unknown};
    return base::Error{from +
                       ": expected libpq's words, such as \"host=db.example.com dbname=ops "
                       "user=intermission\", or "
                       "a URI that starts with postgresql://; a value with spaces is written in "
                       "single quotes, and "
                       "in a URI special characters are percent-encoded"};
  }
  DatabaseAddress address;
  address.from = from;
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) address.set(option->keyword, option->val);
  }
  if (!address.value_of("replication").empty()) {
    return base::Error{from + ": replication: expected a connection for statements"};
  }
  if (const auto problem = wrong_value(address)) return base::Error{from + ": " + *problem};
  complete(address);
  return address;
}

base::Result<std::optional<DatabaseAddress>> bound_database(std::string_view vcap_services,
                                                            std::string_view name) {
  const auto missing = [&]() -> base::Result<std::optional<DatabaseAddress>> {
    if (name.empty()) return std::optional<DatabaseAddress>();
    return base::Error{"--state-binding: VCAP_SERVICES has no binding named \"" +
                       base::printable(name, 100) + "\""};
  };
  if (base::trim(vcap_services).empty()) return missing();
  const rapidjson::Document document = document::parse_json(vcap_services);
  if (document.HasParseError() || !document.IsObject()) {
    return base::Error{"VCAP_SERVICES: expected bindings in JSON, as Cloud Foundry writes them"};
  }
  for (const auto& [label, bindings] : document.GetObject()) {
    if (!bindings.IsArray()) continue;
    for (const rapidjson::Value& binding : bindings.GetArray()) {
      if (name.empty() ? !is_tagged(binding) : !has_name(binding, name)) continue;
      const auto* called = member_of(binding, "name");
      const bool is_called = called != nullptr && called->IsString();
      const std::string from =
          "VCAP_SERVICES: " +
          (is_called ? base::printable(view_of(*called), 100) : std::string("a binding"));
      const auto* credentials = member_of(binding, "credentials");
      if (credentials == nullptr || !credentials->IsObject()) {
        return base::Error{from + ": expected credentials"};
      }
      auto address = from_credentials(*credentials, from);
      if (!address) return address.error();
      return std::optional<DatabaseAddress>(std::move(*address));
    }
  }
  return missing();
}

base::Result<std::optional<DatabaseAddress>> choose_database(const DatabaseSources& sources) {
  const auto whole =
      [](base::Result<DatabaseAddress> address) -> base::Result<std::optional<DatabaseAddress>> {
    if (!address) return address.error();
    return std::optional<DatabaseAddress>(std::move(*address));
  };
  if (!sources.binding.empty()) return bound_database(sources.bound.value_or(""), sources.binding);
  if (sources.url) return whole(parse_database_address(*sources.url, "INTERMISSION_DATABASE_URL"));
  if (!sources.configured.empty()) {
    return whole(parse_database_address(sources.configured, "state.postgresql"));
  }
  if (!sources.bound) return std::optional<DatabaseAddress>();
  return bound_database(*sources.bound, {});
}

}  // namespace intermission::control
