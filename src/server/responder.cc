#include "server/responder.h"

#include <exception>

#include "base/text.h"
#include "http/status.h"
#include "server/response_writer.h"
#include "server/tls_channel.h"

namespace intermission::server {
namespace {

// RFC 9110 §15.5.20: a client that uses a connection for another host than it was made for (RFC
// 9113 §9.1.1) has seen a certificate that does not name that host.
constexpr Fault kMisdirected{421,
                             "this connection was made for another host, whose certificate "
                             "is not for this one"};

// Runs `action`; nothing if it throws.
template <typename Action>
auto guarded(std::string_view what, WorkerContext& worker, Action action)
    -> std::optional<decltype(action())> {
  try {
    return action();
  } catch (const std::exception& error) {
    worker.report(std::string(what).append(" failed: ").append(base::printable(error.what())));
  } catch (...) {
    worker.report(std::string(what).append(" failed"));
  }
  return {};
}

}  // namespace

bool is_vouched_for(const http::Request& head, WorkerContext& worker) {
  return guarded("a handler", worker, [&] { return worker.handler.vouches_for(head); })
      .value_or(false);
}

std::optional<http::BodyUse> body_use(const http::Request& head, WorkerContext& worker) {
  return guarded("a handler", worker, [&] { return worker.handler.body_use(head); });
}

std::optional<http::Handled> make_response(const http::Request& request, const Peer& peer,
                                           http::Response& response, WorkerContext& worker) {
  response.reset();
  if (peer.tls != nullptr && !peer.tls->is_for(request.host())) {
    refuse(kMisdirected, request, response, worker);
    return http::Handled{};  // the connection is good for the host that it was made for
  }
  auto handled =
      guarded("a handler", worker, [&] { return worker.handler.answer(request, response); });
  if (!is_final_status(response.status)) return {};
  return handled;
}

// The request is gone by then, and is not counted again.
bool take_deferred(http::DeferredAnswer& deferred, http::Response& response,
                   WorkerContext& worker) {
  response.reset();
  const auto taken = guarded("a handler", worker, [&] { return deferred.take(response); });
  if (taken && !*taken) return false;
  if (!taken || !is_final_status(response.status)) fault_response(kHandlerFailed, response);
  return true;
}

void refuse(const Fault& fault, const http::Request& request, http::Response& response,
            WorkerContext& worker) {
  fault_response(fault, response);
  worker.handler.refused(fault.status, request);
}

bool read_stream(http::Stream& stream, std::string& text, WorkerContext& worker) {
  return guarded("a stream", worker, [&] { return stream.read(text); }).value_or(false);
}

}  // namespace intermission::server
