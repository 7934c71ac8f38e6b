// A Response as bytes (RFC 9112 §4 and §6): status line, Date, the fields as they are,
// Content-Length, Connection, and the body in the cheapest way.
//
// A stream is chunked (RFC 9112 §7.1), or for HTTP/1.0 ends with the connection.
//
// No Content-Length and no body: 204. No body: 304, and every answer to HEAD. A 101 carries
// `Connection: Upgrade`, and its body is what the server says first in the new protocol;
// afterwards the connection is closed, for this server speaks no other.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "http/response.h"
#include "server/fault.h"
#include "server/output.h"

namespace intermission::server {

/// The Date field's value, formatted once a second. One per worker.
class DateCache {
 public:
  void update(base::TimePoint now);
  std::string_view text() const { return text_; }

 private:
  base::TimePoint time_{base::Seconds{-1}};
  std::string text_;
};

struct ResponseFraming {
  std::string_view date;
  bool head_only = false;  // the request was HEAD
  bool http10 = false;     // the client must be told that the connection stays open
  bool close = false;      // this is the last answer on the connection
};

/// Whether a handler may answer with it: 101, or 200 to 599.
bool is_final_status(int status);

/// Appends to `out`, which is not full. A body that is not copied stays where it is: `response`
/// must not change before `out` is sent or kept. Takes over the body's owner.
void write_response(http::Response& response, const ResponseFraming& framing, Output& out);

/// Appends what a stream has said as one chunk, unless it is nothing.
void write_chunk(std::string_view text, bool http10, Output& out);
/// Ends the chunks.
void write_last_chunk(bool http10, Output& out);

/// What the server says itself: short text, never stored, always the last answer.
void fault_response(const Fault& fault, http::Response& response);

}  // namespace intermission::server
