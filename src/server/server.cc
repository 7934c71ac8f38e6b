#include "server/server.h"

#include <pistache/reactor.h>

#include <exception>
#include <utility>
#include <vector>

#include "server/connection_handler.h"
#include "server/listener.h"

namespace intermission::server {
namespace {

class ReactorServer final : public Server {
 public:
  ReactorServer(const Options& options, http::HandlerFactory factory)
      : listener_(std::make_shared<Listener>(options, std::move(factory))),
        reactor_(Pistache::Aio::Reactor::create()) {}
  ReactorServer(const ReactorServer&) = delete;
  ReactorServer& operator=(const ReactorServer&) = delete;
  ~ReactorServer() override { ReactorServer::stop(); }

  /// Throws what the workers throw when they cannot begin.
  void start() {
    reactor_->init(Pistache::Aio::AsyncContext(listener_->options.workers, "intermission"));
    const auto key = reactor_->addHandler(std::make_shared<ConnectionHandler>(listener_));
    for (const auto& handler : reactor_->handlers(key)) {
      workers_.push_back(std::static_pointer_cast<ConnectionHandler>(handler));
    }
    reactor_->run();
  }

  std::uint16_t port() const override {
    return listener_->options.plain ? listener_->port : listener_->tls_port;
  }
  std::string url() const override {
    return listener_->options.plain ? url("http", listener_->port) : tls_url();
  }
  std::uint16_t tls_port() const override { return listener_->tls_port; }
  std::string tls_url() const override {
    return listener_->options.tls ? url("https", listener_->tls_port) : std::string();
  }

  Load load() const override {
    const MemoryBudget& budget = listener_->budget;
    return {listener_->connections,
            budget.used(),
            budget.limit(),
            listener_->shed,
            budget.shed(),
            listener_->handshakes,
            listener_->handshakes_done,
            listener_->handshakes_failed};
  }

  bool roll_call() override {
    bool all = true;
    for (const auto& worker : workers_) all = worker->ring() && all;
    return all;
  }

  void stop() override {
    if (!reactor_) return;
    for (const auto& worker : workers_) worker->drain();
    if (!workers_.empty()) listener_->drained.wait();
    reactor_->shutdown();
    workers_.clear();
    reactor_.reset();  // joins the threads
  }

 private:
  std::string url(const std::string& scheme, std::uint16_t port) const {
    const std::string& address = listener_->options.address;
    const bool brackets = address.find(':') != std::string::npos;
    return scheme + "://" + (brackets ? "[" + address + "]" : address) + ":" + std::to_string(port);
  }

  std::shared_ptr<Listener> listener_;
  std::shared_ptr<Pistache::Aio::Reactor> reactor_;
  std::vector<std::shared_ptr<ConnectionHandler>> workers_;
};

}  // namespace

base::Result<std::unique_ptr<Server>> Server::start(const Options& options,
                                                    http::HandlerFactory factory) {
  try {
    auto server = std::make_unique<ReactorServer>(options, std::move(factory));
    server->start();
    return std::unique_ptr<Server>(std::move(server));
  } catch (const std::exception& error) {
    return base::Error{error.what(), {}, 0};
  }
}

}  // namespace intermission::server
