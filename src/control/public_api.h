// The operator's API and the dashboard on the port for clients, where there is no other port to
// reach them by: for the hosts in control.hosts alone, and only where a trusted proxy says that the
// operator speaks TLS to it. Every other request is one of a client.
//
//   Host is one of control.hosts, and no service names that host, by itself or by a wildcard
//   the connection comes from one of trusted_proxies
//   each field in which that proxy tells the scheme says https
//
// Whatever is in doubt is a client's. Token, throttle and the check of Origin are those of the
// control listener (api.h); the throttle counts for the proxy.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "control/api.h"
#include "http/handler.h"
#include "snapshot/publisher.h"

namespace intermission::control {

/// What all workers share; outlives their handlers.
struct PublicApiParts {
  PublicApiParts(const snapshot::Publisher& of, std::vector<std::string> names,
                 const ApiParts* first = nullptr)
      : publisher(of), hosts(std::move(names)), api(first) {}

  const snapshot::Publisher& publisher;
  const std::vector<std::string> hosts;
  std::atomic<const ApiParts*> api;  // until it is set, all requests are clients'
};

/// One per worker of the data listener.
class PublicApi final : public http::Handler {
 public:
  PublicApi(std::unique_ptr<http::Handler> clients, const PublicApiParts& parts)
      : clients_(std::move(clients)), parts_(parts), reader_(parts.publisher) {}

  http::BodyUse body_use(const http::Request& head) override;
  bool vouches_for(const http::Request& head) override;
  http::Handled answer(const http::Request& request, http::Response& response) override;
  void refused(std::uint16_t status, const http::Request& request) override;

 private:
  bool is_operators(const http::Request& request);
  http::Handler& handler_of(const http::Request& request);

  std::unique_ptr<http::Handler> clients_;
  const PublicApiParts& parts_;
  snapshot::SnapshotReader reader_;
  std::unique_ptr<Api> api_;
};

}  // namespace intermission::control
