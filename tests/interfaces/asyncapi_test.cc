#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "interfaces/interface_in_files.h"

namespace intermission::interfaces {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryFolder;

ReadInterface read_beside(const std::string& path) {
  return read_asyncapi(path, "");
}

std::shared_ptr<const Interface> document(const std::string& text) {
  return read_as("asyncapi.yaml", text, read_beside);
}

TEST(AsyncApi, ListsTheOperationsOfVersion2) {
  const auto read = document(R"(asyncapi: 2.6.0
servers:
  live: { url: example.com, protocol: wss }
  plain: { url: example.com, protocol: HTTP }
  queue: { url: example.com, protocol: kafka }
channels:
  /orders:
    servers: [live, plain]
    publish: { operationId: place }
    subscribe: {}
  orders.created:
    servers: [queue]
    subscribe: { operationId: created }
  /everywhere:
    subscribe: { operationId: any }
  x-other: { subscribe: {} }
)");
  EXPECT_THAT(calls_of(*read), ElementsAre("/orders place (publish over http, wss):9",
                                           "/orders subscribe (subscribe over http, wss):10",
                                           "/everywhere any (subscribe over http, wss):15"));
  EXPECT_THAT(read->elsewhere, ElementsAre("kafka"));
  EXPECT_THAT(findings_of(*read), IsEmpty());
}

TEST(AsyncApi, ListsTheOperationsOfVersion3) {
  const auto read = document(R"(asyncapi: 3.0.0
servers:
  live: { host: example.com, protocol: ws }
  queue: { host: example.com, protocol: amqp }
channels:
  orders: { address: /orders, servers: [ { $ref: '#/servers/live' } ] }
  events: { address: events, servers: [ { $ref: '#/servers/queue' } ] }
  later: { address: null }
operations:
  placed: { action: send, channel: { $ref: '#/channels/orders' } }
  place: { action: receive, channel: { $ref: '#/channels/orders' } }
  happened: { action: send, channel: { $ref: '#/channels/events' } }
  replied: { action: send, channel: { $ref: '#/channels/later' } }
  wrong: { action: shout, channel: { $ref: '#/channels/orders' } }
  lost: { action: send, channel: { $ref: '#/channels/nowhere' } }
)");
  EXPECT_THAT(calls_of(*read),
              ElementsAre("/orders placed (send over ws):10", "/orders place (receive over ws):11",
                          "replied replied (send over ws):13"));
  EXPECT_THAT(read->elsewhere, ElementsAre("amqp"));
  EXPECT_THAT(findings_of(*read),
              ElementsAre("broken-statement:14: wrong: expected action: send or receive",
                          HasSubstr("unresolved-reference:15: ")));
}

TEST(AsyncApi, WithoutServersAnOperationMayBeAnywhere) {
  EXPECT_THAT(calls_of(*document("asyncapi: 2.0.0\nchannels: { a: { subscribe: {} } }")),
              ElementsAre("a subscribe (subscribe):2"));
}

TEST(AsyncApi, ExtensionsAreNoChannels) {
  EXPECT_THAT(calls_of(*document(
                  "asyncapi: 2.0.0\nchannels: { x-a: { subscribe: {} }, b: { subscribe: {} } }")),
              ElementsAre("b subscribe (subscribe):2"));
  EXPECT_THAT(calls_of(*document(
                  "asyncapi: 2.0.0\nchannels: { $ref: { subscribe: {} }, b: { subscribe: {} } }")),
              ElementsAre("b subscribe (subscribe):2"));
}

TEST(AsyncApi, CountsNoMoreOperationsThanItsLimit) {
  std::string text = R"({"asyncapi":"2.0.0","channels":{)";
  for (std::size_t i = 0; i <= kMaxCalls / 2; ++i) {
    text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + R"(":{"publish":{},"subscribe":{}})";
  }
  EXPECT_EQ(read_as("a.json", text + "}}", read_beside)->calls.size(), kMaxCalls);
}

TEST(AsyncApi, AServerThatIsNotDeclaredIsAFinding) {
  const auto read = document(R"(asyncapi: 2.4.0
servers: { live: { url: u, protocol: ws } }
channels:
  a:
    servers:
      - live
      - gone
    subscribe: {}
)");
  EXPECT_THAT(calls_of(*read), ElementsAre("a subscribe (subscribe over ws):8"));
  EXPECT_THAT(findings_of(*read),
              ElementsAre("unknown-server:7: expected the name of a server, got gone"));
}

TEST(AsyncApi, AChannelMayStandInAnotherDocument) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "parts");
  folder.write("parts/channels.yaml", "orders:\n  subscribe: { operationId: seen }\n");
  std::filesystem::create_directory(folder.path() / "api");
  const auto path = folder.write("api/asyncapi.yaml",
                                 "asyncapi: 2.6.0\nservers: { s: { protocol: https } }\nchannels: "
                                 "{ orders: { $ref: '../parts/channels.yaml#/orders' } }\n");
  const auto outside = read_asyncapi(path.string(), "");
  ASSERT_TRUE(outside);
  EXPECT_THAT(findings_of(**outside),
              ElementsAre(HasSubstr("unresolved-reference:3"), HasSubstr("no-operations")));
  const auto read = read_asyncapi(path.string(), folder.path().string());
  ASSERT_TRUE(read);
  EXPECT_THAT(calls_of(**read), ElementsAre("orders seen (subscribe over https):2"));
}

TEST(AsyncApi, WhatIsNoneIsAnError) {
  EXPECT_EQ(error_as("a.yaml", "openapi: 3.1.0\n", read_beside),
            ":1: expected an AsyncAPI document with asyncapi: 2.x or 3.x, got none");
  EXPECT_EQ(error_as("a.yaml", "info: {}\nasyncapi: 1.2.0\n", read_beside),
            ":2: expected an AsyncAPI document with asyncapi: 2.x or 3.x, got 1.2.0");
  EXPECT_THAT(findings_of(*document("asyncapi: 3.0.0\nchannels: []\noperations: { a: 7 }\n")),
              ElementsAre("no-operations:1: expected an operation of a channel, got none"));
  EXPECT_THAT(
      findings_of(*document("asyncapi: 2.0.0\nchannels: { a: { subscribe: 7, servers: [7] } }\n")),
      ElementsAre("no-operations:1: expected an operation of a channel, got none"));
}

}  // namespace
}  // namespace intermission::interfaces
