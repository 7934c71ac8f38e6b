#include "control/postgres_connection.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "control/libpq.h"

namespace intermission::control {
namespace {

std::string_view text_of(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

int milliseconds_until(Steady::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

}  // namespace

Interrupt::Interrupt() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Interrupt::raise() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(event_.get(), &one, sizeof one);
}

void Interrupt::clear() const {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = read(event_.get(), &count, sizeof count);
}

Rows::Rows(pg_result* result) : result_(result, libpq()->clear) {}

std::size_t Rows::size() const {
  return static_cast<std::size_t>(libpq()->rows(result_.get()));
}

std::string_view Rows::text(std::size_t row, int column) const {
  const int at = static_cast<int>(row);
  return {libpq()->get_value(result_.get(), at, column),
          static_cast<std::size_t>(libpq()->get_length(result_.get(), at, column))};
}

std::uint64_t Rows::number(std::size_t row, int column) const {
  return base::parse_number(text(row, column)).value_or(0);
}

PostgresConnection::PostgresConnection(pg_conn* connection, DatabaseAddress address,
                                       const Interrupt& interrupt)
    : connection_(connection, libpq()->finish),
      address_(std::move(address)),
      interrupt_(interrupt) {}

PostgresConnection::~PostgresConnection() = default;

int PostgresConnection::descriptor() const {
  return connection_ ? libpq()->socket(connection_.get()) : -1;
}

PostgresConnection::Wait PostgresConnection::wait(short events, Steady::time_point until,
                                                  std::chrono::milliseconds grace) {
  std::array<pollfd, 2> watched{{{descriptor(), events, 0}, {interrupt_.descriptor(), POLLIN, 0}}};
  while (true) {
    const auto limit = interrupted_at_ ? std::min(until, *interrupted_at_ + grace) : until;
    const int ready = poll(watched.data(), interrupted_at_ ? 1 : 2, milliseconds_until(limit));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return limit < until ? Wait::kInterrupted : Wait::kTimeout;
    if (watched[0].revents != 0) return Wait::kReady;
    interrupted_at_ = Steady::now();
  }
}

DatabaseError PostgresConnection::lost(std::string_view why) {
  DatabaseError error{address_.without_secrets(why), {}, true};
  connection_.reset();
  return error;
}

DatabaseError PostgresConnection::why_not(Wait wait) {
  return lost(wait == Wait::kTimeout ? "the database did not answer in time" : "interrupted");
}

PostgresConnection::Outcome<std::unique_ptr<PostgresConnection>> PostgresConnection::open(
    const DatabaseAddress& address, Steady::time_point until, const Interrupt& interrupt) {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : address.options) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  std::unique_ptr<PostgresConnection> opened(new PostgresConnection(
      libpq()->connect_start_params(keywords.data(), values.data(), 0), address, interrupt));
  if (!opened->connection_) return DatabaseError{"there is no memory for a connection", {}, true};
  if (auto error = opened->connect(until)) return std::move(*error);
  return opened;
}

std::optional<DatabaseError> PostgresConnection::connect(Steady::time_point until) {
  // As the documentation of PQconnectPoll asks: the first time as if it had said "writing".
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  if (libpq()->status(connection_.get()) == CONNECTION_BAD) status = PGRES_POLLING_FAILED;
  while (status != PGRES_POLLING_OK) {
    if (status == PGRES_POLLING_FAILED) return lost(libpq()->error_message(connection_.get()));
    const auto waited = wait(status == PGRES_POLLING_READING ? POLLIN : POLLOUT, until, {});
    if (waited == Wait::kTimeout) return lost("the database did not take the connection in time");
    if (waited != Wait::kReady) return why_not(waited);
    status = libpq()->connect_poll(connection_.get());
  }
  libpq()->set_notice_processor(
      connection_.get(), [](void*, const char*) {}, nullptr);
  if (libpq()->set_nonblocking(connection_.get(), 1) != 0)
    return lost(libpq()->error_message(connection_.get()));
  return {};
}

std::optional<DatabaseError> PostgresConnection::flush(Steady::time_point until) {
  while (true) {
    const int left = libpq()->flush(connection_.get());
    if (left == 0) return {};
    if (left < 0) return lost(libpq()->error_message(connection_.get()));
    const auto waited = wait(POLLOUT | POLLIN, until, kInterruptGrace);
    if (waited != Wait::kReady) return why_not(waited);
    // The server may wait for us to read before it goes on reading.
    if (libpq()->consume_input(connection_.get()) == 0)
      return lost(libpq()->error_message(connection_.get()));
  }
}

PostgresConnection::Outcome<Rows> PostgresConnection::last_result(Steady::time_point until) {
  interrupted_at_.reset();
  if (auto error = flush(until)) return std::move(*error);
  std::optional<DatabaseError> failed;
  Rows last(nullptr);
  while (true) {
    while (libpq()->is_busy(connection_.get()) != 0) {
      const auto waited = wait(POLLIN, until, kInterruptGrace);
      if (waited != Wait::kReady) return why_not(waited);
      if (libpq()->consume_input(connection_.get()) == 0)
        return lost(libpq()->error_message(connection_.get()));
    }
    pg_result* result = libpq()->get_result(connection_.get());
    if (result == nullptr) break;
    Rows rows(result);
    const ExecStatusType status = libpq()->result_status(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && !failed) {
      failed = DatabaseError{
          address_.without_secrets(libpq()->result_error_message(result)),
          std::string(text_of(libpq()->result_error_field(result, PG_DIAG_SQLSTATE)))};
    }
    last = std::move(rows);
  }
  if (libpq()->status(connection_.get()) == CONNECTION_BAD) {
    return lost(failed ? failed->text : text_of(libpq()->error_message(connection_.get())));
  }
  if (failed) return std::move(*failed);
  return last;
}

PostgresConnection::Outcome<Rows> PostgresConnection::run(const char* statement,
                                                          const Parameters& parameters,
                                                          Steady::time_point until) {
  if (!connection_) return DatabaseError{"there is no connection", {}, true};
  std::vector<const char*> values;
  for (const auto& parameter : parameters) {
    values.push_back(parameter ? parameter->c_str() : nullptr);
  }
  if (libpq()->send_query_params(connection_.get(), statement, static_cast<int>(values.size()),
                                 nullptr, values.data(), nullptr, nullptr, 0) == 0) {
    return lost(libpq()->error_message(connection_.get()));
  }
  return last_result(until);
}

std::optional<DatabaseError> PostgresConnection::run_all(const char* statements,
                                                         Steady::time_point until) {
  if (!connection_) return DatabaseError{"there is no connection", {}, true};
  if (libpq()->send_query(connection_.get(), statements) == 0) {
    return lost(libpq()->error_message(connection_.get()));
  }
  auto result = last_result(until);
  if (auto* error = std::get_if<DatabaseError>(&result)) return std::move(*error);
  return {};
}

PostgresConnection::Outcome<std::vector<PostgresConnection::Notification>>
PostgresConnection::notifications() {
  if (!connection_) return DatabaseError{"there is no connection", {}, true};
  if (libpq()->consume_input(connection_.get()) == 0)
    return lost(libpq()->error_message(connection_.get()));
  std::vector<Notification> heard;
  while (PGnotify* notice = libpq()->notifies(connection_.get())) {
    heard.push_back({notice->extra, notice->be_pid == libpq()->backend_pid(connection_.get())});
    libpq()->freemem(notice);
  }
  if (libpq()->status(connection_.get()) == CONNECTION_BAD) {
    return lost(libpq()->error_message(connection_.get()));
  }
  return heard;
}

}  // namespace intermission::control
