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

bool is_vouched_for(WorkerContext& worker) {
  return guarded("a handler", worker, [&] { return worker.handler.vouches_for(worker.request); })
      .value_or(false);
}

std::optional<http::BodyUse> body_use(WorkerContext& worker) {
  return guarded("a handler", worker, [&] { return worker.handler.body_use(worker.request); });
}

std::optional<http::Handled> make_response(WorkerContext& worker) {
  worker.response.reset();
  if (worker.tls != nullptr && !worker.tls->is_for(worker.request.host())) {
    refuse(kMisdirected, worker);
    return http::Handled{};  // the connection is good for the host that it was made for
  }
  auto handled = guarded("a handler", worker,
                         [&] { return worker.handler.answer(worker.request, worker.response); });
  if (!is_final_status(worker.response.status)) return {};
  return handled;
}

// The request is gone by then: nobody counts it again.
bool take_deferred(http::DeferredAnswer& deferred, WorkerContext& worker) {
  worker.response.reset();
  const auto taken = guarded("a handler", worker, [&] { return deferred.take(worker.response); });
  if (taken && !*taken) return false;
  if (!taken || !is_final_status(worker.response.status)) {
    fault_response(kHandlerFailed, worker.response);
  }
  return true;
}

void refuse(const Fault& fault, WorkerContext& worker) {
  fault_response(fault, worker.response);
  worker.handler.refused(fault.status, worker.request);
}

bool read_stream(http::Stream& stream, std::string& text, WorkerContext& worker) {
  return guarded("a stream", worker, [&] { return stream.read(text); }).value_or(false);
}

}  // namespace intermission::server
