#include "control/libpq.h"

#include <dlfcn.h>

#include <functional>
#include <optional>
#include <type_traits>

namespace intermission::control {
namespace {

std::optional<Libpq> load() {
  void* library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return {};
  return complete_libpq([library](const char* name) { return dlsym(library, name); });
}

}  // namespace

std::optional<Libpq> complete_libpq(const std::function<void*(const char*)>& symbol) {
  Libpq pq{};
  bool is_whole = true;
  const auto find = [&](const char* name, auto& function) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(symbol(name));
    if (function == nullptr) is_whole = false;
  };
  find("PQbackendPID", pq.backend_pid);
  find("PQclear", pq.clear);
  find("PQconnectPoll", pq.connect_poll);
  find("PQconnectStartParams", pq.connect_start_params);
  find("PQconninfoFree", pq.conninfo_free);
  find("PQconninfoParse", pq.conninfo_parse);
  find("PQconsumeInput", pq.consume_input);
  find("PQerrorMessage", pq.error_message);
  find("PQfinish", pq.finish);
  find("PQflush", pq.flush);
  find("PQfreemem", pq.freemem);
  find("PQgetResult", pq.get_result);
  find("PQgetlength", pq.get_length);
  find("PQgetvalue", pq.get_value);
  find("PQisBusy", pq.is_busy);
  find("PQnotifies", pq.notifies);
  find("PQntuples", pq.rows);
  find("PQresultErrorField", pq.result_error_field);
  find("PQresultErrorMessage", pq.result_error_message);
  find("PQresultStatus", pq.result_status);
  find("PQsendQuery", pq.send_query);
  find("PQsendQueryParams", pq.send_query_params);
  find("PQsetNoticeProcessor", pq.set_notice_processor);
  find("PQsetnonblocking", pq.set_nonblocking);
  find("PQsocket", pq.socket);
  find("PQstatus", pq.status);
  return is_whole ? std::optional(pq) : std::nullopt;
}

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
