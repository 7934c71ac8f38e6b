#include "support/postgres.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "control/libpq.h"
#include "support/eventually.h"
#include "support/files.h"

namespace intermission::testing {
namespace {

using control::libpq;

/// The server, which ends with the program.
class Server {
 public:
  static const Server& get() {
    static const Server server;
    return server;
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  const std::string& port() const { return port_; }
  const std::string& password() const { return password_; }

 private:
  Server();
  ~Server() {
    close(input_);
    waitpid(process_, nullptr, 0);  // it removes its folder
  }

  pid_t process_ = -1;
  int input_ = -1;
  std::string port_;
  std::string password_;
};

Server::Server() {
  std::array<int, 2> input{};
  std::array<int, 2> output{};
  if (pipe2(input.data(), O_CLOEXEC) != 0 || pipe2(output.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe for postgres.py");
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  // A test may have blocked the signals that end the server.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::string script = source_path("tests/support/postgres.py").string();
  std::array<char*, 4> arguments{const_cast<char*>("/usr/bin/python3"), const_cast<char*>("-B"),
                                 script.data(), nullptr};
  const int failed =
      posix_spawn(&process_, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(input[0]);
  close(output[1]);
  input_ = input[1];
  std::string line;
  std::array<char, 256> bytes{};
  while (failed == 0 && line.find('\n') == std::string::npos) {
    const ssize_t size = read(output[0], bytes.data(), bytes.size());
    if (size <= 0) break;
    line.append(bytes.data(), static_cast<std::size_t>(size));
  }
  close(output[0]);
  std::istringstream(line) >> port_ >> password_;
  if (password_.empty()) {
    close(input_);
    if (failed == 0) waitpid(process_, nullptr, 0);
    throw std::runtime_error(
        "PostgreSQL could not be started; these tests need the Debian package postgresql-15");
  }
}

std::string next_name() {
  static int count = 0;
  return "test" + std::to_string(++count);
}

}  // namespace

Database::Connection Database::connect(const std::string& database) const {
  const std::string address = "host=127.0.0.1 port=" + Server::get().port() +
                              " dbname=" + database +
                              " user=owner password=" + Server::get().password();
  const std::array<const char*, 2> keywords{"dbname", nullptr};
  const std::array<const char*, 2> values{address.c_str(), nullptr};
  Connection made(libpq()->connect_start_params(keywords.data(), values.data(), 1),
                  libpq()->finish);
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  while (status != PGRES_POLLING_OK) {
    if (status == PGRES_POLLING_FAILED) {
      throw std::runtime_error(libpq()->error_message(made.get()));
    }
    const bool reads = status == PGRES_POLLING_READING;
    pollfd socket{libpq()->socket(made.get()), static_cast<short>(reads ? POLLIN : POLLOUT), 0};
    poll(&socket, 1, -1);
    status = libpq()->connect_poll(made.get());
  }
  libpq()->set_notice_processor(
      made.get(), [](void*, const char*) {}, nullptr);
  return made;
}

Database::Database() : name_(next_name()), owner_(connect("postgres")) {
  sql("CREATE DATABASE " + name_);
  owner_ = connect(name_);
  sql("GRANT ALL ON DATABASE " + name_ + " TO gateway");
  sql("GRANT ALL ON SCHEMA public TO gateway");
}

Database::~Database() {
  try {
    sql("ALTER SYSTEM RESET ALL");
    sql("SELECT pg_reload_conf()");
    sql("ALTER ROLE gateway RESET ALL");
    sql("ALTER ROLE gateway LOGIN");
    owner_ = connect("postgres");
    sql("DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const std::runtime_error&) {
    // The next test finds a database of its own.
  }
}

std::string Database::address_text(const std::string& user) const {
  return "host=127.0.0.1 port=" + Server::get().port() + " dbname=" + name_ + " user=" + user +
         " password=" + Server::get().password();
}

control::DatabaseAddress Database::address(const std::string& user) const {
  return *control::parse_database_address(address_text(user), "state.postgresql");
}

std::string Database::sql(const std::string& statement) const {
  PGconn* connection = owner_.get();
  if (libpq()->send_query(connection, statement.c_str()) == 0) {
    throw std::runtime_error(libpq()->error_message(connection));
  }
  std::string first;
  std::string problem;
  while (PGresult* result = libpq()->get_result(connection)) {
    const ExecStatusType status = libpq()->result_status(result);
    if (status == PGRES_TUPLES_OK) {
      first = libpq()->rows(result) > 0 ? libpq()->get_value(result, 0, 0) : "";
    } else if (status != PGRES_COMMAND_OK) {
      problem = libpq()->result_error_message(result);
    }
    libpq()->clear(result);
  }
  if (!problem.empty()) throw std::runtime_error(statement + ": " + problem);
  return first;
}

bool Database::comes_to(const std::string& statement, const std::string& expected) const {
  return eventually([&] { return sql(statement) == expected; });
}

int Database::disconnect() const {
  return std::stoi(
      sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = "
          "'gateway' AND datname = current_database()"));
}

void Database::before_commit(const std::string& statement) const {
  sql("CREATE FUNCTION before_commit() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN " + statement +
      "; RETURN NULL; END$$");
  sql("CREATE CONSTRAINT TRIGGER late AFTER INSERT ON intermission_audit DEFERRABLE INITIALLY "
      "DEFERRED FOR EACH ROW EXECUTE FUNCTION before_commit()");
}

void Database::end_before_commit() const {
  sql("DROP TRIGGER late ON intermission_audit");
  sql("DROP FUNCTION before_commit");
}

// Commits wait as soon as the checkpointer has read the setting, which nothing shows (PostgreSQL's
// syncrep.c): so commits are made until one waits.
void Database::lose_standby() const {
  sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  sql("SELECT pg_reload_conf()");
  const Connection committing = connect(name_);
  const std::string pid = std::to_string(libpq()->backend_pid(committing.get()));
  const bool waits = eventually([&] {
    if (libpq()->is_busy(committing.get()) == 0) {
      while (PGresult* result = libpq()->get_result(committing.get())) libpq()->clear(result);
      libpq()->send_query(committing.get(), "SELECT pg_logical_emit_message(true, '', '')");
    }
    libpq()->consume_input(committing.get());
    return sql("SELECT wait_event FROM pg_stat_activity WHERE pid = " + pid) == "SyncRep";
  });
  if (!waits) throw std::runtime_error("the server does not wait for a standby");
  sql("SELECT pg_terminate_backend(" + pid + ")");
}

void Database::lock(bool locked) const {
  sql(locked ? "ALTER ROLE gateway NOLOGIN" : "ALTER ROLE gateway LOGIN");
  if (locked) disconnect();
}

}  // namespace intermission::testing
