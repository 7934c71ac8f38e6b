// What a server asks of the program behind it. It stands here so that server/, which knows
// framing and sockets, and the stations that answer need not know each other: the wiring in
// program/ gives one a HandlerFactory of the other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "http/deferred_answer.h"
#include "http/request.h"
#include "http/response.h"

namespace intermission::http {

enum class BodyUse : std::uint8_t {
  kDiscard,  // the body is thrown away unread
  kPeek,  // its first http::Limits::body_peek bytes are kept for answer(); a client that announced
          // 100-continue gets 100, unless its body is too large
  kRefuse,  // it is not waited for: answer() is called at once, and the connection is closed
};

/// What a handler decides beside its response: about the connection, not the message.
struct Handled {
  /// The connection shall be closed after this answer. HTTP/2 does so once it is not new any more.
  bool close_connection = false;
  /// Asked for the answer in place of the `response` that was filled, where that is not known yet.
  /// HTTP/1.1 closes the connection after it.
  std::unique_ptr<DeferredAnswer> deferred = nullptr;
};

/// One per worker, used by that worker's thread only. If a handler throws, its client gets a plain
/// 503 with Retry-After, and no other client is affected.
class Handler {
 public:
  virtual ~Handler() = default;

  /// Called at most once per request: when its head is complete and a body follows that is not too
  /// large. `head` has no body yet.
  virtual BodyUse body_use(const Request& head) = 0;

  /// Whether the sender of this request has shown that it belongs here. Asked once a head is
  /// complete, of connections for which no request has vouched yet, and only by a listener that
  /// bounds how long strangers may stay.
  virtual bool vouches_for(const Request& /*head*/) { return true; }

  /// Called once per request. With kPeek `request.body()` holds what was kept; where the body
  /// was not waited for (it is too large, or memory is short) it is empty or a part, and
  /// body_complete() is false. `response` comes reset; a body that it refers to must stay valid
  /// until its owner is released, or for ever. The status is from 200 to 599, or 101: then the body
  /// is what is said first in the new protocol, and the connection is closed after it.
  virtual Handled answer(const Request& request, Response& response) = 0;

  /// Called where the server itself refused a request, because it cannot be read or the handler
  /// failed, so that it can be counted and logged. `request` holds what was read: method and
  /// target are empty where not even they were. Must not throw.
  virtual void refused(std::uint16_t /*status*/, const Request& /*request*/) {}
};

/// Called once for each worker, before it accepts connections.
using HandlerFactory = std::function<std::unique_ptr<Handler>()>;

}  // namespace intermission::http
