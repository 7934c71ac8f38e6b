#include "gateway/handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/configuration.h"
#include "support/cases.h"
#include "support/fake_clock.h"

namespace intermission::gateway {
namespace {

struct Seen {
  std::string path;
  std::string kind;
  std::uint16_t status;
  bool timed;
};

class Notes final : public Observer {
 public:
  explicit Notes(std::vector<Seen>& seen) : seen_(seen) {}
  void answered(const Answered& answered) override {
    seen_.push_back({std::string(answered.request.path()), std::string(answered.outcome.kind),
                     answered.response.status, answered.took.has_value()});
  }

 private:
  std::vector<Seen>& seen_;
};

std::vector<std::unique_ptr<Observer>> notes(std::vector<Seen>& seen) {
  std::vector<std::unique_ptr<Observer>> observers;
  observers.push_back(std::make_unique<Notes>(seen));
  return observers;
}

class HandlerTest : public ::testing::Test {
 protected:
  void ask(Handler& handler, std::string_view path) {
    http::Request request;
    request.reset("GET", path, 11);
    http::Response response;
    handler.answer(request, response);
    EXPECT_FALSE(response.body.empty());
  }

  testing::FakeClock clock_{testing::cases_time()};
  snapshot::Publisher publisher_{testing::snapshot_for("none")};
};

TEST_F(HandlerTest, TellsItsObserverOfEveryAnswer) {
  std::vector<Seen> seen;
  Handler handler(
      publisher_, clock_, [] { return 0U; }, notes(seen));
  ask(handler, "/json");
  ask(handler, "/.well-known/intermission/health");
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].path, "/json");
  EXPECT_EQ(seen[0].kind, "legacy");
  EXPECT_EQ(seen[0].status, 200);
  EXPECT_EQ(seen[1].kind, "reserved");
}

TEST_F(HandlerTest, TimesOneAnswerInSo) {
  std::vector<Seen> seen;
  Handler handler(
      publisher_, clock_, [] { return 0U; }, notes(seen));
  for (std::uint32_t i = 0; i < 2 * Handler::kTimedOneIn; ++i) ask(handler, "/");
  const auto timed = std::count_if(seen.begin(), seen.end(), [](const Seen& s) { return s.timed; });
  EXPECT_EQ(timed, 2);
}

TEST_F(HandlerTest, TellsItsObserverOfWhatTheServerRefused) {
  std::vector<Seen> seen;
  Handler handler(
      publisher_, clock_, [] { return 0U; }, notes(seen));
  http::Request request;
  request.reset("GET", "/a", 0);
  handler.refused(400, request);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].path, "/a");
  EXPECT_EQ(seen[0].kind, "refused");
  EXPECT_EQ(seen[0].status, 400);
}

// A client of gRPC that is connected to the gateway itself would never meet the service again.
TEST_F(HandlerTest, AsksClientsOfHttp2ToReconnectOnceTheServiceIsOpen) {
  const auto closes = [&](const char* method, const char* target, int version) {
    Handler handler(publisher_, clock_, [] { return 0U; });
    http::Request request;
    request.reset(method, target, version);
    request.set_peer(http::Address::parse("127.0.0.1"));
    if (request.method() == "POST") request.add_field("Content-Type", "application/grpc");
    http::Response response;
    return handler.answer(request, response).close_connection;
  };
  constexpr const char* kCall = "/orders.Orders/Get";
  constexpr const char* kWatch = "/grpc.health.v1.Health/Watch";
  for (const char* target : {kCall, kWatch}) EXPECT_FALSE(closes("POST", target, 20)) << target;
  auto open =
      catalog::load_text("trusted_proxies: [127.0.0.1]\ndefaults: { maintenance: off }", "f", {});
  publisher_.publish(std::make_shared<const snapshot::Snapshot>(std::move(open->catalog)));
  for (const char* target : {kCall, kWatch}) EXPECT_TRUE(closes("POST", target, 20)) << target;
  EXPECT_TRUE(closes("GET", "/", 20));
  EXPECT_FALSE(closes("GET", "/", 11)) << "routers keep many of these";
  for (const char* target : {"/.well-known/intermission/health", "/.well-known/intermission/notice",
                             "/.well-known/intermission/gate/orders"}) {
    EXPECT_FALSE(closes("GET", target, 20)) << target;
  }
}

TEST_F(HandlerTest, AnswersWithoutAnObserver) {
  Handler handler(publisher_, clock_, [] { return 0U; });
  ask(handler, "/");
  handler.refused(400, http::Request());
}

}  // namespace
}  // namespace intermission::gateway
