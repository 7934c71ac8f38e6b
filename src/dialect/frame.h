// The envelope around a message of gRPC, gRPC-Web and Connect.
#pragma once

#include <string>
#include <string_view>

namespace intermission::dialect {

/// Flags, four bytes of length with the most significant first, content.
inline std::string frame(char flags, std::string_view content) {
  std::string out(1, flags);
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += static_cast<char>(content.size() >> static_cast<unsigned>(shift) & 0xFFU);
  }
  return out.append(content);
}

}  // namespace intermission::dialect
