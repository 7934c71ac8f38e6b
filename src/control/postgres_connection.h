// One connection to PostgreSQL, in which nothing lasts longer than its limit: each call says until
// when it may take. After a call that was not answered in time the connection is closed,
// because what comes next on it is unknown.
//
// One thread. `interrupt` ends whatever is waited for.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/descriptor.h"
#include "control/database_address.h"

struct pg_conn;
struct pg_result;

namespace intermission::control {

using Steady = std::chrono::steady_clock;

/// Wakes a thread that waits in a poll(2): an eventfd(2).
class Interrupt {
 public:
  Interrupt();
  void raise() const;
  void clear() const;
  int descriptor() const { return event_.get(); }

 private:
  base::Descriptor event_;
};

struct DatabaseError {
  std::string text;      // in one line, without secrets
  std::string state;     // SQLSTATE, where the server said one
  bool is_lost = false;  // there is no connection any more

  bool is(std::string_view sqlstate) const { return state == sqlstate; }
};

/// The SQLSTATEs that are handled on their own (PostgreSQL, appendix A).
namespace sqlstate {
inline constexpr std::string_view kReadOnly = "25006";
inline constexpr std::string_view kInsufficientPrivilege = "42501";
inline constexpr std::string_view kSerializationFailure = "40001";
inline constexpr std::string_view kDeadlockDetected = "40P01";
inline constexpr std::string_view kDiskFull = "53100";
inline constexpr std::string_view kQueryCanceled = "57014";
inline constexpr std::string_view kLockNotAvailable = "55P03";
}  // namespace sqlstate

/// The rows of one statement, as text. Null reads as empty.
class Rows {
 public:
  explicit Rows(pg_result* result);

  std::size_t size() const;
  std::string_view text(std::size_t row, int column) const;
  std::uint64_t number(std::size_t row, int column) const;
  bool truth(std::size_t row, int column) const { return text(row, column) == "t"; }

 private:
  std::unique_ptr<pg_result, void (*)(pg_result*)> result_;
};

class PostgresConnection {
 public:
  static constexpr std::chrono::milliseconds kInterruptGrace{1000};

  template <typename T>
  using Outcome = std::variant<T, DatabaseError>;

  /// Resolving a host's name may take longer: the system sets that limit. An interrupt ends the
  /// opening at once. A statement gets kInterruptGrace more, for one that is given up half-way
  /// costs the connection, and with it what the owner wanted to say last.
  static Outcome<std::unique_ptr<PostgresConnection>> open(const DatabaseAddress& address,
                                                           Steady::time_point until,
                                                           const Interrupt& interrupt);
  ~PostgresConnection();

  using Parameters = std::vector<std::optional<std::string>>;
  /// One statement with parameters $1, $2, …, as text.
  Outcome<Rows> run(const char* statement, const Parameters& parameters, Steady::time_point until);
  /// Several statements of fixed text, without parameters and rows.
  std::optional<DatabaseError> run_all(const char* statements, Steady::time_point until);

  /// For poll(2): readable when the server has said something by itself.
  int descriptor() const;
  struct Notification {
    std::string text;
    /// By this connection's own server process. Never through a pooler, which gives out processes
    /// of its own: what arrives there by chance says nothing of what will arrive later.
    bool is_own = false;
  };
  /// What came by NOTIFY since the last call. An Error where the connection is lost.
  Outcome<std::vector<Notification>> notifications();

 private:
  PostgresConnection(pg_conn* connection, DatabaseAddress address, const Interrupt& interrupt);

  enum class Wait : unsigned char { kReady, kTimeout, kInterrupted };
  Wait wait(short events, Steady::time_point until, std::chrono::milliseconds grace);
  DatabaseError lost(std::string_view why);
  DatabaseError why_not(Wait wait);
  std::optional<DatabaseError> connect(Steady::time_point until);
  std::optional<DatabaseError> flush(Steady::time_point until);
  Outcome<Rows> last_result(Steady::time_point until);

  std::unique_ptr<pg_conn, void (*)(pg_conn*)> connection_;
  const DatabaseAddress address_;
  const Interrupt& interrupt_;
  std::optional<Steady::time_point> interrupted_at_;  // while the current statement was waited for
};

/// The error of a call; null where it gave a value.
template <typename T>
DatabaseError* error_in(PostgresConnection::Outcome<T>& outcome) {
  return std::get_if<DatabaseError>(&outcome);
}

}  // namespace intermission::control
