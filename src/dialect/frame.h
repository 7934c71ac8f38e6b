// The envelope around a message of gRPC, gRPC-Web and Connect.
#pragma once

#include <string>
#include <string_view>

#include "dialect/slotted.h"

namespace intermission::dialect {

/// Flags, four bytes of length with the most significant first, content. With the marks of Slotted
/// in `content` its length is written when an answer is sent.
inline std::string frame(char flags, std::string_view content) {
  return std::string(1, flags) + section(Section::kFrameLength, content);
}

}  // namespace intermission::dialect
