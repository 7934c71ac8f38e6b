#include "gateway/handler.h"

#include <chrono>

#include "gateway/answer.h"

namespace intermission::gateway {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kHttp2 = 20;

// A client of gRPC keeps its connection for as long as it lives. One that is connected to the
// gateway itself, as with TLS that routers pass through, would never come back to a service whose
// maintenance is over.
bool shall_reconnect(const http::Request& request, const Outcome& outcome) {
  return request.version() == kHttp2 && !outcome.in_maintenance && outcome.kind != kReservedKind &&
         outcome.kind != kGateKind;
}

}  // namespace

http::BodyUse Handler::body_use(const http::Request& head) {
  return needs_body(head, *reader_.current(), &parsed_headers_) ? http::BodyUse::kPeek
                                                                : http::BodyUse::kDiscard;
}

http::Handled Handler::answer(const http::Request& request, http::Response& response) {
  const snapshot::SnapshotPtr& snapshot = reader_.current();
  const Moment moment{clock_.now(), draw_()};
  const bool timed = !observers_.empty() && answers_++ % kTimedOneIn == 0;
  const auto started = timed ? SteadyClock::now() : SteadyClock::time_point{};
  const Outcome outcome = gateway::answer(request, *snapshot, moment, response, &parsed_headers_);
  http::Handled handled{.close_connection = shall_reconnect(request, outcome)};
  if (outcome.watches_health && health_watches_.open(request, *snapshot, moment, response)) {
    handled.close_connection = true;
  }
  // Counting references costs more than copying a small body, so only who needs it is counted.
  if (!response.body.is_own()) response.body.set_owner(snapshot);
  if (snapshot->wants_renewal()) publisher_.renew(*snapshot);
  std::optional<std::chrono::nanoseconds> took;
  if (timed) took = SteadyClock::now() - started;
  const Answered answered{request, response, outcome, moment.now, took};
  for (const auto& observer : observers_) observer->answered(answered);
  return handled;
}

void Handler::refused(std::uint16_t status, const http::Request& request) {
  http::Response response;
  response.status = status;
  const Outcome outcome{
      {}, kRefusedKind, true, Bypassed::kNone, request.sender(), request.target()};
  const Answered answered{request, response, outcome, clock_.now(), {}};
  for (const auto& observer : observers_) observer->answered(answered);
}

}  // namespace intermission::gateway
