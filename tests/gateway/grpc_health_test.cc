#include "gateway/grpc_health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/configuration.h"
#include "dialect/frame.h"
#include "dialect/protobuf.h"
#include "gateway/health_watch.h"
#include "snapshot/contracts.h"
#include "support/cases.h"
#include "support/fake_clock.h"
#include "support/temporary_folder.h"

namespace intermission::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using std::string_view_literals::operator""sv;

constexpr const char* kCheck = "/grpc.health.v1.Health/Check";
constexpr const char* kWatch = "/grpc.health.v1.Health/Watch";
constexpr const char* kList = "/grpc.health.v1.Health/List";

constexpr auto kServing = "\0\0\0\0\2\x08\1"sv;
constexpr auto kNotServing = "\0\0\0\0\2\x08\2"sv;

snapshot::SnapshotPtr snapshot_of(const std::string& text) {
  auto loaded = catalog::load_text(text, "f", {});
  if (!loaded) throw std::runtime_error(loaded.error().text());
  return std::make_shared<snapshot::Snapshot>(std::move(loaded->catalog));
}

// HealthCheckRequest { string service = 1; }
std::string asks_about(std::string_view name) {
  return dialect::frame(0, name.empty() ? "" : dialect::length_delimited(1, name));
}

// With views of `method`, which is "/grpc.health.v1.Health/Check" and the like, and of `body`.
http::Request call_of(std::string_view method, std::string_view body) {
  http::Request request;
  request.reset("POST", method, 20);
  request.add_field("Host", "orders.example.com");
  request.add_field("Content-Type", "application/grpc");
  request.set_body(body, true);
  return request;
}

struct Said {
  Outcome outcome;
  std::string body;
  std::string fields;
  std::string trailers;
};

Said answer_to(const http::Request& request, const snapshot::Snapshot& snapshot) {
  http::Response response;
  const Outcome outcome = answer(request, snapshot, {testing::cases_time(), 7}, response);
  EXPECT_EQ(response.status, 200);
  return {outcome, std::string(response.body.view()), response.fields.text(),
          response.trailers.text()};
}

// ------------------------------------------------------------------ names that a document tells

snapshot::SnapshotPtr snapshot_with_protobuf() {
  const testing::TemporaryFolder folder;
  folder.write("orders.proto",
               "package orders.v1; service Orders { rpc Get(A) returns (B); } service Admin { rpc "
               "Stop(A) returns (B); }");
  const auto file = folder.write(
      "c.yaml",
      "services: [{ name: orders, hosts: [orders.example.com], protobuf: orders.proto }]");
  auto loaded = catalog::load_file(file.string(), {});
  if (!loaded) throw std::runtime_error(loaded.error().text());
  return std::make_shared<snapshot::Snapshot>(
      snapshot::read_contracts(std::move(loaded->catalog)).catalog);
}

TEST(GrpcHealthNames, AServiceThatIsDeclaredIsNotServingAndOthersAreUnknown) {
  const auto snapshot = snapshot_with_protobuf();
  for (const char* name : {"", "orders.v1.Orders", "orders.v1.Admin"}) {
    for (const char* method : {kCheck, kWatch}) {
      EXPECT_EQ(answer_to(call_of(method, asks_about(name)), *snapshot).body, kNotServing) << name;
    }
  }
  EXPECT_EQ(answer_to(call_of(kCheck, asks_about("intermission")), *snapshot).body, kServing);
  for (const char* name : {"orders.v1.Order", "Orders", "orders.v1.Orders.Get"}) {
    const std::string asked = asks_about(name);
    const Said said = answer_to(call_of(kCheck, asked), *snapshot);
    EXPECT_EQ(said.body, "") << name;
    EXPECT_THAT(said.fields, HasSubstr("grpc-status: 5\r\ngrpc-message: unknown service\r\n"))
        << name;
    EXPECT_EQ(said.trailers, "") << name;
    EXPECT_EQ(answer_to(call_of(kWatch, asked), *snapshot).body, "\0\0\0\0\2\x08\3"sv) << name;
  }
}

TEST(GrpcHealthNames, AreListed) {
  const auto snapshot = snapshot_with_protobuf();
  const std::string body = answer_to(call_of(kList, dialect::frame(0, "")), *snapshot).body;
  EXPECT_THAT(body, HasSubstr("orders.v1.Orders"));
  EXPECT_THAT(body, HasSubstr("orders.v1.Admin"));
  EXPECT_THAT(body, HasSubstr("intermission"));
}

// ------------------------------------------------------------------ one answer

TEST(GrpcHealth, TheGatewayServesAndNothingElseDoes) {
  const auto snapshot = testing::snapshot_for("config.yaml");
  for (const auto& [asked, status] :
       {std::pair{asks_about("intermission"), kServing},
        std::pair{asks_about("orders"), kNotServing}, std::pair{asks_about(""), kNotServing},
        // Compressed, and no frame at all.
        std::pair{"\1" + asks_about("intermission").substr(1), kNotServing},
        std::pair{std::string("intermission"), kNotServing},
        // Fields that a later version may add, and the same field twice: the last one counts.
        std::pair{dialect::frame(0, dialect::integer(9, 300) + dialect::length_delimited(7, "x") +
                                        dialect::length_delimited(1, "orders") +
                                        dialect::length_delimited(1, "intermission")),
                  kServing}}) {
    for (const char* method : {kCheck, kWatch}) {
      const http::Request request = call_of(method, asked);
      EXPECT_TRUE(needs_body(request, *snapshot));
      const Said said = answer_to(request, *snapshot);
      EXPECT_EQ(said.outcome.kind, "reserved");
      EXPECT_EQ(said.outcome.watches_health, method == kWatch);
      EXPECT_EQ(said.body, status) << method;
    }
    EXPECT_EQ(answer_to(call_of(kCheck, asked), *snapshot).trailers, "grpc-status: 0\r\n");
    EXPECT_THAT(answer_to(call_of(kWatch, asked), *snapshot).trailers,
                HasSubstr("grpc-status: 14\r\n"));
  }
}

TEST(GrpcHealth, ListsTheGatewayAndTheService) {
  const Said said =
      answer_to(call_of(kList, asks_about("")), *testing::snapshot_for("config.yaml"));
  EXPECT_EQ(said.body, dialect::frame(0,
                                      "\n\6\n\0\x12\2\x08\2"
                                      "\n\x12\n\x0cintermission\x12\2\x08\1"sv));
  EXPECT_EQ(said.trailers, "grpc-status: 0\r\n");
}

TEST(GrpcHealth, IsNothingButThatByHttp2) {
  const auto snapshot = testing::snapshot_for("config.yaml");
  const std::string asked = asks_about("intermission");
  http::Request http1 = call_of(kCheck, asked);
  http1.reset("POST", kCheck, 11);
  http1.add_field("Content-Type", "application/grpc");
  for (const http::Request& request :
       {std::move(http1), call_of("/grpc.health.v1.Health/Probe", ""),
        call_of("/grpc.health.v1.Health/", ""), call_of("/grpc.health.v1.Health/Check/x", "")}) {
    EXPECT_FALSE(health_method(request));
    const Said said = answer_to(request, *snapshot);
    EXPECT_EQ(said.outcome.kind, "grpc");
    EXPECT_THAT(said.fields, HasSubstr("grpc-status: 14\r\n"));
    EXPECT_EQ(said.trailers, "");
  }
}

TEST(GrpcHealth, IsSwitchedOffForAServiceButNotForTheGateway) {
  const auto snapshot = snapshot_of(
      "services: [{name: orders, hosts: [orders.example.com], grpc: {health: false}}, "
      "{name: stock, hosts: [orders.example.com], paths: [/stock.Stock]}]");
  for (const char* method : {kCheck, kWatch, kList}) {
    const Said said = answer_to(call_of(method, asks_about("orders.Orders")), *snapshot);
    EXPECT_EQ(said.outcome.kind, "grpc") << method;
    EXPECT_FALSE(said.outcome.watches_health);
    EXPECT_THAT(said.fields, HasSubstr("grpc-message: System currently down")) << method;
  }
  EXPECT_EQ(answer_to(call_of(kCheck, asks_about("intermission")), *snapshot).body, kServing);
  // The name says which service's calls are meant.
  EXPECT_EQ(answer_to(call_of(kCheck, asks_about("stock.Stock")), *snapshot).body, kNotServing);
}

TEST(GrpcHealth, AListIsThatOfTheHostWhateverItsMessageHolds) {
  const testing::TemporaryFolder folder;
  folder.write("orders.proto", "package orders; service Orders { rpc Get(A) returns (B); }");
  folder.write("stock.proto", "package stock; service Stock { rpc Get(A) returns (B); }");
  const auto list = [&](const char* settings, std::string_view name) {
    const auto file = folder.write(
        "c.yaml", "services: [{name: orders, hosts: [orders.example.com], protobuf: orders.proto" +
                      std::string(settings) +
                      "}, {name: stock, hosts: [orders.example.com], paths: [/stock.Stock], "
                      "protobuf: stock.proto}]");
    auto loaded = catalog::load_file(file.string(), {});
    if (!loaded) throw std::runtime_error(loaded.error().text());
    const snapshot::Snapshot snapshot(snapshot::read_contracts(std::move(loaded->catalog)).catalog);
    const std::string body = asks_about(name);
    return answer_to(call_of(kList, body), snapshot);
  };
  for (const char* name : {"", "stock.Stock", "intermission"}) {
    const std::string listed = list("", name).body;
    EXPECT_THAT(listed, HasSubstr("orders.Orders")) << name;
    EXPECT_THAT(listed, Not(HasSubstr("stock.Stock"))) << name;
    EXPECT_EQ(list(", grpc: {health: false}", name).outcome.kind, "grpc") << name;
  }
}

// ------------------------------------------------------------------ Watch

constexpr const char* kOrders =
    "services: [{name: orders, hosts: [orders.example.com], retry_after: {default: 60s, jitter: "
    "0%}";

class HealthWatchTest : public ::testing::Test {
 protected:
  std::unique_ptr<http::Stream> watch(std::string_view name) {
    const std::string asked = asks_about(name);
    const http::Request request = call_of(kWatch, asked);
    http::Response response;
    const Moment moment{clock_.now(), 0};
    answer(request, *publisher_.current(), moment, response);
    watches_.open(request, *publisher_.current(), moment, response);
    fields_ = response.fields.text();
    trailers_ = response.trailers.text();
    return std::move(response.stream);
  }
  static bool goes_on(http::Stream& stream) {
    std::string said;
    const bool more = stream.read(said);
    EXPECT_EQ(said, "");
    return more;
  }

  testing::FakeClock clock_{testing::cases_time()};
  snapshot::Publisher publisher_{snapshot_of(std::string(kOrders) + "}]")};
  HealthWatches watches_{publisher_, clock_};
  std::string fields_;
  std::string trailers_;
};

TEST_F(HealthWatchTest, EndsAfterTheWaitOfRetryAfter) {
  const auto stream = watch("");
  EXPECT_TRUE(goes_on(*stream));
  clock_.advance(base::Seconds(59));
  EXPECT_TRUE(goes_on(*stream));
  clock_.advance(base::Seconds(1));
  EXPECT_FALSE(goes_on(*stream));
}

TEST_F(HealthWatchTest, EndsWhenTheMaintenanceChanges) {
  for (const char* next : {", maintenance: off}]",
                           ", maintenance: scheduled, windows: [{start: 2026-12-01T22:00:00Z, end: "
                           "2026-12-01T23:00:00Z}]}]"}) {
    const auto stream = watch("orders.Orders");
    EXPECT_TRUE(goes_on(*stream));
    publisher_.publish(snapshot_of(std::string(kOrders) + "}]"));
    EXPECT_TRUE(goes_on(*stream)) << "nothing has changed";
    publisher_.publish(snapshot_of(kOrders + std::string(next)));
    EXPECT_FALSE(goes_on(*stream)) << next;
    publisher_.publish(snapshot_of(std::string(kOrders) + "}]"));
  }
}

TEST_F(HealthWatchTest, EndsWithTheWindow) {
  publisher_.publish(
      snapshot_of(std::string(kOrders) +
                  ", maintenance: scheduled, windows: [{start: 2026-12-01T22:00:00Z, end: "
                  "2026-12-01T22:30:30Z}]}]"));
  const auto stream = watch("");
  clock_.advance(base::Seconds(29));
  EXPECT_TRUE(goes_on(*stream));
  clock_.advance(base::Seconds(1));
  EXPECT_FALSE(goes_on(*stream));
}

TEST_F(HealthWatchTest, StaysOpenForTheGatewayItself) {
  const auto stream = watch("intermission");
  clock_.advance(base::Seconds(100'000));
  publisher_.publish(snapshot_of(std::string(kOrders) + ", maintenance: off}]"));
  EXPECT_TRUE(goes_on(*stream));
}

TEST_F(HealthWatchTest, IsRefusedWhereTooManyAreOpen) {
  std::vector<std::unique_ptr<http::Stream>> open;
  for (std::size_t i = 0; i < HealthWatches::kMost; ++i) {
    open.push_back(watch(i % 2 == 0 ? "" : "intermission"));
    ASSERT_NE(open.back(), nullptr);
  }
  EXPECT_EQ(watch(""), nullptr);
  EXPECT_THAT(fields_, HasSubstr("grpc-status: 14\r\n"));
  EXPECT_EQ(trailers_, "");
  open.pop_back();
  EXPECT_NE(watch(""), nullptr) << "one has ended";
}

}  // namespace
}  // namespace intermission::gateway
