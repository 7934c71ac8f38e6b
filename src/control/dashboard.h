// The dashboard: the operator's API as one page, for an operator who is called at night and has
// only a phone. It is a client of openapi/control.yaml like any other: the shell holds no data and
// is given to anybody, and its script asks for the token and sends it with each call.
//
// The document is put together from the files of src/control/dashboard/, without a build step, and
// asks no host but its own for anything.
#pragma once

#include <string>

namespace intermission::control {

struct Dashboard {
  std::string document;  // HTML
  std::string policy;    // Content-Security-Policy: its own style and script, named by hash
};

Dashboard make_dashboard();

}  // namespace intermission::control
