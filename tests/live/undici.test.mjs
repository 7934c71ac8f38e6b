// A service that calls with undici, and one that uses Node's own fetch.
import assert from "node:assert/strict";
import test from "node:test";

import { Pool, request } from "undici";

import { exhibit, versionOf } from "./museum.mjs";

const { GATEWAY_URL, MESSAGE } = process.env;

function unescaped(text) {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => ({ lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" })[name]);
}

test("request() reads problem details", async () => {
  const { statusCode, headers, body } = await request(`${GATEWAY_URL}/v1/orders`, {
    headers: { accept: "application/problem+json" },
  });
  assert.equal(statusCode, 503);
  assert.equal(headers["content-type"], "application/problem+json");
  assert.equal(headers["cache-control"], "no-store");
  assert.match(headers["retry-after"], /^[1-9][0-9]*$/);
  assert.equal(headers["etag"], undefined);
  const problem = await body.json();
  assert.equal(problem.detail, MESSAGE);
  assert.equal(problem.retryAfter, Number(headers["retry-after"]));
  exhibit("undici", versionOf("undici"), "REST", `${statusCode}; detail: ${problem.detail}`);
});

test("a pool keeps its one connection and every answer is its own", async () => {
  const pool = new Pool(GATEWAY_URL, { connections: 1, pipelining: 1 });
  let connections = 0;
  pool.on("connect", () => ++connections);
  for (let turn = 0; turn < 50; ++turn) {
    const accept = turn % 2 ? "text/html" : "application/json";
    const { statusCode, headers, body } = await pool.request({ path: `/${turn}`, method: "GET", headers: { accept } });
    assert.equal(statusCode, 503);
    assert.ok(headers["content-type"].startsWith(accept));
    assert.ok((await body.text()).length > 0);
  }
  await pool.close();
  assert.equal(connections, 1);
});

test("pipelined requests are answered in order", async () => {
  const pool = new Pool(GATEWAY_URL, { connections: 1, pipelining: 10 });
  const types = Array.from({ length: 10 }, (_, turn) => (turn % 2 ? "text/html" : "application/json"));
  const answers = await Promise.all(types.map(async (accept) => {
    const { headers, body } = await pool.request({ path: "/", method: "GET", headers: { accept } });
    await body.text();
    return headers["content-type"].split(";")[0];
  }));
  await pool.close();
  assert.deepEqual(answers, types);
});

test("fetch reads problem details in JSON", async () => {
  const response = await fetch(`${GATEWAY_URL}/v1/orders`);
  assert.equal(response.status, 503);
  assert.equal(response.ok, false);
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.equal((await response.json()).detail, MESSAGE);
});

test("fetch reads problem details in XML", async () => {
  const response = await fetch(`${GATEWAY_URL}/v1/orders`, { headers: { Accept: "application/problem+xml" } });
  assert.equal(response.status, 503);
  assert.match(response.headers.get("content-type"), /^application\/problem\+xml(;|$)/);
  const text = await response.text();
  assert.match(text, /<problem xmlns="urn:ietf:rfc:7807"/);
  assert.match(text, /<status>503<\/status>/);
  assert.equal(unescaped(/<detail>([^<]*)<\/detail>/.exec(text)[1]), MESSAGE);
  assert.equal(/<retryAfter>([^<]*)<\/retryAfter>/.exec(text)[1], response.headers.get("retry-after"));
});

test("fetch decodes what the gateway compressed", async () => {
  for (const coding of ["gzip", "br"]) {
    const response = await fetch(GATEWAY_URL, { headers: { Accept: "text/html", "Accept-Encoding": coding } });
    assert.equal(response.headers.get("content-encoding"), coding);
    assert.match(await response.text(), /<\/html>\s*$/);
  }
});

test("a streamed upload ends in the answer", async () => {
  const chunk = Buffer.alloc(64 * 1024, "x");
  const response = await fetch(`${GATEWAY_URL}/v1/files`, {
    method: "POST",
    duplex: "half",
    body: new ReadableStream({
      start(controller) {
        for (let turn = 0; turn < 8; ++turn) controller.enqueue(chunk);
        controller.close();
      },
    }),
  });
  assert.equal(response.status, 503);
  assert.equal((await response.json()).detail, MESSAGE);
});
