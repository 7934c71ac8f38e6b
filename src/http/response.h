// One response as a value: what the decision made, and what the server sends.
//
// The server adds what belongs to the connection and to the moment: status line, Date,
// Content-Length, Connection. Everything else stands in `fields`. For HEAD the server sends the
// same head and leaves the body out, so handlers treat it like GET.
//
// A Response is reused from request to request: reset() keeps the memory of its strings, so an
// answer that was rendered early is picked without allocating. It may be moved. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/body.h"
#include "http/field_lines.h"
#include "http/stream.h"

namespace intermission::http {

struct Response {
  std::uint16_t status = 503;

  /// Visible characters of ASCII and spaces, in place of the registered phrase; empty: that one.
  /// HTTP/2 has no place for it.
  std::string reason;

  /// Never Date, Content-Length, Connection or Transfer-Encoding.
  FieldLines fields;

  Body body;

  /// Field lines behind the body (RFC 9110 §6.5). HTTP/2 alone has them: by HTTP/1.1 they are left
  /// out.
  FieldLines trailers;

  /// A body that is said while time passes, in place of `body`. The connection is closed after it.
  std::unique_ptr<Stream> stream;

  void reset() {
    status = 503;
    reason.clear();
    fields.clear();
    trailers.clear();
    body.clear();
    stream.reset();
  }

  void add_field(std::string_view name, std::string_view value) { fields.add(name, value); }
};

}  // namespace intermission::http
