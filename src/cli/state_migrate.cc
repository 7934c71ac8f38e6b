// `intermission state migrate`: creates the tables in which instances share their state, or brings
// them up to date.
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <variant>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "control/postgres_connection.h"
#include "control/shared_tables.h"
#include "program/shared_store.h"
#include "program/source.h"

namespace intermission::cli {
namespace {

constexpr std::chrono::seconds kPatience{15};

struct MigrateOptions {
  program::Source source;
  std::string binding;
  bool prints = false;  // the statements, in place of running them
};

int migrate(const control::DatabaseAddress& database) {
  const control::Interrupt never;
  const auto until = control::Steady::now() + kPatience;
  const auto problem = [&](const control::DatabaseError& error) {
    return failed("the database " + database.shown() + ": " + error.text);
  };
  auto opened = control::PostgresConnection::open(database, until, never);
  if (const auto* error = std::get_if<control::DatabaseError>(&opened)) return problem(*error);
  control::SharedTables tables(*std::get<std::unique_ptr<control::PostgresConnection>>(opened));
  if (const auto error = tables.migrate(until)) return problem(*error);
  const auto version = tables.version(until);
  if (const auto* error = std::get_if<control::DatabaseError>(&version)) return problem(*error);
  std::cout << "intermission: the tables in " << database.shown() << " have version "
            << std::get<int>(version) << std::endl;
  return kDone;
}

int run_state_migrate(const MigrateOptions& options) {
  if (options.prints) {
    std::cout << control::shared_tables_sql();
    return kDone;
  }
  program::Source quiet = options.source;
  quiet.warn = [](const std::string&) {};
  const auto configuration = quiet.load();
  if (!configuration) return wrong(configuration.error().text());
  const auto database =
      program::chosen_database(options.source, configuration->state, options.binding);
  if (!database) return wrong(database.error().text());
  if (!*database) {
    return wrong(std::string("expected a database in state.postgresql or ") +
                 program::kDatabaseUrl);
  }
  for (const std::string& warning : program::database_warnings(options.source, **database)) {
    program::tell(warning);
  }
  return migrate(**database);
}

}  // namespace

Command add_state_migrate(CLI::App& app) {
  const auto options = std::make_shared<MigrateOptions>();
  CLI::App& state =
      add_command(app, "state", "Prepare the database in which instances share their state");
  require_commands(state, 1, 1);
  CLI::App& command = add_command(state, "migrate", "Create the tables, or bring them up to date");
  add_config_option(command, options->source.file);
  add_option(command, "--state-binding", options->binding,
             "Name of the binding in VCAP_SERVICES of the database", "NAME");
  add_flag(command, "--print", options->prints,
           "Print the SQL statements that create the tables, without running them");
  add_footer(
      command,
      "serve does this itself if its database role may create tables. INTERMISSION_DATABASE_URL "
      "or\n"
      "state.postgresql names the database.");
  return {&command, [options] { return run_state_migrate(*options); }};
}

}  // namespace intermission::cli
