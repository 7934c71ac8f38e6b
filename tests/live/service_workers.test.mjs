// Applications whose service worker keeps what it gets, in Debian's Chromium: no visitor stays in maintenance
// after its end, neither who waits on the page nor who comes back to it later.
import assert from "node:assert/strict";
import test from "node:test";

import { back, shellOf, withApplication, withWorker as withFiles } from "./application.mjs";
import { launch } from "./chromium.mjs";
import { exhibit } from "./museum.mjs";

const { MESSAGE } = process.env;
const NOTICE = "/.well-known/intermission/notice";

const browser = await launch();
test.after(() => browser.close());

// Each of them keeps every answer, whatever its status, method and Cache-Control.
const STRATEGIES = {
  "cache first": `
    const kept = await cache.match(request);
    if (kept) return kept;
    const answer = await fetch(request);
    cache.put(request, answer.clone()).catch(() => {});
    return answer;`,
  "cache first, and it waits until an answer is kept": `
    const kept = await cache.match(request);
    if (kept) return kept;
    const answer = await fetch(request);
    await cache.put(request, answer.clone());
    return answer;`,
  "cache first, whatever the query": `
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    const answer = await fetch(request);
    cache.put(request, answer.clone()).catch(() => {});
    return answer;`,
  "stale while revalidate": `
    const kept = await cache.match(request);
    const fresh = fetch(request).then((answer) => {
      cache.put(request, answer.clone()).catch(() => {});
      return answer;
    });
    return kept ?? fresh;`,
  "network first": `
    try {
      const answer = await fetch(request);
      cache.put(request, answer.clone()).catch(() => {});
      return answer;
    } catch (error) {
      const kept = await cache.match(request);
      if (kept) return kept;
      throw error;
    }`,
};

const worker = (strategy) => `
  addEventListener("install", () => skipWaiting());
  addEventListener("activate", (event) => event.waitUntil(clients.claim()));
  const answerTo = async (request) => { const cache = await caches.open("application"); ${strategy} };
  addEventListener("fetch", (event) => event.respondWith(answerTo(event.request)));`;

const shell = shellOf("/worker.js");

const withWorker = (strategy, use) => withFiles(browser, {
  "*": shell, "/worker.js": worker(strategy),
  [NOTICE]: (_, response) => response.writeHead(404).end(),
}, use);

// The URLs of all answers of the gateway that are in a cache, but for those that a page closed too soon
// has asked for once: they are never opened.
const ours = (page) => page.evaluate(async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const kept = await cache.match(request);
      if (new URL(request.url).searchParams.has("intermission")) continue;
      if (kept?.headers.has("X-Maintenance") || new URL(request.url).pathname.startsWith("/.well-known/intermission/")) found.push(request.url);
    }
  }
  return found;
});

for (const [name, strategy] of Object.entries(STRATEGIES)) {
  test(`${name}: who waits on the page returns to the service`, () => withWorker(strategy, async (page, application, url) => {
    application.held = true;
    await page.goto(`${url}/cart`);
    await page.getByText(MESSAGE, { exact: true }).waitFor();
    application.held = false;
    await back(page);
    assert.deepEqual(await ours(page), []);
    exhibit("Chromium (Debian)", browser.version().split(".")[0], `service worker, ${name}`,
      `the page: ${MESSAGE}; opens the service when it is back`, "after Retry-After");
  }));

  test(`${name}: so does who left it at once and comes later`, () => withWorker(strategy, async (page, application, url, context) => {
    application.held = true;
    await page.goto(`${url}/cart`);
    await page.getByText(MESSAGE, { exact: true }).waitFor();
    await page.close();
    application.held = false;
    const later = await context.newPage();
    await later.goto(`${url}/cart`);
    await back(later);
    assert.deepEqual(await ours(later), []);
  }));

  test(`${name}: also on the page that opened without the script's help, by a reload`, () => withWorker(strategy, async (page, application, url) => {
    application.held = true;
    await page.goto(`${url}/cart`);
    await page.getByText(MESSAGE, { exact: true }).waitFor();
    await page.reload();
    await page.getByText(MESSAGE, { exact: true }).waitFor();
    application.held = false;
    await page.reload();
    await back(page);
  }));

  test(`${name}: the smallest page frees its visitor too`, () => withWorker(strategy, async (page, application, url) => {
    application.held = true;
    application.sends = { "save-data": "on" };
    await page.goto(`${url}/cart`);
    await page.getByText(MESSAGE, { exact: true }).waitFor();
    application.held = false;
    // Whatever a worker put into its cache meanwhile, trying again once more is enough.
    for (let tries = 0; tries < 2 && (await page.locator("h1").textContent()) !== "Orders of today"; ++tries) {
      await page.getByRole("link").click();
      await page.waitForLoadState();
    }
    await back(page);
  }));

  test(`${name}: an answer to a script and the notice are not kept`, () => withWorker(strategy, async (page, application, url) => {
    const read = (path) => page.evaluate((where) => fetch(where).then((answer) => answer.status, () => "failed"), path);
    application.held = true;
    await page.goto(`${url}/cart`).catch(() => {});
    await page.goto(`${url}/`);
    assert.equal(await read("/api/orders"), 503);
    const asked = await read(NOTICE);
    assert.ok([200, "failed"].includes(asked), String(asked));
    assert.ok((await ours(page)).every((kept) => !kept.includes("/.well-known/")));
    // The page frees its visitor of all that the gateway has said.
    await page.goto(`${url}/another`);
    await page.getByText(MESSAGE, { exact: true }).waitFor();
    application.held = false;
    await back(page);
    assert.equal(await read("/api/orders"), 200);
    assert.notEqual(await read(NOTICE), 200);
  }));
}

test("a page without a service worker makes no further request", () => withApplication({ "*": shell }, async (url, application) => {
  application.held = true;
  const page = await browser.newPage();
  await page.goto(`${url}/cart`);
  await page.getByText(MESSAGE, { exact: true }).waitFor();
  await page.waitForLoadState("networkidle");
  assert.deepEqual(application.heard, ["GET /cart"]);
  await page.close();
}));
