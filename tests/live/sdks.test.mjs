// SDKs of well-known APIs, and what their user reads of a service in maintenance: each takes its message
// from one member alone.
import assert from "node:assert/strict";
import test from "node:test";

import { drive } from "@googleapis/drive";
import { createTRPCClient, httpBatchLink, httpBatchStreamLink, httpLink } from "@trpc/client";
import nano from "nano";
import { Ollama } from "ollama";
import OpenAI from "openai";
import Stripe from "stripe";
import superjson from "superjson";

import { exhibit, versionOf } from "./museum.mjs";

const { GATEWAY_URL, MESSAGE } = process.env;
const { hostname, port } = new URL(GATEWAY_URL);

async function refused(ask) {
  const error = await ask().then((answer) => assert.fail(`took for success: ${JSON.stringify(answer)}`), (thrown) => thrown);
  assert.ok(error.message.includes(MESSAGE), error.message);
  return error.message;
}

const question = { model: "m", max_tokens: 9, messages: [{ role: "user", content: "hi" }] };

test("Stripe", async () => {
  const client = new Stripe("sk_test_x", { host: hostname, port, protocol: "http", maxNetworkRetries: 0 });
  exhibit("stripe", versionOf("stripe"), "Stripe's API", await refused(() => client.customers.create({ name: "Jane" })));
});

test("OpenAI", async () => {
  const client = new OpenAI({ apiKey: "x", baseURL: `${GATEWAY_URL}/v1`, maxRetries: 0 });
  exhibit("openai", versionOf("openai"), "OpenAI's API", await refused(() => client.chat.completions.create(question)));
});

test("OpenAI, a list", async () => {
  const client = new OpenAI({ apiKey: "x", baseURL: `${GATEWAY_URL}/v1`, maxRetries: 0 });
  await refused(() => client.models.list());
});

test("Google", async () => {
  const client = drive({ version: "v3", auth: "x", rootUrl: `${GATEWAY_URL}/`, retry: false });
  exhibit("@googleapis/drive", versionOf("@googleapis/drive"), "Google's APIs", await refused(() => client.files.list()));
});

test("CouchDB", async () => {
  exhibit("nano", versionOf("nano"), "CouchDB", await refused(() => nano(GATEWAY_URL).use("orders").get("7")));
});

test("Ollama", async () => {
  exhibit("ollama", versionOf("ollama"), "Ollama's API", await refused(() => new Ollama({ host: GATEWAY_URL }).chat(question)));
});

for (const [name, link] of Object.entries({ httpLink, httpBatchLink, httpBatchStreamLink })) {
  for (const transformer of [undefined, superjson]) {
    test(`tRPC, ${name}${transformer ? " with superjson" : ""}`, async () => {
      const client = createTRPCClient({ links: [link({ url: `${GATEWAY_URL}/trpc`, transformer })] });
      const calls = [client.orders.byId.query({ id: 7 }), client.orders.list.query(), client.orders.add.mutate({ id: 8 })];
      const seen = await Promise.all(calls.map((call) => refused(() => call)));
      if (!transformer) exhibit("@trpc/client", versionOf("@trpc/client"), `tRPC, ${name}`, seen[0]);
    });
  }
}
