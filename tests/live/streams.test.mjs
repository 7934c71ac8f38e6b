// Clients that keep a connection open: event streams and WebSockets.
import assert from "node:assert/strict";
import { once } from "node:events";
import test from "node:test";

import { EventSource } from "eventsource";
import { createClient } from "graphql-ws";
import { Client as RpcClient } from "rpc-websockets";
import { WebSocket } from "ws";

import { comesBackAfter, exhibit, versionOf } from "./museum.mjs";
import { router } from "./router.mjs";

const { GATEWAY_URL, MESSAGE } = process.env;

test("an EventSource gets the reason, stays, and goes on when the service is back", async () => {
  const route = await router({
    held: 1,
    service: (request, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.write("data: order 8\n\n");
    },
  });
  const source = new EventSource(`${route.url}/events`);
  try {
    const held = await new Promise((resolve) => source.addEventListener("maintenance", resolve));
    const { detail, retryAfter } = JSON.parse(held.data);
    assert.equal(detail, MESSAGE);
    assert.equal(retryAfter, 1);
    await new Promise((resolve) => source.addEventListener("error", resolve));
    assert.equal(source.readyState, EventSource.CONNECTING, "it has not given up");
    const event = await new Promise((resolve) => source.addEventListener("message", resolve));
    assert.equal(event.data, "order 8");
    assert.ok(route.gaps()[0] >= 980, `waited ${route.gaps()[0]} ms, was told 1000`);
    exhibit("eventsource", versionOf("eventsource"), "Server-Sent Events", `maintenance event: ${detail}; then the events of the service`,
      comesBackAfter([[route.gaps()[0] / 1000, retryAfter]]));
  } finally {
    source.close();
    route.close();
  }
});

test("a WebSocket is closed with code and message", async () => {
  const socket = new WebSocket(GATEWAY_URL.replace("http:", "ws:"), ["graphql-transport-ws", "graphql-ws"]);
  const [code, reason] = await once(socket, "close");
  assert.equal(code, 1013);
  assert.equal(String(reason), MESSAGE);
  assert.equal(socket.protocol, "graphql-transport-ws");
  exhibit("ws", versionOf("ws"), "WebSocket, close: 1013", `close ${code}: ${reason}`);
});

const SOCKETS = GATEWAY_URL.replace("http:", "ws:");

// What a subscription's sink is given in the end.
function subscriptionFails(path) {
  const client = createClient({ url: `${SOCKETS}${path}`, webSocketImpl: WebSocket, retryAttempts: 0 });
  return new Promise((resolve, reject) => {
    client.subscribe({ query: "subscription { orders { total } }" }, {
      next: (result) => reject(new Error(`a result during maintenance: ${JSON.stringify(result)}`)),
      complete: () => reject(new Error("completed during maintenance")),
      error: resolve,
    });
  });
}

test("a GraphQL subscription by WebSocket ends with code and message", async () => {
  const event = await subscriptionFails("/graphql");
  assert.deepEqual([event.code, event.reason], [1013, MESSAGE]);
  exhibit("graphql-ws", versionOf("graphql-ws"), "GraphQL by WebSocket, close: 1013", `close ${event.code}: ${event.reason}`);
});

test("where it is refused, the subscription learns the status", async () => {
  const { message } = await subscriptionFails("/refusing/graphql");
  assert.equal(message, "Unexpected server response: 503");
  exhibit("graphql-ws", versionOf("graphql-ws"), "GraphQL by WebSocket", message);
});

// JSON-RPC by WebSocket: nothing is answered to calls, for there is no connection to call over.
async function rpcFails(path, event) {
  const client = new RpcClient(`${SOCKETS}${path}`, { autoconnect: false, reconnect: false });
  const failed = once(client, event);
  client.connect();
  const told = await failed;
  await assert.rejects(client.call("getOrder", [7], 200));
  return told;
}

test("a JSON-RPC client by WebSocket gets code and message", async () => {
  const [code, reason] = await rpcFails("/rpc", "close");
  assert.deepEqual([code, String(reason)], [1013, MESSAGE]);
  exhibit("rpc-websockets", versionOf("rpc-websockets"), "JSON-RPC by WebSocket, close: 1013", `close ${code}: ${reason}`);
});

test("where it is refused, the JSON-RPC client learns the status", async () => {
  const [error] = await rpcFails("/refusing/rpc", "error");
  assert.equal(error.message, "Unexpected server response: 503");
  exhibit("rpc-websockets", versionOf("rpc-websockets"), "JSON-RPC by WebSocket", error.message);
});

test("where it is refused, the client sees the status", async () => {
  const socket = new WebSocket(`${GATEWAY_URL.replace("http:", "ws:")}/refusing`);
  const [error] = await once(socket, "error");
  assert.equal(error.message, "Unexpected server response: 503");
  exhibit("ws", versionOf("ws"), "WebSocket", error.message);
});
