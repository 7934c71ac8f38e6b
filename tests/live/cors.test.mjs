// Scripts of pages on several sites call a service in maintenance: Debian's Chromium. In the last
// tests HAProxy shares the route between the gateway and the application, as two mapped routes do.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";

import { FLAGS, launch } from "./chromium.mjs";

const { GATEWAY_URL, MESSAGE } = process.env;
const PATIENCE = 10_000;

const browser = await launch({
  args: FLAGS.map((flag) => flag.replace("--host-resolver-rules=",
    "--host-resolver-rules=MAP *.example.com 127.0.0.1, MAP *.example.org 127.0.0.1, ")),
});
test.after(() => browser.close());

async function serve(answer) {
  const server = createServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return server.address().port;
}

const pages = await serve((request, response) => {
  if (request.url === "/sandboxed") response.setHeader("Content-Security-Policy", "sandbox allow-scripts");
  response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>A page</title>");
});
const SAME_SITE = `http://app.example.com:${pages}/`;
const OTHER_SITE = `http://evil.example.org:${pages}/`;
const GATEWAY = `http://orders.example.com:${new URL(GATEWAY_URL).port}`;

/** What a script on the page at `from` sees of fetch(url, options): its status, or "network error". */
async function seen(from, url, options) {
  const page = await browser.newPage();
  try {
    await page.goto(from);
    return await page.evaluate(async ([target, how]) => {
      try {
        const response = await fetch(target, how);
        return { status: response.status, wait: response.headers.get("Retry-After"), body: await response.json() };
      } catch {
        return "network error";
      }
    }, [url, options]);
  } finally {
    await page.close();
  }
}

const JSON_PUT = { method: "PUT", headers: { "Content-Type": "application/json", "X-Custom": "1" }, body: "{}" };

test("a page of the same site reads the answer to any request", async () => {
  for (const options of [JSON_PUT, { method: "DELETE" }, {}]) {
    const answer = await seen(SAME_SITE, `${GATEWAY}/v1/orders/7`, options);
    assert.equal(answer.status, 503);
    assert.match(answer.wait, /^\d+$/);
    assert.equal(answer.body.detail, MESSAGE);
  }
});

test("a page of another site reads the answer to a simple request alone", async () => {
  const answer = await seen(OTHER_SITE, `${GATEWAY}/v1/orders/7`, { method: "POST", body: "x" });
  assert.equal(answer.status, 503);
  assert.match(answer.wait, /^\d+$/);
  for (const options of [JSON_PUT, { method: "DELETE" }]) {
    assert.equal(await seen(OTHER_SITE, `${GATEWAY}/v1/orders/7`, options), "network error");
  }
});

test("who sends credentials unlisted sees a network error", async () => {
  for (const from of [SAME_SITE, OTHER_SITE]) {
    assert.equal(await seen(from, `${GATEWAY}/v1/orders/7`, { credentials: "include" }), "network error");
    assert.equal(await seen(from, `${GATEWAY}/v1/orders/7`, { ...JSON_PUT, credentials: "include" }), "network error");
  }
});

test("a page whose origin is null reads simple answers alone", async () => {
  const from = `${SAME_SITE}sandboxed`;
  assert.equal((await seen(from, `${GATEWAY}/v1/orders/7`, {})).status, 503);
  assert.equal(await seen(from, `${GATEWAY}/v1/orders/7`, { method: "DELETE" }), "network error");
});

// ---- two live targets

const arrived = [];  // at the application, as METHOD ORIGIN
const application = await serve((request, response) => {
  arrived.push(`${request.method} ${request.headers.origin}`);
  request.resume().on("end", () => response.writeHead(request.method === "OPTIONS" ? 405 : 200).end());
});

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function isUp(port, process) {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end && process.exitCode === null) {
    const socket = connect(port, "127.0.0.1");
    const up = await new Promise((told) => socket.on("connect", () => told(true)).on("error", () => told(false)));
    socket.destroy();
    if (up) return true;
    await new Promise((soon) => setTimeout(soon, 20));
  }
  return false;
}

/** HAProxy in front of both, in turn, until the test ends: its port. */
async function sharedRoute() {
  const folder = mkdtempSync(join(tmpdir(), "intermission-cors-"));
  test.after(() => rmSync(folder, { recursive: true }));
  for (let attempt = 0; attempt < 3; ++attempt) {  // somebody else may take the port first
    const port = await freePort();
    writeFileSync(join(folder, "haproxy.cfg"), `
defaults
  mode http
  timeout client 10s
  timeout connect 5s
  timeout server 10s
listen route
  bind 127.0.0.1:${port}
  balance roundrobin
  server gateway ${new URL(GATEWAY_URL).host}
  server application 127.0.0.1:${application}
`);
    const haproxy = spawn("/usr/sbin/haproxy", ["-db", "-f", "haproxy.cfg"], { cwd: folder, stdio: "ignore" });
    if (await isUp(port, haproxy)) {
      test.after(() => haproxy.kill());
      return port;
    }
    haproxy.kill();
  }
  throw new Error("HAProxy does not start");
}
const ROUTE = `http://orders.example.com:${await sharedRoute()}`;

test("with two live targets no DELETE of another site reaches the application", async () => {
  for (let i = 0; i < 10; ++i) {
    assert.equal(await seen(OTHER_SITE, `${ROUTE}/v1/orders/7`, { method: "DELETE", credentials: i % 2 ? "include" : "omit" }), "network error");
  }
  assert.ok(arrived.includes(`OPTIONS ${new URL(OTHER_SITE).origin}`), "the route is shared");
  assert.deepEqual(arrived.filter((one) => !one.startsWith("OPTIONS")), []);
});

test("and a grant does let the request through to whichever target is next", async () => {
  const answers = [];
  for (let i = 0; i < 10; ++i) answers.push(await seen(SAME_SITE, `${ROUTE}/v1/orders/7`, { method: "DELETE" }));
  assert.ok(arrived.includes(`DELETE ${new URL(SAME_SITE).origin}`), "else the test before shows nothing");
});
