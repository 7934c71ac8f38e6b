#include "control/libpq.h"

#include <dlfcn.h>

#include <optional>

namespace intermission::control {
namespace {

template <typename F>
bool find(void* library, const char* name, F& function) {
  function = reinterpret_cast<F>(dlsym(library, name));
  return function != nullptr;
}

std::optional<Libpq> load() {
  void* library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return {};
  Libpq pq{};
  const bool is_whole =
      find(library, "PQbackendPID", pq.backend_pid) && find(library, "PQclear", pq.clear) &&
      find(library, "PQconnectPoll", pq.connect_poll) &&
      find(library, "PQconnectStartParams", pq.connect_start_params) &&
      find(library, "PQconninfoFree", pq.conninfo_free) &&
      find(library, "PQconninfoParse", pq.conninfo_parse) &&
      find(library, "PQconsumeInput", pq.consume_input) &&
      find(library, "PQerrorMessage", pq.error_message) && find(library, "PQfinish", pq.finish) &&
      find(library, "PQflush", pq.flush) && find(library, "PQfreemem", pq.freemem) &&
      find(library, "PQgetResult", pq.get_result) && find(library, "PQgetlength", pq.get_length) &&
      find(library, "PQgetvalue", pq.get_value) && find(library, "PQisBusy", pq.is_busy) &&
      find(library, "PQnotifies", pq.notifies) && find(library, "PQntuples", pq.rows) &&
      find(library, "PQresultErrorField", pq.result_error_field) &&
      find(library, "PQresultErrorMessage", pq.result_error_message) &&
      find(library, "PQresultStatus", pq.result_status) &&
      find(library, "PQsendQuery", pq.send_query) &&
      find(library, "PQsendQueryParams", pq.send_query_params) &&
      find(library, "PQsetNoticeProcessor", pq.set_notice_processor) &&
      find(library, "PQsetnonblocking", pq.set_nonblocking) &&
      find(library, "PQsocket", pq.socket) && find(library, "PQstatus", pq.status);
  return is_whole ? std::optional(pq) : std::nullopt;
}

}  // namespace

const Libpq* libpq() {
  static const std::optional<Libpq> loaded = load();
  return loaded ? &*loaded : nullptr;
}

base::Error missing_libpq() {
  return base::Error{
      "a database is configured, and libpq.so.5, which speaks to PostgreSQL, is not installed; on "
      "Debian and Ubuntu it is the package libpq5"};
}

}  // namespace intermission::control
