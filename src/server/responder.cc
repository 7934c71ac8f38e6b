#include "server/responder.h"

#include <exception>

#include "base/text.h"
#include "http/status.h"
#include "server/response_writer.h"

namespace intermission::server {
namespace {

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

bool make_response(WorkerContext& worker) {
  worker.response.reset();
  return guarded("a handler", worker,
                 [&] {
                   worker.handler.answer(worker.request, worker.response);
                   return is_final_status(worker.response.status);
                 })
      .value_or(false);
}

void refuse(const Fault& fault, WorkerContext& worker) {
  fault_response(fault, worker.response);
  worker.handler.refused(fault.status, worker.request);
}

bool read_stream(http::Stream& stream, std::string& text, WorkerContext& worker) {
  return guarded("a stream", worker, [&] { return stream.read(text); }).value_or(false);
}

}  // namespace intermission::server
