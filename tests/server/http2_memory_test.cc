#include "server/http2_memory.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "server/http2_session.h"
#include "support/http1_harness.h"
#include "support/http2_client.h"

namespace intermission::server {
namespace {

using testing::Http2Client;

// ------------------------------------------------------------------ the table of streams

// What nghttp2 does to it, without nghttp2.
class Table {
 public:
  explicit Table(Http2SharedMemory& shared) : memory(shared) {
    nghttp2_mem* const allocator = memory.interface();
    bytes = static_cast<char*>(allocator->calloc(size / 16, 16, allocator->mem_user_data));
  }
  ~Table() { memory.interface()->free(bytes, &memory); }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  bool takes_memory() const {
    unsigned char resident = 0;
    const auto page = reinterpret_cast<std::uintptr_t>(bytes) / size * size;
    EXPECT_EQ(mincore(reinterpret_cast<void*>(page), size, &resident), 0);
    return (resident & 1) != 0;
  }
  bool is_empty() const { return std::string(bytes, size) == std::string(size, '\0'); }

  const std::size_t size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  Http2Memory memory;
  char* bytes;
};

TEST(Http2Memory, OfAnEmptyTableIsGivenBackWhenTheSessionHasBeenIdleForAWhile) {
  Http2SharedMemory shared;
  Table table(shared);
  ASSERT_TRUE(table.takes_memory());
  EXPECT_EQ(shared.next(), std::nullopt);
  table.memory.fall_idle(500);
  EXPECT_EQ(shared.next(), 1500U);
  shared.rest(1499);
  EXPECT_TRUE(table.takes_memory());
  shared.rest(1500);
  EXPECT_FALSE(table.takes_memory());
  EXPECT_EQ(shared.next(), std::nullopt);
  EXPECT_TRUE(table.is_empty());
}

TEST(Http2Memory, OfATableThatIsNotEmptyStays) {
  Http2SharedMemory shared;
  Table table(shared);
  table.bytes[table.size - 1] = 1;
  table.memory.fall_idle(0);
  shared.rest(10'000);
  EXPECT_TRUE(table.takes_memory());
  EXPECT_EQ(table.bytes[table.size - 1], 1);
}

TEST(Http2Memory, OfASessionThatWokeMeanwhileStays) {
  Http2SharedMemory shared;
  Table table(shared);
  table.memory.fall_idle(0);
  table.memory.wake();
  EXPECT_EQ(shared.next(), std::nullopt);
  shared.rest(10'000);
  EXPECT_TRUE(table.takes_memory());
}

TEST(Http2Memory, IsGivenBackInTheOrderInWhichSessionsFellIdle) {
  Http2SharedMemory shared;
  Table first(shared);
  Table second(shared);
  Table third(shared);
  first.memory.fall_idle(0);
  second.memory.fall_idle(100);
  third.memory.fall_idle(200);
  first.memory.fall_idle(300);  // once more
  {
    Table gone(shared);
    gone.memory.fall_idle(400);
  }
  EXPECT_EQ(shared.next(), 1100U);
  shared.rest(1250);
  EXPECT_TRUE(first.takes_memory());
  EXPECT_FALSE(second.takes_memory());
  EXPECT_FALSE(third.takes_memory());
  EXPECT_EQ(shared.next(), 1300U);
}

TEST(Http2Memory, IsGivenBackToAllWhoeverLeavesTheOrder) {
  Http2SharedMemory shared;
  Table first(shared);
  Table second(shared);
  Table third(shared);
  first.memory.fall_idle(0);
  second.memory.fall_idle(1);
  first.memory.fall_idle(2);
  first.memory.wake();
  third.memory.fall_idle(3);
  shared.rest(10'000);
  EXPECT_TRUE(first.takes_memory());
  EXPECT_FALSE(second.takes_memory());
  EXPECT_FALSE(third.takes_memory());
}

TEST(Http2Memory, CountsThePageOfATableWhileAStreamIsOpen) {
  Http2SharedMemory shared;
  Table table(shared);
  EXPECT_GE(table.memory.held(), table.size);
  table.memory.fall_idle(0);
  EXPECT_EQ(table.memory.held(), 0U);
  table.memory.wake();
  EXPECT_GE(table.memory.held(), table.size);
}

TEST(Http2Memory, OfATableThatHasGrownIsNotGivenBack) {
  Http2SharedMemory shared;
  Table table(shared);
  nghttp2_mem* const allocator = table.memory.interface();
  table.bytes = static_cast<char*>(allocator->realloc(table.bytes, 2 * table.size, &table.memory));
  table.memory.fall_idle(0);
  EXPECT_GE(table.memory.held(), 2 * table.size);
  shared.rest(10'000);
  EXPECT_TRUE(table.takes_memory());
}

TEST(Http2Memory, LendsTheFrameOnceAndTakesWhatOutgrowsItAsItsOwn) {
  constexpr std::size_t kChunk = 16'394;  // as nghttp2 asks
  Http2SharedMemory shared;
  Http2Memory memory(shared);
  nghttp2_mem* const allocator = memory.interface();
  void* const lent = allocator->realloc(nullptr, kChunk, &memory);
  EXPECT_EQ(memory.held(), 0U);
  void* const own = allocator->realloc(nullptr, kChunk, &memory);
  EXPECT_NE(own, lent);
  EXPECT_GE(memory.held(), kChunk);
  allocator->free(own, &memory);
  EXPECT_EQ(memory.held(), 0U);
  std::memset(lent, 'x', kChunk);
  auto* const grown = static_cast<char*>(allocator->realloc(lent, 2 * kChunk, &memory));
  EXPECT_EQ(std::string(grown, kChunk), std::string(kChunk, 'x'));
  EXPECT_GE(memory.held(), 2 * kChunk);
  allocator->free(grown, &memory);
  EXPECT_EQ(memory.held(), 0U);
}

TEST(Http2Memory, LendsNothingForLittle) {
  Http2SharedMemory shared;
  Http2Memory memory(shared);
  nghttp2_mem* const allocator = memory.interface();
  void* const little = allocator->realloc(nullptr, 16 * 1024, &memory);
  EXPECT_GE(memory.held(), 16U * 1024);
  void* const lent = allocator->realloc(nullptr, 16 * 1024 + 1, &memory);
  EXPECT_LT(memory.held(), 17U * 1024);
  allocator->free(little, &memory);
  allocator->free(lent, &memory);
  EXPECT_EQ(memory.held(), 0U);
}

TEST(Http2Memory, OfALentFrameIsTakenWhatIsAskedForAndNoMore) {
  Http2SharedMemory shared;
  Http2Memory memory(shared);
  nghttp2_mem* const allocator = memory.interface();
  void* const lent = allocator->realloc(nullptr, 16'394, &memory);
  std::memset(lent, 'x', 16'394);
  auto* const small = static_cast<char*>(allocator->realloc(lent, 100, &memory));
  std::vector<std::string> others;  // what lies behind it is used by others
  for (int i = 0; i < 100; ++i) others.emplace_back(1000, 'o');
  EXPECT_EQ(std::string(small, 100), std::string(100, 'x'));
  allocator->free(small, &memory);
  for (const std::string& other : others) EXPECT_EQ(other, std::string(1000, 'o'));
  EXPECT_EQ(memory.held(), 0U);
}

// ------------------------------------------------------------------ sessions

// The letter that the target ends in, in a field that needs CONTINUATION and in many frames of
// DATA.
class Large final : public testing::MirrorHandler {
 public:
  static constexpr std::size_t kField = 40'000;
  static constexpr std::size_t kBody = 300'000;

  http::Handled answer(const http::Request& request, http::Response& response) override {
    if (request.target() == "/") return MirrorHandler::answer(request, response);
    const char letter = request.target().back();
    response.status = 200;
    response.add_field("X-Long", std::string(kField, letter));
    response.body.own() = std::string(kBody, letter);
    return {};
  }
};

// A worker with several clients.
class Http2Sessions : public ::testing::Test {
 protected:
  struct Pair {
    explicit Pair(WorkerContext& worker) : session(worker, testing::kNobody) {}
    Http2Client client;
    Http2Session session;
  };

  // One round: what the client says arrives, and one Output of what is said comes back. Whether
  // there was anything.
  bool turn(Pair& pair) {
    const std::string said = pair.client.to_send();
    Output& out = worker_.output;
    pair.session.receive(said, worker_, out);
    std::string answer;
    while (!out.empty()) {
      const auto pending = out.pending(1 << 20);
      for (std::size_t i = 0; i < pending.count; ++i) {
        answer.append(static_cast<const char*>(pending.parts[i].iov_base),
                      pending.parts[i].iov_len);
      }
      out.sent(answer.size());
    }
    out.clear();
    EXPECT_TRUE(pair.client.take(answer));
    return !said.empty() || !answer.empty();
  }
  void exchange(Pair& pair) {
    while (turn(pair)) {
    }
  }

  const http::Limits limits_;
  Large handler_;
  WorkerContext worker_{limits_, handler_, [](std::string_view) {}};
};

TEST_F(Http2Sessions, PackTheirFramesIntoTheSameBytesWithoutMixingThem) {
  Pair a(worker_);
  Pair b(worker_);
  const auto of_a = a.client.get("/a");
  const auto of_b = b.client.get("/b");
  for (bool goes_on = true; goes_on;) {
    goes_on = turn(a);
    goes_on = turn(b) || goes_on;
  }
  EXPECT_EQ(a.client.answer(of_a).value("x-long"), std::string(Large::kField, 'a'));
  EXPECT_EQ(b.client.answer(of_b).value("x-long"), std::string(Large::kField, 'b'));
  EXPECT_EQ(a.client.answer(of_a).body, std::string(Large::kBody, 'a'));
  EXPECT_EQ(b.client.answer(of_b).body, std::string(Large::kBody, 'b'));
}

TEST_F(Http2Sessions, HoldLittleWhileIdle) {
  Pair pair(worker_);
  pair.client.get("/");
  exchange(pair);
  ASSERT_TRUE(pair.session.is_idle());
  EXPECT_LE(pair.session.held(), 7U * 1024);
}

TEST_F(Http2Sessions, HoldNoMoreWhenTheDateHasChangedOften) {
  Pair pair(worker_);
  std::size_t first = 0;
  for (int second = 0; second < 100; ++second) {
    worker_.date.update(base::TimePoint{base::Seconds{784111777 + second}});
    pair.client.get("/");
    exchange(pair);
    if (second == 0) first = pair.session.held();
  }
  EXPECT_LE(pair.session.held(), first + 256);
}

TEST_F(Http2Sessions, AnswerAfterTheirRest) {
  Pair pair(worker_);
  for (int round = 0; round < 3; ++round) {
    const auto id = pair.client.get("/");
    exchange(pair);
    EXPECT_EQ(pair.client.answer(id).status(), "200");
    worker_.now_ms += Http2SharedMemory::kRestAfterMs;
    ASSERT_EQ(worker_.http2.next(), worker_.now_ms);
    worker_.http2.rest(worker_.now_ms);
    EXPECT_EQ(worker_.http2.next(), std::nullopt);
  }
}

}  // namespace
}  // namespace intermission::server
