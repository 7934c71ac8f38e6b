// `intermission serve`: puts the stations together, and keeps them until a signal ends it.
#pragma once

#include <string>

#include "program/source.h"

namespace intermission::program {

struct ServeOptions {
  Source source;
  std::string port;          // of the data listener, as given; empty: PORT, then as configured
  std::string control_port;  // likewise, of the operators'
  std::string tls_port;      // likewise, of TLS for clients; empty: as configured
  bool tls_self_signed = false;
  std::string binding;  // --state-binding, a name of VCAP_SERVICES
};

/// Returns the exit code: after SIGTERM or SIGINT, or at once if something is wrong.
int serve(const ServeOptions& options);

}  // namespace intermission::program
