// The handler as sessions call it, whatever protocol they speak. An exception ends here: it is
// reported, and costs one request its answer.
#pragma once

#include <optional>
#include <string>

#include "http/handler.h"
#include "http/stream.h"
#include "server/fault.h"
#include "server/worker_context.h"

namespace intermission::server {

inline constexpr Fault kHandlerFailed{503, "the gateway could not make its answer"};

/// Whether worker.request vouches for its connection; not if the handler throws.
bool is_vouched_for(WorkerContext& worker);

/// What becomes of the body that follows worker.request; nothing if the handler throws.
std::optional<http::BodyUse> body_use(WorkerContext& worker);

/// Puts the answer to worker.request into worker.response, and returns what the handler has decided
/// beside it. Nothing if there is none that could be sent; worker.response is not valid then.
std::optional<http::Handled> make_response(WorkerContext& worker);

/// Puts the answer that was deferred into worker.response, in place of what is there. False if it
/// is not known yet. If it throws, the answer says that the handler has failed.
bool take_deferred(http::DeferredAnswer& deferred, WorkerContext& worker);

/// Puts what the server itself says of worker.request into worker.response, and lets the handler
/// count it.
void refuse(const Fault& fault, WorkerContext& worker);

/// Appends what the stream has to say now. Whether more may follow: not if it throws.
bool read_stream(http::Stream& stream, std::string& text, WorkerContext& worker);

}  // namespace intermission::server
