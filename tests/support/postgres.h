// A PostgreSQL server of the tests' own (postgres.py), with a database for each test.
//
//   Database database;
//   control::PostgresStore store({database.address(), ...}, ...);
//   EXPECT_EQ(database.sql("SELECT count(*) FROM intermission_head"), "1");
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>

#include "control/database_address.h"

namespace intermission::testing {

/// An empty database, which the role "gateway" may do anything with. What a test sets for the
/// server or for a role is taken back at the end. One at a time.
class Database {
 public:
  /// Starts the server if none of this program runs yet; throws std::runtime_error where that
  /// cannot be done.
  Database();
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  control::DatabaseAddress address(const std::string& user = "gateway") const;
  /// What `address()` is made of.
  std::string address_text(const std::string& user = "gateway") const;

  /// As the owner of the server. The first column of the first row, or "". Throws
  /// std::runtime_error with what the server says against it.
  std::string sql(const std::string& statement) const;
  /// `statement`, until it gives `expected`. Whether it did.
  bool comes_to(const std::string& statement, const std::string& expected) const;
  /// Ends all connections of "gateway", as an administrator does. How many there were.
  int disconnect() const;
  /// PL/pgSQL that the server runs in front of the COMMIT of each change of the State, until
  /// end_before_commit().
  void before_commit(const std::string& statement) const;
  void end_before_commit() const;
  /// From when this returns, each COMMIT waits for a standby that is not there.
  void lose_standby() const;
  /// No connection of "gateway" is accepted, or all are again.
  void lock(bool locked = true) const;

 private:
  using Connection = std::unique_ptr<PGconn, void (*)(PGconn*)>;
  Connection connect(const std::string& database) const;

  std::string name_;
  Connection owner_;
};

}  // namespace intermission::testing
