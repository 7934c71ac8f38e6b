// A page of another site that loads parts from a service in maintenance, calls it, and listens
// to it: Debian's Chromium.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";

import { launch } from "./chromium.mjs";
import { exhibit } from "./museum.mjs";

const { GATEWAY_URL, MESSAGE } = process.env;

const browser = await launch();

const BODY = `<!doctype html><html lang="en"><title>Somebody's page</title>
<link rel="stylesheet" href="${GATEWAY_URL}/app.css">
<link rel="manifest" href="${GATEWAY_URL}/site.webmanifest">
<style>@font-face { font-family: theirs; src: url(${GATEWAY_URL}/f.woff2) } body { font-family: theirs, sans-serif }</style>
<p>Text in their font</p>
<img id="picture" src="${GATEWAY_URL}/logo.png" alt="logo">
<video src="${GATEWAY_URL}/v.mp4" preload="auto"></video>
<iframe id="frame" src="${GATEWAY_URL}/widget"></iframe>
<script src="${GATEWAY_URL}/app.js"></script>
<script type="module" src="${GATEWAY_URL}/module.mjs"></script>`;
const site = createServer((request, response) => {
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
  response.end(BODY);
});
await new Promise((ready) => site.listen(0, "127.0.0.1", ready));
test.after(async () => {
  await browser.close();
  site.closeAllConnections();
  site.close();
});

// Another site, not only another origin: "localhost" and "127.0.0.1" are not the same.
const SITE = `http://localhost:${site.address().port}/`;
const version = browser.version().split(".")[0];
const client = "Chromium (Debian)";

async function visit() {
  const page = await browser.newPage();
  const heard = [];
  page.on("console", (message) => heard.push(message.text()));
  page.on("pageerror", (error) => heard.push(String(error)));
  await page.goto(SITE, { waitUntil: "networkidle" });
  return { page, heard };
}

test("parts of a page: the browser reports no wrong type, and a picture shows the reason", async () => {
  const { page, heard } = await visit();
  const other = heard.filter((text) => !/the server responded with a status of 503/.test(text));
  assert.deepEqual(other, [], "the status is all that the console tells");
  assert.ok(heard.length > 0, "and it does tell");
  const picture = await page.evaluate(() => {
    const { complete, naturalWidth, naturalHeight } = document.getElementById("picture");
    return { complete, naturalWidth, naturalHeight };
  });
  assert.deepEqual(picture, { complete: true, naturalWidth: 320, naturalHeight: 180 });
  const frame = page.frameLocator("#frame");
  assert.ok(await frame.getByText(MESSAGE, { exact: true }).isVisible());
  exhibit(client, version, "<img>", "a picture that says Down for maintenance");
  exhibit(client, version, "<iframe>", `a small page: ${MESSAGE}`);
  exhibit(client, version, "<script>, <link>", "503 in the console, no word of a MIME type");
  await page.close();
});

test("a script of another site reads status, wait and message of a simple request", async () => {
  const { page, heard } = await visit();
  const answer = await page.evaluate(async (url) => {
    const response = await fetch(`${url}/v1/orders/7`, { method: "POST", body: "{}" });
    return { status: response.status, wait: response.headers.get("Retry-After"), body: await response.json() };
  }, GATEWAY_URL);
  assert.equal(answer.status, 503);
  assert.equal(answer.wait, "1");
  assert.equal(answer.body.detail, MESSAGE);
  assert.deepEqual(heard.filter((text) => /CORS|blocked/.test(text)), []);
  exhibit(client, version, "fetch() across origins", `${answer.status}, Retry-After readable: ${answer.body.detail}`);
  await page.close();
});

test("an EventSource gets the reason and does not give up", async () => {
  const { page } = await visit();
  const heard = await page.evaluate(
    (url) =>
      new Promise((resolve) => {
        const source = new EventSource(`${url}/events`);
        let state;
        source.onerror = () => { state = source.readyState; };
        source.addEventListener("maintenance", (event) => {
          if (state !== undefined) resolve({ data: JSON.parse(event.data), state });
        });
      }),
    GATEWAY_URL,
  );
  assert.equal(heard.data.detail, MESSAGE);
  assert.equal(heard.state, 0, "it is connecting again");
  exhibit(client, version, "EventSource", `maintenance event: ${heard.data.detail}; connects again`);
  await page.close();
});

test("a WebSocket is closed with a code and the message", async () => {
  const { page } = await visit();
  const heard = await page.evaluate(
    (url) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${url}/live`, ["chat.v2", "chat.v1"]);
        socket.onclose = ({ code, reason }) => resolve({ code, reason, protocol: socket.protocol });
      }),
    GATEWAY_URL.replace("http:", "ws:"),
  );
  assert.deepEqual(heard, { code: 1013, reason: MESSAGE, protocol: "chat.v2" });
  exhibit(client, version, "WebSocket, close: 1013", `close ${heard.code}: ${heard.reason}`);
  await page.close();
});
