// Content codings (RFC 9110 §8.4.1), applied when a Snapshot is built and, for the rare client
// that refuses identity, to an answer of its own.
#pragma once

#include <string>
#include <string_view>

#include "negotiate/negotiate.h"

namespace intermission::snapshot {

/// `bytes` in that coding; kIdentity returns them as they are. Throws std::runtime_error where
/// the library fails, which is out of memory only.
std::string encode(negotiate::Coding coding, std::string_view bytes);

}  // namespace intermission::snapshot
