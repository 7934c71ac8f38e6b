// The handler as sessions call it, whatever protocol they speak. An exception ends here: it is
// reported, and costs one request its answer.
#pragma once

#include <optional>
#include <string>

#include "http/handler.h"
#include "http/stream.h"
#include "server/fault.h"
#include "server/peer.h"
#include "server/worker_context.h"

namespace intermission::server {

inline constexpr Fault kHandlerFailed{503, "the gateway could not make its answer"};

/// Whether `head` vouches for its connection; not if the handler throws.
bool is_vouched_for(const http::Request& head, WorkerContext& worker);

/// What becomes of the body that follows `head`; nothing if the handler throws.
std::optional<http::BodyUse> body_use(const http::Request& head, WorkerContext& worker);

/// Puts the answer to `request` of `peer` into `response`, in place of what is there, and returns
/// what the handler decided beside it. Nothing if no answer can be sent; `response` is not valid
/// then.
std::optional<http::Handled> make_response(const http::Request& request, const Peer& peer,
                                           http::Response& response, WorkerContext& worker);

/// Puts the answer that was deferred into `response`, in place of what is there. False if it is not
/// known yet. If it throws, the answer says that the handler has failed.
bool take_deferred(http::DeferredAnswer& deferred, http::Response& response, WorkerContext& worker);

/// Puts what the server itself says of `request` into `response`, in place of what is there, and
/// lets the handler count it.
void refuse(const Fault& fault, const http::Request& request, http::Response& response,
            WorkerContext& worker);

/// Appends what the stream has to say now. Whether more may follow: not if it throws.
bool read_stream(http::Stream& stream, std::string& text, WorkerContext& worker);

}  // namespace intermission::server
