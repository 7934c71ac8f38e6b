// Applications with the service workers of libraries, in Debian's Chromium: Workbox's strategies, which are told to
// keep 503 too, and Angular's worker. No visitor stays in maintenance after its end.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";

import { bundle, controlled, withApplication } from "./application.mjs";
import { launch } from "./chromium.mjs";
import { exhibit, versionOf } from "./museum.mjs";

const { MESSAGE } = process.env;

const browser = await launch();
test.after(() => browser.close());

const json = (text) => (_, response) => response.writeHead(200, { "Content-Type": "application/json" }).end(text);
const shell = (worker) => `<!doctype html><title>Orders</title><h1>Orders of today</h1>
  <script>navigator.serviceWorker.register("${worker}")</script>`;
const statusOf = (page, path) => page.evaluate((where) => fetch(where).then((answer) => answer.status), path);
const back = (page) => page.getByText("Orders of today").waitFor();

async function withWorker(files, use) {
  await withApplication({ "/api/orders": json('{"orders":[7]}'), ...files }, async (url, application) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(url);
    await controlled(page);
    await use(page, application, url);
    await context.close();
  });
}

// ------------------------------------------------------------------ Workbox

const workbox = (strategy) => bundle(`
  import { CacheableResponsePlugin } from "workbox-cacheable-response";
  import { registerRoute } from "workbox-routing";
  import { ${strategy} } from "workbox-strategies";
  addEventListener("install", () => skipWaiting());
  addEventListener("activate", (event) => event.waitUntil(clients.claim()));
  registerRoute(() => true, new ${strategy}({ plugins: [new CacheableResponsePlugin({ statuses: [0, 200, 503] })] }));`);

for (const strategy of ["CacheFirst", "StaleWhileRevalidate", "NetworkFirst"]) {
  test(`Workbox, ${strategy}`, async () => {
    const files = { "*": shell("/worker.js"), "/worker.js": await workbox(strategy) };
    await withWorker(files, async (page, application, url) => {
      application.held = true;
      await page.goto(`${url}/cart`);
      await page.getByText(MESSAGE, { exact: true }).waitFor();
      assert.equal(await statusOf(page, "/api/orders"), 503);
      application.held = false;
      await back(page);
      assert.equal(await statusOf(page, "/api/orders"), 200);
      exhibit("Workbox", versionOf("workbox-strategies"), `service worker, ${strategy} that keeps 503`,
        `the page: ${MESSAGE}; opens the service when it is back`, "after Retry-After");
    });
  });
}

// ------------------------------------------------------------------ Angular

const NGSW = "/ngsw-worker.js";
const ngsw = readFileSync(new URL(`node_modules/@angular/service-worker${NGSW}`, import.meta.url), "utf8");
const index = shell(NGSW);

// ngsw.json, as `ngsw-config` writes it. `strategy` is that of pages: from its cache, or from the network.
const manifest = (strategy) => JSON.stringify({
  configVersion: 1, timestamp: 1, index: "/index.html",
  assetGroups: [{ name: "app", installMode: "prefetch", updateMode: "prefetch", urls: ["/index.html"], patterns: [] }],
  dataGroups: [{ name: "api", patterns: ["\\/api\\/.*"], strategy: "performance", maxSize: 9, maxAge: 86_400_000, version: 1 }],
  hashTable: { "/index.html": createHash("sha1").update(index).digest("hex") },
  navigationUrls: [{ positive: true, regex: "^\\/.*$" }], navigationRequestStrategy: strategy,
});

const withAngular = (strategy, use) => withWorker(
  { "*": index, [NGSW]: ngsw, "/ngsw.json": json(manifest(strategy)) },
  async (page, application, url) => {
    const state = () => page.evaluate(() => fetch("/ngsw/state").then((answer) => answer.text()));
    // It takes over before it has read its manifest.
    await page.waitForFunction(() => fetch("/ngsw/state").then((answer) => answer.text()).then((text) => /manifest hash: [0-9a-f]{40}/.test(text)));
    await use(page, application, url, state);
  });

test("Angular's worker, pages from the network", () => withAngular("freshness", async (page, application, url, state) => {
  application.held = true;
  await page.goto(`${url}/cart`);
  await page.getByText(MESSAGE, { exact: true }).waitFor();
  assert.equal(await statusOf(page, "/api/orders"), 503);
  application.held = false;
  await back(page);
  assert.equal(await statusOf(page, "/api/orders"), 200);
  assert.match(await state(), /Driver state: NORMAL/);
  exhibit("@angular/service-worker", versionOf("@angular/service-worker"), "service worker, pages from the network",
    `the page: ${MESSAGE}; opens the service when it is back`, "after Retry-After");
}));

test("Angular's worker, pages from its cache", () => withAngular("performance", async (page, application, url, state) => {
  application.held = true;
  await page.goto(`${url}/cart`);
  await back(page);
  assert.equal(await statusOf(page, "/api/orders"), 503);
  // It looks for a new version, which it hears of after maintenance.
  assert.equal(await statusOf(page, "/ngsw.json?ngsw-cache-bust=1"), 503);
  assert.match(await state(), /Driver state: NORMAL/);
  application.held = false;
  assert.equal(await statusOf(page, "/api/orders"), 200);
  exhibit("@angular/service-worker", versionOf("@angular/service-worker"), "service worker, pages from its cache",
    "the application, whose requests get 503", "never");
}));
