#include "control/shared_tables.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "control/state_json.h"
#include "http/date.h"

namespace intermission::control {
namespace {

using Parameters = PostgresConnection::Parameters;

constexpr const char* kWrites = "BEGIN ISOLATION LEVEL READ COMMITTED";
// What may be lost when the server crashes, and must not wait for its standbys.
constexpr const char* kPasses =
    "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = off";
constexpr const char* kReads = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

// SQLSTATE statement_completion_unknown.
constexpr std::string_view kCompletionUnknown = "40003";

// The advisory lock under which one instance makes the tables. Any number that is used only here.
constexpr const char* kLockTables = "SELECT pg_advisory_xact_lock(7305522781)";

constexpr std::string_view kTables = R"(
CREATE TABLE intermission_schema (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  version integer NOT NULL);
CREATE TABLE intermission_head (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  database text NOT NULL,
  version bigint NOT NULL,
  change text NOT NULL);
CREATE TABLE intermission_service (
  name text PRIMARY KEY,
  version bigint NOT NULL,
  state text NOT NULL);
CREATE TABLE intermission_audit (
  version bigint NOT NULL,
  service text NOT NULL,
  at text NOT NULL,
  what text NOT NULL,
  operator text NOT NULL,
  change text NOT NULL,
  PRIMARY KEY (version, service));
CREATE INDEX intermission_audit_change ON intermission_audit (change);
CREATE TABLE intermission_instance (
  id text PRIMARY KEY,
  name text NOT NULL,
  address text NOT NULL,
  program text NOT NULL,
  configuration text NOT NULL,
  version bigint NOT NULL,
  held text NOT NULL,
  seen timestamptz NOT NULL);
CREATE TABLE intermission_count (
  id text PRIMARY KEY,
  seen timestamptz NOT NULL,
  counts text NOT NULL);
INSERT INTO intermission_head (database, version, change)
  VALUES (md5(random()::text || clock_timestamp()::text), 0, '');
INSERT INTO intermission_schema (version) VALUES (1);
)";

// Of the catalog's rows, not to_regclass(): that one may remember from before the transaction
// waited that there was no such table.
constexpr const char* kHasTables =
    "SELECT count(*) FROM pg_catalog.pg_class WHERE relname = 'intermission_schema' AND "
    "pg_catalog.pg_table_is_visible(oid)";
constexpr const char* kLockedHead =
    "SELECT database, version, change FROM intermission_head FOR UPDATE";
constexpr const char* kHasChange =
    "SELECT EXISTS (SELECT 1 FROM intermission_audit WHERE change = $1)";

// The whole shared state, seen at one moment in one answer: the head with "t" where it still
// knows change $3 of version $2; the services; and the newest of the changes, the newest first.
constexpr const char* kRead =
    "WITH head AS (SELECT database, version, change, database = $1 AND version >= $2::bigint AND "
    "($2::bigint = 0 OR EXISTS (SELECT 1 FROM intermission_audit WHERE change = $3)) AS knows "
    "FROM intermission_head), "
    "since AS (SELECT CASE WHEN knows THEN $2::bigint ELSE 0 END AS version FROM head) "
    "SELECT 'head', version, database, change, CASE WHEN knows THEN 't' ELSE 'f' END, '' FROM head "
    "UNION ALL SELECT 'service', version, name, state, '', '' FROM intermission_service "
    "WHERE version > (SELECT version FROM since) OR (SELECT version FROM since) = 0 "
    "UNION ALL (SELECT 'change', version, at, service, what, operator FROM intermission_audit "
    "WHERE version > (SELECT version FROM since) ORDER BY version DESC, service DESC LIMIT 500)";

SharedHead head_of(const Rows& rows) {
  if (rows.size() == 0) return {};
  return {std::string(rows.text(0, 0)), rows.number(0, 1), std::string(rows.text(0, 2))};
}

}  // namespace

std::string_view shared_tables_sql() {
  return kTables;
}

// ---------------------------------------------------------------- transactions

// The server's own limit ends a statement before ours does, and its error says why.
std::optional<DatabaseError> SharedTables::begin(const char* mode, Until until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Steady::now());
  const std::string limit = std::to_string(std::max<std::int64_t>(left.count() * 9 / 10, 1));
  const std::string statements = std::string(mode) + "; SET LOCAL statement_timeout = " + limit +
                                 "; SET LOCAL lock_timeout = " + limit +
                                 "; SET LOCAL idle_in_transaction_session_timeout = 5000";
  auto error = connection_.run_all(statements.c_str(), until);
  if (error && !error->is_lost) return roll_back(std::move(*error), until);
  return error;
}

std::optional<DatabaseError> SharedTables::end(Until until) {
  return connection_.run_all("COMMIT", until);
}

// PostgreSQL answers "committed" when statement_timeout ends its wait for a synchronous standby.
std::optional<DatabaseError> SharedTables::commit_for_good(Until until) {
  if (auto error = connection_.run_all("SET LOCAL statement_timeout = 0", until)) {
    return roll_back(std::move(*error), until);
  }
  return end(until);
}

DatabaseError SharedTables::roll_back(DatabaseError why, Until until) {
  if (why.is_lost) return why;
  if (const auto error = connection_.run_all("ROLLBACK", until)) why.is_lost = error->is_lost;
  return why;
}

SharedTables::Outcome<Rows> SharedTables::run(const char* statement, const Parameters& parameters,
                                              Until until) {
  auto outcome = connection_.run(statement, parameters, until);
  if (auto* error = error_in(outcome)) return roll_back(std::move(*error), until);
  return outcome;
}

SharedTables::Outcome<Rows> SharedTables::run_alone(const char* mode, const char* statement,
                                                    const Parameters& parameters, Until until) {
  if (auto error = begin(mode, until)) return std::move(*error);
  auto outcome = run(statement, parameters, until);
  if (error_in(outcome) != nullptr) return outcome;
  if (auto error = end(until)) return std::move(*error);
  return outcome;
}

// ---------------------------------------------------------------- tables

SharedTables::Outcome<int> SharedTables::version(Until until) {
  auto there = run_alone(kReads, kHasTables, {}, until);
  if (auto* error = error_in(there)) return std::move(*error);
  if (std::get<Rows>(there).number(0, 0) == 0) return 0;
  auto rows = run_alone(kReads, "SELECT version FROM intermission_schema", {}, until);
  if (auto* error = error_in(rows)) return std::move(*error);
  const Rows& version = std::get<Rows>(rows);
  return version.size() == 0 ? 0 : static_cast<int>(version.number(0, 0));
}

std::optional<DatabaseError> SharedTables::migrate(Until until) {
  if (auto error = begin(kWrites, until)) return error;
  auto locked = run(kLockTables, {}, until);
  if (auto* error = error_in(locked)) return std::move(*error);
  // Another instance may have made them while this one waited.
  auto there = run(kHasTables, {}, until);
  if (auto* error = error_in(there)) return std::move(*error);
  if (std::get<Rows>(there).number(0, 0) == 0) {
    const std::string tables(kTables);
    if (auto error = connection_.run_all(tables.c_str(), until)) {
      return roll_back(std::move(*error), until);
    }
  }
  return end(until);
}

// ---------------------------------------------------------------- reading

SharedTables::Outcome<SharedTables::Update> SharedTables::read(const SharedHead& known,
                                                               Until until) {
  auto outcome = run_alone(kReads, kRead,
                           {known.database, std::to_string(known.version), known.change}, until);
  if (auto* error = error_in(outcome)) return std::move(*error);
  const Rows& rows = std::get<Rows>(outcome);
  Update update;
  State& state = update.found.state;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::uint64_t version = rows.number(i, 1);
    const auto text = [&](int column) { return std::string(rows.text(i, column)); };
    if (rows.text(i, 0) == "head") {
      update.found.head = {text(2), version, text(3)};
      update.contains_known = rows.truth(i, 4);
    } else if (rows.text(i, 0) == "service") {
      auto service = service_state_from_json(rows.text(i, 3),
                                             "intermission_service, " + base::printable(text(2)));
      if (!service) return DatabaseError{service.error().text(), "intermission", false};
      service->version = version;
      state.services[text(2)] = std::move(*service);
    } else {
      state.audit.push_back({version,
                             http::parse_rfc3339(rows.text(i, 2)).value_or(base::TimePoint{}),
                             text(3), text(4), text(5)});
    }
  }
  std::reverse(state.audit.begin(), state.audit.end());
  update.is_whole = !update.contains_known;
  state.version = update.found.head.version;
  return update;
}

// ---------------------------------------------------------------- changing

std::optional<DatabaseError> SharedTables::write(const Change& change, Until until) {
  for (const auto& [name, service] : change.services) {
    auto done =
        run("INSERT INTO intermission_service (name, version, state) VALUES ($1, $2, $3) "
            "ON CONFLICT (name) DO UPDATE SET version = excluded.version, state = excluded.state",
            {name, std::to_string(service.version), service_state_to_json(service)}, until);
    if (auto* error = error_in(done)) return std::move(*error);
  }
  for (const AuditEntry& entry : change.audit) {
    // What is put back after the database went back keeps no name of its change.
    const bool is_own = entry.version == change.next.version;
    auto done =
        run("INSERT INTO intermission_audit (version, service, at, what, operator, change) "
            "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (version, service) DO NOTHING",
            {std::to_string(entry.version), entry.service, http::rfc3339(entry.at), entry.what,
             entry.by, is_own ? change.next.change : ""},
            until);
    if (auto* error = error_in(done)) return std::move(*error);
  }
  auto done = run("UPDATE intermission_head SET version = $1, change = $2",
                  {std::to_string(change.next.version), change.next.change}, until);
  if (auto* error = error_in(done)) return std::move(*error);
  return {};
}

SharedTables::Committed SharedTables::commit(const Change& change, Until until) {
  if (auto error = begin(kWrites, until)) return {Commit::kRefused, std::move(*error)};
  auto head = run(kLockedHead, {}, until);
  if (auto* error = error_in(head)) return {Commit::kRefused, std::move(*error)};
  if (head_of(std::get<Rows>(head)) != change.expected) {
    if (auto error = connection_.run_all("ROLLBACK", until)) {
      return {Commit::kRefused, std::move(*error)};
    }
    return {Commit::kConflict};
  }
  if (auto error = write(change, until)) return {Commit::kRefused, std::move(*error)};
  if (auto error = connection_.run_all("SET LOCAL statement_timeout = 0", until)) {
    return {Commit::kRefused, roll_back(std::move(*error), until)};
  }
  if (auto error = end(until)) {
    // What the server itself refuses to commit, it rolls back, unless it says that it does not
    // know.
    const bool is_known = !error->is_lost && !error->is(kCompletionUnknown);
    return {is_known ? Commit::kRefused : Commit::kInDoubt, std::move(*error)};
  }
  return {};
}

// Every statement of a change but its COMMIT.
std::optional<DatabaseError> SharedTables::try_change(Until until) {
  if (auto error = begin(kWrites, until)) return error;
  auto head = run(kLockedHead, {}, until);
  if (auto* error = error_in(head)) return std::move(*error);
  const SharedHead now = head_of(std::get<Rows>(head));
  constexpr std::size_t kRoom = 1000;  // for an entry of the trail, however short the next one is
  const Change nothing{now, now, {{"", {}}}, {{0, {}, "", std::string(kRoom, '.'), ""}}};
  if (auto error = write(nothing, until)) return error;
  return connection_.run_all("ROLLBACK", until);
}

// A transaction that is still to be committed holds the lock of the head.
SharedTables::Outcome<bool> SharedTables::settled(const std::string& change, Until until) {
  if (auto error = begin(kWrites, until)) return std::move(*error);
  auto head = run(kLockedHead, {}, until);
  if (auto* error = error_in(head)) return std::move(*error);
  auto has = run(kHasChange, {change}, until);
  if (auto* error = error_in(has)) return std::move(*error);
  const bool is_there = std::get<Rows>(has).truth(0, 0);
  if (auto error = commit_for_good(until)) return std::move(*error);
  return is_there;
}

// ---------------------------------------------------------------- instances

SharedTables::Outcome<SharedHead> SharedTables::beat(const Instance& instance, Until until) {
  auto rows = run_alone(
      kPasses,
      "WITH beat AS (INSERT INTO intermission_instance "
      "(id, name, address, program, configuration, version, held, seen) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, now()) ON CONFLICT (id) DO UPDATE SET "
      "name = excluded.name, address = excluded.address, program = excluded.program, "
      "configuration = excluded.configuration, version = excluded.version, held = excluded.held, "
      "seen = excluded.seen RETURNING id) "
      "SELECT database, version, change FROM intermission_head",
      {instance.id, instance.name, instance.address, instance.program, instance.configuration,
       std::to_string(instance.version), instance.held},
      until);
  if (auto* error = error_in(rows)) return std::move(*error);
  return head_of(std::get<Rows>(rows));
}

SharedTables::Outcome<std::vector<Instance>> SharedTables::instances(Until until) {
  auto outcome = run_alone(kReads,
                           "SELECT id, name, address, program, configuration, version, held, "
                           "greatest(extract(epoch FROM now() - seen), 0)::bigint, seen::text "
                           "FROM intermission_instance ORDER BY name, id",
                           {}, until);
  if (auto* error = error_in(outcome)) return std::move(*error);
  const Rows& rows = std::get<Rows>(outcome);
  std::vector<Instance> instances;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto text = [&](int column) { return std::string(rows.text(i, column)); };
    instances.push_back({text(0), text(1), text(2), text(3), text(4), rows.number(i, 5), text(6),
                         false, base::Seconds(rows.number(i, 7)), text(8)});
  }
  return instances;
}

std::optional<DatabaseError> SharedTables::remove_instance(const std::string& id, Until until) {
  auto done = run_alone(kPasses, "DELETE FROM intermission_instance WHERE id = $1", {id}, until);
  if (auto* error = error_in(done)) return std::move(*error);
  return {};
}

std::optional<DatabaseError> SharedTables::forget_instance(const std::string& id,
                                                           const std::string& mark, Until until) {
  auto done = run_alone(
      kPasses, "DELETE FROM intermission_instance WHERE id = $1 AND seen = $2::timestamptz",
      {id, mark}, until);
  if (auto* error = error_in(done)) return std::move(*error);
  return {};
}

// ---------------------------------------------------------------- counts

SharedTables::Outcome<bool> SharedTables::update_counts(const std::string& id,
                                                        const std::string& counts, Until until) {
  auto rows = run_alone(kPasses,
                        "UPDATE intermission_count SET counts = $2, seen = now() WHERE id = $1 "
                        "RETURNING id",
                        {id, counts}, until);
  if (auto* error = error_in(rows)) return std::move(*error);
  return std::get<Rows>(rows).size() > 0;
}

std::optional<DatabaseError> SharedTables::insert_counts(const std::string& id,
                                                         const std::string& counts, Until until) {
  auto done = run_alone(kPasses,
                        "INSERT INTO intermission_count (id, seen, counts) VALUES ($1, now(), $2) "
                        "ON CONFLICT (id) DO NOTHING",
                        {id, counts}, until);
  if (auto* error = error_in(done)) return std::move(*error);
  return {};
}

SharedTables::Outcome<std::vector<std::string>> SharedTables::counts(const std::string& id,
                                                                     Until until) {
  auto rows =
      run_alone(kReads, "SELECT counts FROM intermission_count WHERE id <> $1", {id}, until);
  if (auto* error = error_in(rows)) return std::move(*error);
  std::vector<std::string> counts;
  const Rows& found = std::get<Rows>(rows);
  for (std::size_t i = 0; i < found.size(); ++i) counts.emplace_back(found.text(i, 0));
  return counts;
}

// The instance that holds the row of those that are gone folds; the others wait for it.
SharedTables::Outcome<std::set<std::string>> SharedTables::fold_counts(
    const std::set<std::string>& gone, const Fold& fold, Until until) {
  if (auto error = begin(kPasses, until)) return std::move(*error);
  auto made =
      run("INSERT INTO intermission_count (id, seen, counts) VALUES ('gone', now(), '{}') "
          "ON CONFLICT (id) DO NOTHING",
          {}, until);
  if (auto* error = error_in(made)) return std::move(*error);
  auto all = run("SELECT counts FROM intermission_count WHERE id = 'gone' FOR UPDATE", {}, until);
  if (auto* error = error_in(all)) return std::move(*error);
  auto rows =
      run("SELECT id, counts FROM intermission_count WHERE id <> 'gone' AND id NOT IN "
          "(SELECT id FROM intermission_instance) ORDER BY id LIMIT 100 FOR UPDATE",
          {}, until);
  if (auto* error = error_in(rows)) return std::move(*error);
  std::vector<std::string> counts{std::string(std::get<Rows>(all).text(0, 0))};
  std::set<std::string> others;
  const Rows& found = std::get<Rows>(rows);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::string id(found.text(i, 0));
    if (!gone.contains(id)) {
      others.insert(id);
      continue;
    }
    counts.emplace_back(found.text(i, 1));
    auto done = run("DELETE FROM intermission_count WHERE id = $1", {id}, until);
    if (auto* error = error_in(done)) return std::move(*error);
  }
  if (counts.size() > 1) {
    auto done = run("UPDATE intermission_count SET counts = $1, seen = now() WHERE id = 'gone'",
                    {fold(counts)}, until);
    if (auto* error = error_in(done)) return std::move(*error);
  }
  if (auto error = end(until)) return std::move(*error);
  return others;
}

// ---------------------------------------------------------------- NOTIFY

std::optional<DatabaseError> SharedTables::listen(Until until) {
  return connection_.run_all("LISTEN intermission", until);
}

// One round trip: others wait for it.
std::optional<DatabaseError> SharedTables::notify(const std::string& text, Until until) {
  auto done =
      connection_.run("SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)",
                      {std::string(kChannel), text}, until);
  if (auto* error = error_in(done)) return std::move(*error);
  return {};
}

}  // namespace intermission::control
