// Clients of remote procedures and of conventions: what the caller's error handler is given.
import assert from "node:assert/strict";
import http from "node:http";
import { createRequire } from "node:module";
import test, { after } from "node:test";

import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { createFileRegistry, create } from "@bufbuild/protobuf";
import { FieldDescriptorProto_Label, FieldDescriptorProto_Type, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport, Http2SessionManager } from "@connectrpc/connect-node";

import { createClient as createSubscriber } from "graphql-sse";

import { exhibit, versionOf } from "./museum.mjs";
import { detailsOf } from "./rpc_status.mjs";

const require = createRequire(import.meta.url);
const jayson = require("jayson");
const xmlrpc = require("xmlrpc");

const { GATEWAY_URL, MESSAGE } = process.env;
const SPOKEN = /^.*Please try again in [1-9][0-9]* seconds\.$/;

// Connect leaves the end of an answer unread once it knows the error, and Node waits for such a
// connection: it is cut at the end.
const agent = new http.Agent();
after(() => agent.destroy());
const transport = { baseUrl: GATEWAY_URL, httpVersion: "1.1", nodeOptions: { agent } };

// The whole text that people are to see: the operator's words and the wait.
function assertSpoken(text) {
  assert.ok(text.startsWith(MESSAGE), text);
  assert.match(text, SPOKEN);
}

async function failureOf(promise) {
  return promise.then(
    () => assert.fail("a call during maintenance must not succeed"),
    (error) => error,
  );
}

function jaysonCall(path) {
  const client = jayson.Client.http(`${GATEWAY_URL}${path}`);
  return new Promise((resolve) => {
    client.request("getOrder", [7], "order-7", (error, response) => resolve({ error, response }));
  });
}

test("jayson is given an error object under 200, where the service says so", async () => {
  const { error, response } = await jaysonCall("/rpc-200");
  assert.equal(error ?? null, null);
  assert.equal(response.id, "order-7");
  assert.equal(response.error.code, -32000);
  assertSpoken(response.error.message);
  exhibit("jayson", versionOf("jayson"), "JSON-RPC, status: 200", `error ${response.error.code}: ${response.error.message}`);
});

test("jayson is given the same as the text of an error under 503", async () => {
  const { error } = await jaysonCall("/rpc");
  assert.equal(error.code, 503);
  const reply = JSON.parse(error.message);
  assert.equal(reply.id, "order-7");
  assertSpoken(reply.error.message);
  exhibit("jayson", versionOf("jayson"), "JSON-RPC", `error ${error.code}, in its text: ${reply.error.message}`);
});

function jaysonBatch(path) {
  const client = jayson.Client.http(`${GATEWAY_URL}${path}`);
  const calls = [client.request("getOrder", [7], "order-7", false), client.request("getOrder", [8], "order-8", false)];
  return new Promise((resolve) => {
    client.request(calls, (error, replies) => resolve({ error, replies }));
  });
}

test("jayson is given an error for each call of a batch", async () => {
  const { error, replies } = await jaysonBatch("/rpc-200");
  assert.equal(error ?? null, null);
  assert.deepEqual(replies.map((reply) => reply.id), ["order-7", "order-8"]);
  for (const reply of replies) assertSpoken(reply.error.message);
  exhibit("jayson", versionOf("jayson"), "JSON-RPC batch, status: 200", `for each call, error ${replies[0].error.code}: ${replies[0].error.message}`);
});

test("jayson is given the same list as the text of an error under 503", async () => {
  const { error } = await jaysonBatch("/rpc");
  assert.equal(error.code, 503);
  const replies = JSON.parse(error.message);
  assert.deepEqual(replies.map((reply) => reply.id), ["order-7", "order-8"]);
  exhibit("jayson", versionOf("jayson"), "JSON-RPC batch", `error ${error.code}, in its text for each call: ${replies[0].error.message}`);
});

test("a subscription over events is given GraphQL errors, and ends", async () => {
  const client = createSubscriber({ url: `${GATEWAY_URL}/graphql/stream`, retryAttempts: 0 });
  const results = [];
  for await (const result of client.iterate({ query: "subscription { orders { total } }" })) results.push(result);
  assert.equal(results.length, 1);
  const [{ message }] = results[0].errors;
  assertSpoken(message);
  client.dispose();
  exhibit("graphql-sse", versionOf("graphql-sse"), "GraphQL over SSE", `errors: ${message}`);
});

test("over one connection for all, it cannot reserve one", async () => {
  const client = createSubscriber({ url: `${GATEWAY_URL}/graphql/stream`, singleConnection: true, retryAttempts: 0 });
  const error = await failureOf((async () => {
    for await (const result of client.iterate({ query: "subscription { orders { total } }" })) assert.fail(JSON.stringify(result));
  })());
  client.dispose();
  assert.match(error.message, /^Server responded with 503: Service Unavailable/);
  exhibit("graphql-sse", versionOf("graphql-sse"), "GraphQL over SSE, single connection", error.message);
});

test("xmlrpc is given a fault", async () => {
  const client = xmlrpc.createClient({ url: `${GATEWAY_URL}/RPC2` });
  const error = await new Promise((resolve) => client.methodCall("getOrder", [7], resolve));
  assert.equal(error.faultCode, 503);
  assertSpoken(error.faultString);
  exhibit("xmlrpc (npm)", versionOf("xmlrpc"), "XML-RPC", `fault ${error.faultCode}: ${error.faultString}`);
});

test("Apollo Client is given GraphQL errors, not an error of the network", async () => {
  const client = new ApolloClient({ link: new HttpLink({ uri: `${GATEWAY_URL}/graphql` }), cache: new InMemoryCache() });
  try {
    const error = await failureOf(client.query({ query: gql`{ orders { total } }` }));
    assert.ok(CombinedGraphQLErrors.is(error), String(error));
    assertSpoken(error.message);
    assert.equal(error.errors[0].extensions.service, "default");
    exhibit("@apollo/client", versionOf("@apollo/client"), "GraphQL", `${error.name}: ${error.message}`);
  } finally {
    client.stop();
  }
});

// orders.Orders { Get(Order) → Order; Watch(Order) → stream of Order }, as protoc would describe it.
function orders() {
  const id = {
    name: "id",
    jsonName: "id",
    number: 1,
    type: FieldDescriptorProto_Type.STRING,
    label: FieldDescriptorProto_Label.OPTIONAL,
  };
  const method = { inputType: ".orders.Order", outputType: ".orders.Order" };
  const file = {
    name: "orders.proto",
    package: "orders",
    syntax: "proto3",
    messageType: [{ name: "Order", field: [id] }],
    service: [{ name: "Orders", method: [{ name: "Get", ...method }, { name: "Watch", serverStreaming: true, ...method }] }],
  };
  return createFileRegistry(create(FileDescriptorSetSchema, { file: [file] })).getService("orders.Orders");
}

async function watch(client) {
  for await (const order of client.watch({ id: "7" })) assert.fail(`an order during maintenance: ${order.id}`);
}

function assertUnavailable(error) {
  assert.ok(error instanceof ConnectError, String(error));
  assert.equal(error.code, Code.Unavailable, String(error));
  assertSpoken(error.rawMessage);
  const delay = Number(error.rawMessage.match(/in (\d+) seconds\.$/)[1]);
  assert.deepEqual(detailsOf(error), { delay, reason: "MAINTENANCE", domain: "default", locale: "en", words: MESSAGE });
}

for (const useBinaryFormat of [true, false]) {
  test(`Connect, ${useBinaryFormat ? "protobuf" : "JSON"}: a call and a stream are unavailable`, async () => {
    const client = createClient(orders(), createConnectTransport({ ...transport, useBinaryFormat }));
    const unary = await failureOf(client.get({ id: "7" }));
    assertUnavailable(unary);
    const [info] = unary.details;
    assert.equal(info.type, "google.rpc.RetryInfo");
    assert.match(info.debug.retryDelay, /^[1-9][0-9]*s$/);
    const stream = await failureOf(watch(client));
    assertUnavailable(stream);
    if (!useBinaryFormat) return;
    const version = versionOf("@connectrpc/connect");
    exhibit("@connectrpc/connect", version, "Connect, unary", unary.message);
    exhibit("@connectrpc/connect", version, "Connect, stream", stream.message);
  });
}

test("gRPC by HTTP/2: a call and a stream are unavailable", async () => {
  const sessions = new Http2SessionManager(GATEWAY_URL);
  const client = createClient(orders(), createGrpcTransport({ baseUrl: GATEWAY_URL, sessionManager: sessions }));
  const unary = await failureOf(client.get({ id: "7" }));
  assertUnavailable(unary);
  assertUnavailable(await failureOf(watch(client)));
  sessions.abort();
  exhibit("@connectrpc/connect", versionOf("@connectrpc/connect"), "gRPC, HTTP/2 straight", unary.message);
});

test("gRPC-Web: a call and a stream are unavailable", async () => {
  const client = createClient(orders(), createGrpcWebTransport(transport));
  const unary = await failureOf(client.get({ id: "7" }));
  assertUnavailable(unary);
  assertUnavailable(await failureOf(watch(client)));
  exhibit("@connectrpc/connect", versionOf("@connectrpc/connect"), "gRPC-Web", unary.message);
});

test("the AWS SDK is given S3's error", async () => {
  const client = new S3Client({
    endpoint: GATEWAY_URL,
    region: "eu-west-1",
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
  });
  const error = await failureOf(client.send(new GetObjectCommand({ Bucket: "orders", Key: "7.pdf" })));
  assert.equal(error.name, "ServiceUnavailable");
  assertSpoken(error.message);
  assert.equal(error.$metadata.httpStatusCode, 503);
  exhibit("@aws-sdk/client-s3", versionOf("@aws-sdk/client-s3"), "S3", `${error.name}: ${error.message}`);
  client.destroy();
});
