// Finds the end of a request head in bytes that arrive in any segmentation, and rejects at once
// what can never become one: clients that send bare line feeds or a TLS greeting do not have to
// wait for a timeout.
//
//   head = request-line CRLF *( field-line CRLF ) CRLF          (RFC 9112 §2.1)
//
// What it decides depends on the bytes alone, never on how they were cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "server/fault.h"

namespace intermission::server {

class HeadScanner {
 public:
  struct Scan {
    Fault fault;
    std::size_t size = 0;  // of the head with its last CRLF; 0: more bytes are needed
  };

  /// `bytes` starts with the request line (blank lines before it are taken off already) and
  /// holds all that has arrived of this request. Looks at every byte once, however often it is
  /// called. `limit` bounds the head: 414 if the request line alone is longer, else 431.
  Scan scan(std::string_view bytes, std::size_t limit);

  /// Of the request line with its CRLF; 0 until it is complete.
  std::size_t request_line_size() const { return request_line_; }

  bool has_begun() const { return seen_ > 0; }

  /// For the next request.
  void reset() { *this = HeadScanner(); }

 private:
  std::uint32_t seen_ = 0;          // bytes looked at
  std::uint32_t line_ = 0;          // where the current line starts
  std::uint32_t request_line_ = 0;  // its size
};

}  // namespace intermission::server
