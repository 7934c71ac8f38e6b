#include "program/shared_store.h"

#include <openssl/evp.h>
#include <rapidjson/document.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <random>
#include <span>
#include <utility>

#include "base/environment.h"
#include "base/hex.h"
#include "base/read_file.h"
#include "base/text.h"
#include "base/version.h"
#include "control/file_store.h"
#include "control/json_text.h"
#include "control/postgres_store.h"
#include "control/secret.h"
#include "document/document.h"
#include "document/parse_json.h"

namespace intermission::program {
namespace {

constexpr const char* kSetting = "state.postgresql";

// What may differ from instance to instance.
bool is_own(std::string_view key) {
  return key == "listen" || key == "control" || key == "state" || key == "limits" ||
         key == "access_log";
}

/// SHA-256, of which the first half is enough to tell configurations apart.
class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void add(std::string_view text) {
    const std::string size = std::to_string(text.size()) + ":";
    EVP_DigestUpdate(context_.get(), size.data(), size.size());
    EVP_DigestUpdate(context_.get(), text.data(), text.size());
  }
  std::string text() {
    constexpr std::size_t kShown = 8;
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    EVP_DigestFinal_ex(context_.get(), bytes.data(), nullptr);
    return base::hex(std::span(bytes).first(kShown));
  }

 private:
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

void add_file(Digest& digest, const std::string& path) {
  if (path.empty()) return;
  const auto text = base::read_file(path, document::kMaxDocumentBytes);
  digest.add(text ? *text : "");
}

// With file and line, where it is about the configuration.
std::string located(const Source& source, const std::string& problem) {
  if (!problem.starts_with(kSetting)) return problem;
  const std::string path = source.path();
  const auto document = document::read_document(path);
  return base::Error{problem, path, document ? document->line_of("/state/postgresql") : 0}.text();
}

}  // namespace

control::Instance this_instance(std::uint16_t port) {
  control::Instance self;
  self.id = control::random_name();
  self.program = base::kVersion;
  self.address = base::printable(base::environment("CF_INSTANCE_ADDR")
                                     .value_or(base::machine_name() + ":" + std::to_string(port)));
  self.name = self.address;
  const auto index = base::environment("CF_INSTANCE_INDEX");
  if (!index) return self;
  const rapidjson::Document application =
      document::parse_json(base::environment("VCAP_APPLICATION").value_or(""));
  const auto* name = control::member_of(application, "application_name");
  const bool is_named = name != nullptr && name->IsString();
  self.name = base::printable(
      (is_named ? std::string(control::view_of(*name)) : std::string("instance")) + "/" + *index);
  return self;
}

base::Result<std::optional<control::DatabaseAddress>> chosen_database(
    const Source& source, const catalog::StateSettings& state, const std::string& binding) {
  auto url = control::secret_from_environment(kDatabaseUrl);
  if (!url) return url.error();
  auto chosen = control::choose_database(
      {binding, std::move(*url), state.postgresql, base::environment("VCAP_SERVICES")});
  if (!chosen) return base::Error{located(source, chosen.error().text())};
  return chosen;
}

std::vector<std::string> database_warnings(const Source& source,
                                           const control::DatabaseAddress& address) {
  std::vector<std::string> warnings;
  if (const auto warning = address.warning()) warnings.push_back(*warning);
  std::ranges::move(control::unreadable_files(address), std::back_inserter(warnings));
  struct stat facts {};
  const bool is_in_file = address.from == kSetting && !address.value_of("password").empty();
  if (is_in_file && stat(source.path().c_str(), &facts) == 0 &&
      (facts.st_mode & (S_IRGRP | S_IROTH)) != 0) {
    warnings.push_back(
        std::string(kSetting) +
        ": others may read the file that holds the password; put the password into " +
        kDatabaseUrl + "_FILE, or chmod 600 the file");
  }
  for (std::string& warning : warnings) warning = located(source, warning);
  return warnings;
}

base::Result<std::unique_ptr<control::Store>> chosen_store(const StoreParts& parts) {
  const catalog::StateSettings& state = parts.configuration.state;
  auto database = chosen_database(parts.source, state, parts.binding);
  if (!database) return database.error();
  if (!*database) {
    if (state.file.empty()) {
      return std::unique_ptr<control::Store>(std::make_unique<control::MemoryStore>());
    }
    return std::unique_ptr<control::Store>(
        std::make_unique<control::FileStore>(state.file, parts.clock));
  }
  for (const std::string& warning : database_warnings(parts.source, **database)) {
    parts.report(warning);
  }
  auto store = std::make_unique<control::PostgresStore>(
      control::PostgresStore::Options{std::move(**database), state.file, this_instance(parts.port),
                                      std::random_device{}()},
      parts.clock, parts.report);
  store->describe(configuration_digest(parts.source, parts.configuration));
  return std::unique_ptr<control::Store>(std::move(store));
}

std::string configuration_digest(const Source& source,
                                 const catalog::Configuration& configuration) {
  const std::string path = source.path();
  Digest digest;
  digest.add(base::environment("MAINTENANCE_MESSAGE").value_or(""));
  if (path.empty()) return digest.text();
  const auto document = document::read_document(path);
  if (!document || !document->value.IsObject()) return {};
  for (const auto& [key, value] : document->value.GetObject()) {
    if (is_own(control::view_of(key))) continue;
    digest.add(control::view_of(key));
    digest.add(control::json_of(value));
  }
  for (const catalog::Service& service : configuration.catalog.services()) {
    add_file(digest, service.contract_file.path);
    add_file(digest, service.wsdl_file.path);
    for (const auto& [key, interface] : catalog::kInterfaces) {
      add_file(digest, (service.*interface).file.path);
    }
  }
  return digest.text();
}

}  // namespace intermission::program
