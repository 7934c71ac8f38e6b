// Lighthouse on the page: nothing to find for accessibility and best practices. Its best practices
// hold the 503 itself for an error, so they are asked a second time with another status, all else
// as it is.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import test from "node:test";

import lighthouse from "lighthouse";

import { FLAGS, PROGRAM } from "./chromium.mjs";
import { THEMES, withPreview } from "./visitor.mjs";

const { GATEWAY_URL } = process.env;

const profile = mkdtempSync(path.join(tmpdir(), "lighthouse-"));
const browser = spawn(PROGRAM, [...FLAGS, `--user-data-dir=${profile}`, "--remote-debugging-port=0", "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
const port = await (async () => {
  for await (const line of createInterface(browser.stderr)) {
    const found = line.match(/^DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//);
    if (found) return Number(found[1]);
  }
  throw new Error("Chromium ended before it listened");
})();
browser.stderr.resume();
test.after(async () => {
  // Not "exit": that is the first process's, and the others write into the profile for a moment more.
  const ended = once(browser, "close");
  browser.kill("SIGTERM");
  await ended;
  rmSync(profile, { recursive: true, maxRetries: 5 });
});

/** The scores, and the audits that found something with what they found. */
async function judge(url) {
  const { lhr } = await lighthouse(url, {
    port, ignoreStatusCode: true, onlyCategories: ["accessibility", "best-practices"], logLevel: "silent",
  });
  assert.equal(lhr.runtimeError, undefined);
  const found = Object.values(lhr.audits).filter(({ score }) => score !== null && score < 1);
  return {
    accessibility: lhr.categories.accessibility.score,
    practices: lhr.categories["best-practices"].score,
    audits: lhr.categories.accessibility.auditRefs.length,
    found: found.map(({ id, details }) => `${id}: ${(details?.items ?? []).map((item) => item.description ?? item.node?.snippet)}`),
  };
}

// Every answer of that origin under the status 200, its head and body otherwise as they are.
async function withOtherStatus(origin, use) {
  const front = createServer(async (request, response) => {
    const answer = await fetch(origin + request.url, { headers: { ...request.headers, "accept-encoding": "identity" } });
    const { connection: _, "keep-alive": __, ...head } = Object.fromEntries(answer.headers);
    response.writeHead(200, head).end(Buffer.from(await answer.arrayBuffer()));
  });
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  try {
    await use(`http://127.0.0.1:${front.address().port}`);
  } finally {
    front.closeAllConnections();
    front.close();
  }
}

test("as it is: the status is the only finding", async () => {
  const { accessibility, audits, found } = await judge(`${GATEWAY_URL}/orders`);
  assert.equal(accessibility, 1);
  assert.ok(audits > 40, "something was looked at");
  assert.equal(found.length, 1, found.join("\n"));
  assert.match(found[0], /^errors-in-console: Failed to load resource: the server responded with a status of 503 \(/);
});

for (const theme of THEMES) {
  test(`${theme}: accessibility 100, best practices 100`, () => withPreview([], (pages) => withOtherStatus(pages, async (url) => {
    const { accessibility, practices, found } = await judge(`${url}/${theme}-en.html`);
    assert.deepEqual({ accessibility, practices, found }, { accessibility: 1, practices: 1, found: [] });
  })));
}
