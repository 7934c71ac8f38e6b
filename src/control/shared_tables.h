// The tables that instances share, and every statement that is sent to them. Statements are fixed
// texts with parameters; each runs in a transaction that has limits of its own for how long it may
// take and wait, so that nothing depends on the settings of a session: a pooler may stand between.
//
//   intermission_schema     the version of these tables
//   intermission_head       one row: the version of the State, and the change that made it; an
//                           instance that changes something holds its lock
//   intermission_service    one row a service: its version and its state as JSON
//                           (schemas/state.schema.json, definitions/service)
//   intermission_audit      every change, append-only
//   intermission_instance   one row an instance: what it has in force, and when it was seen last
//   intermission_count      one row an instance: what it counted, as JSON; one row, "gone", for all
//                           that are no more
//
// docs/high-availability.md describes them for those who make them by hand.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "control/instance.h"
#include "control/postgres_connection.h"
#include "control/shared_state.h"
#include "control/state.h"

namespace intermission::control {

class SharedTables {
 public:
  static constexpr int kVersion = 1;
  static constexpr const char* kChannel = "intermission";

  /// `connection` outlives it.
  explicit SharedTables(PostgresConnection& connection) : connection_(connection) {}

  template <typename T>
  using Outcome = PostgresConnection::Outcome<T>;
  using Until = Steady::time_point;

  /// The version of the tables that are there; 0 where there are none.
  Outcome<int> version(Until until);
  /// Makes what is missing, one instance at a time.
  std::optional<DatabaseError> migrate(Until until);

  struct Update {
    SharedState found;
    bool is_whole = false;  // false: `found` holds only what has changed since `known`
    bool contains_known = false;
  };
  /// At one moment, by one statement. What has changed since `known` where the database still knows
  /// that change, else everything.
  Outcome<Update> read(const SharedHead& known, Until until);

  struct Change {
    SharedHead expected;
    SharedHead next;
    std::vector<std::pair<std::string, ServiceState>> services;
    std::vector<AuditEntry> audit;
  };
  enum class Commit : std::uint8_t { kDone, kConflict, kRefused, kInDoubt };
  struct Committed {
    Commit result = Commit::kDone;
    DatabaseError error = {};
  };
  /// kRefused: it is certain that nothing was changed. kInDoubt: the connection was lost while the
  /// answer to COMMIT was waited for; settled() tells, on another one.
  Committed commit(const Change& change, Until until);
  /// Whether a change would be taken now: makes one that changes nothing, and takes
  /// it back.
  std::optional<DatabaseError> try_change(Until until);
  /// Whether that change was committed. Waits until the connection that still holds the lock has
  /// let it go.
  Outcome<bool> settled(const std::string& change, Until until);

  Outcome<SharedHead> beat(const Instance& instance, Until until);
  Outcome<std::vector<Instance>> instances(Until until);
  std::optional<DatabaseError> remove_instance(const std::string& id, Until until);
  /// The row of an instance that has not beaten since `mark` was read.
  std::optional<DatabaseError> forget_instance(const std::string& id, const std::string& mark,
                                               Until until);

  /// What an instance counted. False, and nothing is written, where its row is not there.
  Outcome<bool> update_counts(const std::string& id, const std::string& counts, Until until);
  std::optional<DatabaseError> insert_counts(const std::string& id, const std::string& counts,
                                             Until until);
  /// Of all rows but that of `id`.
  Outcome<std::vector<std::string>> counts(const std::string& id, Until until);
  /// Puts the rows of those of `gone` into one, by `fold`, that are still not listed as instances.
  /// Returns the others that are not listed.
  using Fold = std::function<std::string(const std::vector<std::string>&)>;
  Outcome<std::set<std::string>> fold_counts(const std::set<std::string>& gone, const Fold& fold,
                                             Until until);

  std::optional<DatabaseError> listen(Until until);
  std::optional<DatabaseError> notify(const std::string& text, Until until);

 private:
  std::optional<DatabaseError> begin(const char* mode, Until until);
  /// Of a change: the server waits for its standbys as long as it takes.
  std::optional<DatabaseError> commit_for_good(Until until);
  std::optional<DatabaseError> end(Until until);
  DatabaseError roll_back(DatabaseError why, Until until);
  Outcome<Rows> run(const char* statement, const PostgresConnection::Parameters& parameters,
                    Until until);
  Outcome<Rows> run_alone(const char* mode, const char* statement,
                          const PostgresConnection::Parameters& parameters, Until until);
  std::optional<DatabaseError> write(const Change& change, Until until);

  PostgresConnection& connection_;
};

/// The statements that make the tables, for sites where the program's role may not.
std::string_view shared_tables_sql();

}  // namespace intermission::control
