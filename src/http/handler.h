// What a server asks of the program behind it. It stands here so that server/, which knows
// framing and sockets, and the stations that answer need not know each other: whoever wires
// the program hands the one a HandlerFactory of the other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "http/request.h"
#include "http/response.h"

namespace intermission::http {

enum class BodyUse : std::uint8_t {
  kDiscard,  // the body is thrown away unread
  kPeek,     // its first Limits::body_peek bytes are kept for answer()
};

/// One per worker, used by that worker's thread only. A handler that throws costs its client
/// a plain 503 with Retry-After and nobody else anything.
class Handler {
 public:
  virtual ~Handler() = default;

  /// Called once per request when its head is complete; `head` has no body yet.
  virtual BodyUse body_use(const Request& head) = 0;

  /// Called once per request. With kPeek `request.body()` holds what was kept; where the body
  /// was not waited for (it announced 100-continue, or it is too large) it is empty and
  /// body_complete() is false. `response` comes reset; every view in it must stay valid until
  /// its `owner` is released, or for ever.
  virtual void answer(const Request& request, Response& response) = 0;
};

/// Called once for each worker, before it accepts connections.
using HandlerFactory = std::function<std::unique_ptr<Handler>()>;

}  // namespace intermission::http
