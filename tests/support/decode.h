// Undoes content codings, with the decoders of the libraries whose encoders the program uses.
#pragma once

#include <string>
#include <string_view>

namespace intermission::testing {

/// `coding` as in Content-Encoding; empty or "identity" returns the bytes as they are. Throws
/// std::runtime_error where the bytes are not of that coding to their last byte.
std::string decode(std::string_view coding, std::string_view bytes);

}  // namespace intermission::testing
