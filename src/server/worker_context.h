// What a worker lends to the connection that it serves at the moment: the handler, and memory
// that is used again from request to request, so that the usual request allocates nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "http/address.h"
#include "http/handler.h"
#include "http/limits.h"
#include "http/request.h"
#include "http/response.h"
#include "server/http2_memory.h"
#include "server/memory_budget.h"
#include "server/output.h"
#include "server/response_writer.h"

namespace intermission::server {

/// What a session works on while a call of its owner lasts. It takes what it needs and hands it on
/// as an argument; nothing that it finds here means anything.
struct Scratch {
  http::Request request;
  http::Response response;
  std::string kept_body;
};

/// One per worker; only its thread touches it.
struct WorkerContext {
  const http::Limits& limits;
  http::Handler& handler;
  std::function<void(std::string_view)> report;  // trouble for the operator; never empty

  DateCache date = {};
  std::uint64_t now_ms = 0;        // of a monotonic clock, of this batch of events
  bool draining = false;           // the server stops: every answer is the last on its connection
  bool overloaded = false;         // others wait to be let in: so it is then too, but for streams
  bool screens = false;            // connections are strangers until a request vouches for them
  MemoryBudget* budget = nullptr;  // of the listener; null: no bound
  bool refused_memory = false;     // since it was read last

  Scratch scratch = {};
  std::string joined = {};  // what a connection had and what came, where it may not hold more
  Output output = {};
  Http2SharedMemory http2 = {};

  /// Asked once a PROXY protocol header has named the client of the connection in hand: false if
  /// that address holds as many as it may. Empty: there is no limit.
  std::function<bool(const http::Address&)> admit = {};

  /// Whether a connection that holds `held` bytes may hold `more`.
  bool allows(std::size_t held, std::size_t more) const {
    return budget == nullptr || budget->allows(held, more);
  }
  /// Something was not kept.
  void count_shed() {
    refused_memory = true;
    if (budget != nullptr) budget->count_shed();
  }
};

}  // namespace intermission::server
