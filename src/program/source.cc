#include "program/source.h"

#include <fmt/format.h>

#include <utility>

#include "base/environment.h"
#include "base/text.h"
#include "control/secret.h"
#include "gate/bypass.h"
#include "snapshot/contracts.h"

namespace intermission::program {
namespace {

base::Result<catalog::Configuration> load_without_contracts(const std::string& path) {
  catalog::Overrides overrides;
  overrides.message = base::environment("MAINTENANCE_MESSAGE");
  auto key = bypass_key();
  if (!key) return key.error();
  overrides.bypass_key = std::move(*key).value_or("");
  if (path.empty()) return catalog::built_in(overrides);
  return catalog::load_file(path, overrides);
}

}  // namespace

base::Result<std::optional<std::string>> bypass_key() {
  auto key = control::secret_from_environment(kBypassKey);
  if (!key || !*key || (*key)->size() >= gate::kShortestKey) return key;
  return base::Error{fmt::format("{}: expected a secret of at least {} characters", kBypassKey,
                                 gate::kShortestKey)};
}

base::Result<std::uint16_t> chosen_port(const char* name, const std::string& text,
                                        std::uint16_t configured) {
  if (text.empty()) return configured;
  const auto number = base::parse_number(text);
  if (number && *number <= 65535) return static_cast<std::uint16_t>(*number);
  return base::Error{fmt::format("{}: expected a port number from 0 to 65535, got \"{}\"", name,
                                 base::printable(text, 40))};
}

base::Result<std::uint16_t> data_port(const std::string& flag, std::uint16_t configured) {
  if (!flag.empty()) return chosen_port("--port", flag, configured);
  return chosen_port("PORT", base::environment("PORT").value_or(""), configured);
}

std::string Source::path() const {
  return file.empty() ? base::environment("INTERMISSION_CONFIG").value_or("") : file;
}

base::Result<catalog::Configuration> Source::load(std::vector<base::Error>* problems) const {
  auto configuration = load_without_contracts(path());
  if (!configuration) return configuration;
  auto contracts = snapshot::read_contracts(std::move(configuration->catalog));
  configuration->catalog = std::move(contracts.catalog);
  for (const base::Error& problem : contracts.problems) warn(problem.text());
  if (problems != nullptr) *problems = std::move(contracts.problems);
  return configuration;
}

}  // namespace intermission::program
