// What a request and an idle connection cost in memory. Not under the thread sanitizer, whose own
// operators new and delete cannot be replaced.
#include <gtest/gtest.h>

#include "support/sanitizers.h"

#ifndef INTERMISSION_THREAD_SANITIZER

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "server/address_quota.h"
#include "server/server.h"
#include "support/http1_harness.h"
#include "support/wire_client.h"

namespace {

std::atomic<std::size_t> allocations{0};
std::atomic<std::size_t> live_bytes{0};

}  // namespace

void* operator new(std::size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  ++allocations;
  live_bytes += malloc_usable_size(memory);
  return memory;
}
void operator delete(void* memory) noexcept {
  live_bytes -= malloc_usable_size(memory);
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  operator delete(memory);
}

namespace intermission::server {
namespace {

const std::string kBrowser =
    "GET /orders HTTP/1.1\r\nHost: orders.example.com\r\nAccept: text/html,*/*;q=0.8\r\n"
    "Accept-Encoding: gzip, deflate, br\r\nAccept-Language: en-US,en;q=0.9\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nConnection: keep-alive\r\n\r\n";

std::size_t allocations_of(const std::string& bytes) {
  const http::Limits limits;
  testing::MirrorHandler handler;
  WorkerContext worker{limits, handler, [](std::string_view) {}};
  Http1Session session(testing::kNobody);
  std::size_t before = 0;
  for (int i = 0; i < 20; ++i) {
    if (i == 10) before = allocations;
    session.receive(bytes, worker, worker.output);
    worker.output.clear();
  }
  return allocations - before;
}

TEST(Allocations, AUsualRequestMakesNone) {
  EXPECT_EQ(allocations_of(kBrowser), 0U);
}

TEST(Allocations, PipelinedRequestsMakeNone) {
  EXPECT_EQ(allocations_of(kBrowser + kBrowser + kBrowser), 0U);
}

TEST(Allocations, ABodyThatCameWithItsHeadMakesNone) {
  EXPECT_EQ(allocations_of("POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 26\r\n\r\n"
                           "abcdefghijklmnopqrstuvwxyz"),
            0U);
}

class QuietHandler final : public http::Handler {
 public:
  http::BodyUse body_use(const http::Request&) override { return http::BodyUse::kDiscard; }
  http::Handled answer(const http::Request&, http::Response& response) override {
    response.status = 200;
    return {};
  }
};

TEST(Allocations, AnAddressWithoutConnectionsIsForgotten) {
  AddressQuota quota(1, {});
  const auto visit = [&](int number) {
    const std::string text =
        "2001:db8:" + std::to_string(number / 1000) + ':' + std::to_string(number % 1000) + "::1";
    EXPECT_TRUE(quota.take(http::Address::parse(text).value())) << text;
  };
  visit(0);
  const std::size_t before = live_bytes;
  for (int number = 0; number < 10'000; ++number) visit(number);
  EXPECT_EQ(live_bytes, before);
}

TEST(Allocations, AnIdleConnectionHoldsLessThanAKilobyte) {
  constexpr std::size_t kConnections = 400;
  Options options;
  options.address = "127.0.0.1";
  options.port = 0;
  auto server = Server::start(options, [] { return std::make_unique<QuietHandler>(); });
  ASSERT_TRUE(server);
  std::vector<testing::WireClient> clients;
  clients.reserve(kConnections);
  const std::string filler(8000, 'f');
  const auto open = [&] {
    clients.emplace_back((*server)->port());
    // In two segments, so that it needed a buffer of its own.
    clients.back().send("GET / HTTP/1.1\r\nHost: h\r\nA: " + filler);
    clients.back().send("\r\n\r\n");
    ASSERT_EQ(testing::status_of(clients.back().response()), 200);
  };
  open();
  const std::size_t before = live_bytes;
  while (clients.size() < kConnections) open();
  EXPECT_LT((live_bytes - before) / (kConnections - 1), 1024U);
}

}  // namespace
}  // namespace intermission::server

#endif
