// `intermission check`: whether the configuration is sound, and what each service answers.
#include <iostream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "catalog/network_text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "program/shared_store.h"
#include "program/source.h"
#include "program/tls.h"
#include "report/check.h"
#include "report/contract_report.h"

namespace intermission::cli {
namespace {

struct CheckOptions {
  program::Source source;
  std::string binding;
  std::string format = "text";
  bool strict = false;
};

// Of what is allowed, but hardly meant.
void warn_of_wide_networks(const program::Source& source) {
  const std::string file = source.path();
  if (file.empty()) return;
  const auto document = document::read_document(file);
  if (!document) return;
  for (const std::string& warning : catalog::wide_networks(*document)) {
    std::cout << "warning: " << warning << '\n';
  }
}

// The database that `serve` would use, without connecting to it.
std::optional<base::Error> check_database(const CheckOptions& options,
                                          const catalog::StateSettings& state, bool is_text) {
  const auto database = program::chosen_database(options.source, state, options.binding);
  if (!database) return database.error();
  if (!*database) return {};
  for (const std::string& warning : program::database_warnings(options.source, **database)) {
    (is_text ? std::cout : std::cerr) << "warning: " << warning << '\n';
  }
  return {};
}

int run_check(const CheckOptions& options) {
  const auto format = report::report_format(options.format);
  if (!format) {
    return wrong("--format: expected text, markdown, json or sarif, got \"" +
                 base::printable(options.format, 40) + "\"");
  }
  std::vector<base::Error> problems;
  auto configuration = options.source.load(&problems);
  if (!configuration) return wrong(configuration.error().text());
  if (const auto problem = program::certificate_problem(*configuration, base::SystemClock())) {
    return wrong(problem->text());
  }
  const bool is_text = *format == report::ReportFormat::kText;
  if (const auto problem = check_database(options, configuration->state, is_text)) {
    return wrong(problem->text());
  }
  const snapshot::Snapshot snapshot(std::move(configuration->catalog));
  const base::TimePoint now = base::SystemClock().now();
  if (is_text) warn_of_wide_networks(options.source);
  std::cout << (is_text ? report::check_report(snapshot, now)
                        : report::contract_report(snapshot, problems, now, *format));
  const bool is_sound =
      problems.empty() && !(options.strict && report::has_contract_findings(snapshot));
  return is_sound ? kDone : kFailed;
}

}  // namespace

Command add_check(CLI::App& app) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App& command =
      add_command(app, "check", "Validate the configuration and list what each service answers");
  add_config_option(command, options->source.file);
  add_option(command, "--state-binding", options->binding,
             "As for serve: name of the binding in VCAP_SERVICES of the database", "NAME");
  add_option(command, "--format", options->format,
             "text: a summary; markdown, json: answers to the clients of each API; sarif: "
             "findings about API documents",
             "FORMAT");
  add_flag(command, "--strict", options->strict,
           "Exit with 1 if there is any finding about an API document");
  return {&command, [options] { return run_check(*options); }};
}

}  // namespace intermission::cli
