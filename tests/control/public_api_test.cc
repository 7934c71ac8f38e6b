// The operator's API on the port for clients: for its hosts, over TLS, through a trusted proxy.
#include "control/public_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <utility>

#include "support/api_harness.h"
#include "support/eventually.h"

namespace intermission::control {
namespace {

using testing::ApiCall;
using testing::ApiFields;
using ::testing::HasSubstr;

constexpr const char* kConfiguration =
    "trusted_proxies: [10.0.0.0/8]\n"
    "services: [ { name: orders, hosts: [orders.example, \"*.wild.example\"] } ]";

/// Answers as what stands behind the port for clients.
class Clients final : public http::Handler {
 public:
  http::BodyUse body_use(const http::Request& /*head*/) override { return http::BodyUse::kDiscard; }
  http::Handled answer(const http::Request& /*request*/, http::Response& response) override {
    response.status = 503;
    response.body.own() = "maintenance";
    return {};
  }
};

class PublicApiTest : public ::testing::Test {
 protected:
  static ApiCall through_proxy() {
    ApiCall call;
    call.host = "ops.example";
    call.peer = "10.0.0.1";
    call.fields = {{"X-Forwarded-Proto", "https"}};
    return call;
  }
  std::string ask(const ApiCall& call, const char* target = "/api/status") {
    http::Request request;
    harness_.fill(request, "GET", target, call);
    http::Response response;
    PublicApi(std::make_unique<Clients>(), parts_).answer(request, response);
    return std::to_string(response.status) + " " + std::string(response.body.view());
  }
  void expect_client(const ApiCall& call) { EXPECT_EQ(ask(call), "503 maintenance"); }

  testing::ApiHarness harness_{kConfiguration};
  PublicApiParts parts_{harness_.world.control_plane().publisher(),
                        {"ops.example", "ops.wild.example"},
                        &harness_.parts()};
};

TEST_F(PublicApiTest, IsThereForItsHostOverTlsThroughATrustedProxy) {
  EXPECT_THAT(ask(through_proxy()), HasSubstr("200 {\"program\":"));
  ApiCall call = through_proxy();
  call.host = "OPS.example:443";
  EXPECT_THAT(ask(call), HasSubstr("200 {\"program\":"));
  EXPECT_THAT(ask(through_proxy(), "/"), HasSubstr("<title>Intermission</title>"));
}

TEST_F(PublicApiTest, AChangeThatASlowStoreHasInHandHoldsNoClientUp) {
  testing::ScriptedStore& store = harness_.world.store;
  std::promise<void> let_go;
  store.shared = true;
  store.saving = [&](const State&) { let_go.get_future().wait(); };
  PublicApi api(std::make_unique<Clients>(), parts_);
  const ApiCall operators = through_proxy();
  http::Request request;
  harness_.fill(request, "POST", "/api/services/orders/on", operators);
  http::Response response;
  const auto later = api.answer(request, response).deferred;
  ASSERT_NE(later, nullptr);
  const ApiCall clients{.host = "orders.example"};
  http::Request other;
  harness_.fill(other, "GET", "/", clients);
  EXPECT_EQ(api.answer(other, response).deferred, nullptr) << "it is another request's";
  EXPECT_EQ(response.body.view(), "maintenance");
  let_go.set_value();
  EXPECT_TRUE(testing::eventually([&] {
    response.reset();
    return later->take(response);
  }));
  EXPECT_EQ(response.status, 200);
}

TEST_F(PublicApiTest, WantsTheTokenAndSlowsThoseWhoGuess) {
  ApiCall call = through_proxy();
  call.authorization = "";
  EXPECT_THAT(ask(call), HasSubstr("401"));
  call.authorization = "Bearer wrong-token-of-somebody";
  std::string last;
  for (int i = 0; i < 12; ++i) last = ask(call);
  EXPECT_THAT(last, HasSubstr("429"));
  EXPECT_THAT(ask(through_proxy()), HasSubstr("200 {\"program\":")) << "the right one always works";
}

TEST_F(PublicApiTest, AnyOtherHostIsAClients) {
  for (const char* host : {"orders.example", "ops.example.evil", "xops.example", "localhost",
                           "10.0.0.1", "", "127.0.0.1:8080"}) {
    ApiCall call = through_proxy();
    call.host = host;
    expect_client(call);
  }
}

TEST_F(PublicApiTest, AHostThatAServiceNamesIsTheServices) {
  ApiCall call = through_proxy();
  call.host = "ops.wild.example";
  expect_client(call);
}

TEST_F(PublicApiTest, WhoComesWithoutATrustedProxyIsAClient) {
  ApiCall call = through_proxy();
  for (const char* peer : {"192.0.2.1", "127.0.0.1", "11.0.0.1"}) {
    call.peer = peer;
    expect_client(call);
  }
}

TEST_F(PublicApiTest, WithoutTlsInEveryFieldItIsAClient) {
  const ApiFields wrong[] = {
      {},
      {{"X-Forwarded-Proto", "http"}},
      {{"X-Forwarded-Proto", "http, https"}},
      {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Proto", "http"}},
      {{"X-Forwarded-Proto", "https, https"}},
      {{"X-Forwarded-Proto", "httpsx"}},
  };
  for (const ApiFields& fields : wrong) {
    ApiCall call = through_proxy();
    call.fields = fields;
    expect_client(call);
  }
}

TEST_F(PublicApiTest, BlanksAroundTheSchemeDoNotMatter) {
  ApiCall call = through_proxy();
  call.fields = {{"X-Forwarded-Proto", " https "}};
  EXPECT_THAT(ask(call), HasSubstr("200 {\"program\":"));
}

TEST_F(PublicApiTest, ARequestThatNamesAnotherHostIsAClients) {
  ApiCall call = through_proxy();
  call.fields.emplace_back("X-Forwarded-Host", "orders.example");
  expect_client(call);
}

TEST_F(PublicApiTest, IsNotThereBeforeTheGatewayIsReady) {
  parts_.api = nullptr;
  expect_client(through_proxy());
}

TEST_F(PublicApiTest, PagesOfOtherSitesMayNotCallIt) {
  ApiCall call = through_proxy();
  call.fields.emplace_back("Sec-Fetch-Site", "cross-site");
  EXPECT_THAT(ask(call), HasSubstr("403"));
}

}  // namespace
}  // namespace intermission::control
