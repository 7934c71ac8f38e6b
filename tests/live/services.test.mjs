// Clients of services that people run themselves or rent: storage, files, tools of models.
// Each takes its message from a place of its own.
import assert from "node:assert/strict";
import test from "node:test";

import { TableClient } from "@azure/data-tables";
import { AnonymousCredential, BlobServiceClient } from "@azure/storage-blob";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { SubsonicAPI } from "subsonic-api";
import { createClient } from "webdav";

import { exhibit, versionOf } from "./museum.mjs";

const { GATEWAY_URL, MESSAGE } = process.env;

async function refused(ask) {
  return ask().then((answer) => assert.fail(`took for success: ${JSON.stringify(answer)}`), (thrown) => thrown);
}

async function shown(ask) {
  const { message } = await refused(ask);
  assert.ok(message.includes(MESSAGE), message);
  return message;
}

// ---- Azure

test("Azure's blobs", async () => {
  const service = new BlobServiceClient(`${GATEWAY_URL}/shop`, new AnonymousCredential(), { retryOptions: { maxTries: 1 } });
  const blob = service.getContainerClient("orders").getBlockBlobClient("7.json");
  const error = await refused(() => blob.download());
  assert.equal(error.code, "ServerBusy");
  assert.ok(error.message.includes(MESSAGE), error.message);
  await shown(() => blob.upload("{}", 2));
  await shown(() => service.listContainers().next());
  exhibit("@azure/storage-blob", versionOf("@azure/storage-blob"), "Azure Storage", `RestError: ${error.message}`);
});

test("Azure's tables", async () => {
  const table = new TableClient(GATEWAY_URL, "orders", { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } });
  await shown(() => table.createTable());
  exhibit("@azure/data-tables", versionOf("@azure/data-tables"), "Azure Storage",
    `RestError: ${await shown(() => table.getEntity("shop", "7"))}`);
});

// ---- MCP

const connect = (transport) => new Client({ name: "orders", version: "1.0.0" }).connect(transport);

test("MCP over HTTP", async () => {
  const error = await refused(() => connect(new StreamableHTTPClientTransport(new URL("/mcp", GATEWAY_URL))));
  assert.equal(error.code, 503);
  const said = JSON.parse(error.message.slice(error.message.indexOf("{")));
  assert.ok(said.error.message.startsWith(MESSAGE), error.message);
  exhibit("@modelcontextprotocol/sdk", versionOf("@modelcontextprotocol/sdk"), "MCP, streamable HTTP",
    `Error POSTing to endpoint (503): ${said.error.message}`);
});

// It would wait for ever after 200 and an event that it does not know.
test("MCP over SSE, as it was at first", { timeout: 20_000 }, async () => {
  const error = await refused(() => connect(new SSEClientTransport(new URL("/sse", GATEWAY_URL))));
  exhibit("@modelcontextprotocol/sdk", versionOf("@modelcontextprotocol/sdk"), "MCP, SSE", error.message.replace(/(\(503\)).*/s, "$1"));
});

// ---- Nextcloud

test("a file of Nextcloud", async () => {
  const files = createClient(`${GATEWAY_URL}/remote.php/dav/files/ann`);
  const error = await refused(() => files.getFileContents("/7.pdf"));
  const body = await error.response.text();
  assert.ok(body.includes("<s:exception>Sabre\\DAV\\Exception\\ServiceUnavailable</s:exception>"), body);
});

// ---- music

test("an app of Subsonic", async () => {
  const api = new SubsonicAPI({ url: `${GATEWAY_URL}/music`, auth: { username: "ann", password: "seven" } });
  const { status, error } = await api.getArtists();
  assert.equal(status, "failed");
  assert.ok(error.message.includes(MESSAGE), error.message);
  exhibit("subsonic-api", versionOf("subsonic-api"), "Subsonic", `status: failed; error.message: ${error.message}`);
});
