// What the server itself says about a request that it cannot take.
#pragma once

#include <cstdint>
#include <string_view>

namespace intermission::server {

/// A status and plain words for a person; `why` is a literal. Status 0: nothing is wrong.
struct Fault {
  std::uint16_t status = 0;
  std::string_view why;

  explicit operator bool() const { return status != 0; }
};

}  // namespace intermission::server
