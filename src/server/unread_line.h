// What can be told of a request that is refused before its head was read: enough for a line in the
// access log, and to know a HEAD, whose answer has no body (RFC 9110 §9.3.2).
#pragma once

#include <string_view>

#include "http/request.h"

namespace intermission::server {

/// Puts the method and the target that `bytes` begin with into `request`, without fields, as views
/// into `bytes`; each is empty where it is missing. They are not valid for anything but showing.
/// The version counts as not read.
void read_what_stands(std::string_view bytes, http::Request& request);

}  // namespace intermission::server
