#include "gateway/health_watch.h"

#include <optional>
#include <utility>

#include "gate/gate.h"
#include "gate/wait.h"
#include "gateway/forwarded_request.h"
#include "gateway/grpc_health.h"

namespace intermission::gateway {
namespace {

using snapshot::MaintenancePeriod;

// Counts one call for as long as it lives.
class OpenCall {
 public:
  explicit OpenCall(std::shared_ptr<std::size_t> count) : count_(std::move(count)) { ++*count_; }
  ~OpenCall() { --*count_; }
  OpenCall(const OpenCall&) = delete;
  OpenCall& operator=(const OpenCall&) = delete;

 private:
  std::shared_ptr<std::size_t> count_;
};

// The gateway itself serves until it ends, which ends all streams.
class OwnWatch final : public http::Stream {
 public:
  explicit OwnWatch(std::shared_ptr<std::size_t> count) : call_(std::move(count)) {}
  bool read(std::string&) override { return true; }

 private:
  OpenCall call_;
};

struct Watched {
  std::string host;
  std::string path;
};

const snapshot::Service& find_service(const Watched& watched, const snapshot::Snapshot& snapshot) {
  return snapshot.service(snapshot.catalog().find(watched.host, watched.path));
}

class ServiceWatch final : public http::Stream {
 public:
  ServiceWatch(std::shared_ptr<std::size_t> count, Watched watched, MaintenancePeriod period,
               base::TimePoint ends, const snapshot::Publisher& publisher, const base::Clock& clock)
      : call_(std::move(count)),
        watched_(std::move(watched)),
        period_(period),
        ends_(ends),
        snapshot_(publisher),
        clock_(clock) {}

  bool read(std::string&) override {
    const base::TimePoint now = clock_.now();
    if (now >= ends_) return false;
    const snapshot::Service& service = find_service(watched_, *snapshot_.current());
    return MaintenancePeriod(gate::decide(service.plan, now, gate::Place::kStandIn)) == period_;
  }

 private:
  OpenCall call_;
  Watched watched_;
  MaintenancePeriod period_;
  base::TimePoint ends_;
  snapshot::SnapshotReader snapshot_;
  const base::Clock& clock_;
};

}  // namespace

bool HealthWatches::open(const http::Request& request, const snapshot::Snapshot& snapshot,
                         const Moment& moment, http::Response& response) {
  if (*open_ >= kMost) {
    refuse_watch(response);
    return false;
  }
  const ForwardedRequest forwarded(request, snapshot.catalog().front());
  const std::string_view name = checked_name(forwarded.request());
  if (is_own_name(name)) {
    response.stream = std::make_unique<OwnWatch>(open_);
    return false;
  }
  Watched watched{std::string(forwarded.request().host()), path_of_calls(name)};
  const snapshot::Service& service = find_service(watched, snapshot);
  const gate::Verdict verdict = gate::decide(service.plan, moment.now, gate::Place::kStandIn);
  const base::Seconds wait(gate::seconds_to_wait(verdict, service.wait, moment.now, moment.draw));
  response.stream = std::make_unique<ServiceWatch>(
      open_, std::move(watched), MaintenancePeriod(verdict), moment.now + wait, publisher_, clock_);
  return !verdict.in_maintenance;
}

}  // namespace intermission::gateway
