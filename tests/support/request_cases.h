// Requests as clients and attackers send them, each with the answers that it must get, in
// whatever segments it comes.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "http/limits.h"
#include "server/http1_session.h"

namespace intermission::testing {

struct RequestCase {
  const char* name;
  std::string bytes;
  const char* statuses;               // see statuses()
  server::Http1Session::Phase phase;  // after them
};

/// GoogleTest names a test by what this prints; without it, by bytes that change from run to run.
inline void PrintTo(const RequestCase& request_case, std::ostream* out) {
  *out << request_case.name;
}

/// Under small_limits().
std::vector<RequestCase> request_cases();

/// Small enough for a case to reach every bound.
http::Limits small_limits();

/// The status codes of all responses in what a server sent, in order, each with "!" if it
/// closes the connection: "200 200 400!".
std::string statuses(const std::string& sent);

}  // namespace intermission::testing
