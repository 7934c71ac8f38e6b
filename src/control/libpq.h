// libpq, loaded when a database is configured: most gateways have none, and on many systems the
// library is not there. On Debian it is the package libpq5.
//
//   const Libpq* pq = libpq();
//   if (pq == nullptr) return missing_libpq();
//   pq->finish(pq->connect_start_params(...));
#pragma once

#include <libpq-fe.h>

#include <functional>
#include <optional>

#include "base/result.h"

namespace intermission::control {

struct Libpq {
  decltype(&PQbackendPID) backend_pid;
  decltype(&PQclear) clear;
  decltype(&PQconnectPoll) connect_poll;
  decltype(&PQconnectStartParams) connect_start_params;
  decltype(&PQconninfoFree) conninfo_free;
  decltype(&PQconninfoParse) conninfo_parse;
  decltype(&PQconsumeInput) consume_input;
  decltype(&PQerrorMessage) error_message;
  decltype(&PQfinish) finish;
  decltype(&PQflush) flush;
  decltype(&PQfreemem) freemem;
  decltype(&PQgetResult) get_result;
  decltype(&PQgetlength) get_length;
  decltype(&PQgetvalue) get_value;
  decltype(&PQisBusy) is_busy;
  decltype(&PQnotifies) notifies;
  decltype(&PQntuples) rows;
  decltype(&PQresultErrorField) result_error_field;
  decltype(&PQresultErrorMessage) result_error_message;
  decltype(&PQresultStatus) result_status;
  decltype(&PQsendQuery) send_query;
  decltype(&PQsendQueryParams) send_query_params;
  decltype(&PQsetNoticeProcessor) set_notice_processor;
  decltype(&PQsetnonblocking) set_nonblocking;
  decltype(&PQsocket) socket;
  decltype(&PQstatus) status;
};

/// Its functions as `symbol` finds them by name; nothing where one is missing.
std::optional<Libpq> complete_libpq(const std::function<void*(const char*)>& symbol);

/// Null where the library is not installed. Loaded once; any thread.
const Libpq* libpq();

/// What to do about that.
base::Error missing_libpq();

}  // namespace intermission::control
