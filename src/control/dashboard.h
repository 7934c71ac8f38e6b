// The dashboard: the operator's API as one page, for an operator who is called at night and has
// only a phone. It is a client of openapi/control.yaml like any other: the page holds no data and
// needs no token; its script asks for the token and sends it with each call.
//
// The document is put together from the files of src/control/dashboard/, without a build step, and
// makes requests to its own host only.
#pragma once

#include <string>

namespace intermission::control {

struct Dashboard {
  std::string document;  // HTML
  std::string policy;    // Content-Security-Policy: its own style and script, named by hash
};

Dashboard make_dashboard();

}  // namespace intermission::control
