// Applications with the service workers of libraries, in Debian's Chromium: Workbox's strategies, which are told to
// keep 503 too, and Angular's worker. No visitor stays in maintenance after its end.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";

import { back, bundle, jsonFile, shellOf, withWorker } from "./application.mjs";
import { launch } from "./chromium.mjs";
import { exhibit, versionOf } from "./museum.mjs";

const { MESSAGE } = process.env;

const browser = await launch();
test.after(() => browser.close());

const statusOf = (page, path) => page.evaluate((where) => fetch(where).then((answer) => answer.status), path);

/** The visitor reads the message, and is back in the service after the end. */
async function meetMaintenance(page, application, url) {
  application.held = true;
  await page.goto(`${url}/cart`);
  await page.getByText(MESSAGE, { exact: true }).waitFor();
  assert.equal(await statusOf(page, "/api/orders"), 503);
  application.held = false;
  await back(page);
  assert.equal(await statusOf(page, "/api/orders"), 200);
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
    const files = { "*": shellOf("/worker.js"), "/worker.js": await workbox(strategy) };
    await withWorker(browser, files, async (page, application, url) => {
      await meetMaintenance(page, application, url);
      exhibit("Workbox", versionOf("workbox-strategies"), `service worker, ${strategy} that keeps 503`,
        `the page: ${MESSAGE}; opens the service when it is back`, "after Retry-After");
    });
  });
}

// ------------------------------------------------------------------ Angular

const NGSW = "/ngsw-worker.js";
const ngsw = readFileSync(new URL(`node_modules/@angular/service-worker${NGSW}`, import.meta.url), "utf8");
const index = shellOf(NGSW);

// ngsw.json, as `ngsw-config` writes it. `strategy` is that of pages: from its cache, or from the network.
const manifest = (strategy) => JSON.stringify({
  configVersion: 1, timestamp: 1, index: "/index.html",
  assetGroups: [{ name: "app", installMode: "prefetch", updateMode: "prefetch", urls: ["/index.html"], patterns: [] }],
  dataGroups: [{ name: "api", patterns: ["\\/api\\/.*"], strategy: "performance", maxSize: 9, maxAge: 86_400_000, version: 1 }],
  hashTable: { "/index.html": createHash("sha1").update(index).digest("hex") },
  navigationUrls: [{ positive: true, regex: "^\\/.*$" }], navigationRequestStrategy: strategy,
});

const withAngular = (strategy, use) => withWorker(
  browser, { "*": index, [NGSW]: ngsw, "/ngsw.json": jsonFile(manifest(strategy)) },
  async (page, application, url) => {
    const state = () => page.evaluate(() => fetch("/ngsw/state").then((answer) => answer.text()));
    // It takes over before it has read its manifest.
    await page.waitForFunction(() => fetch("/ngsw/state").then((answer) => answer.text()).then((text) => /manifest hash: [0-9a-f]{40}/.test(text)));
    await use(page, application, url, state);
  });

test("Angular's worker, pages from the network", () => withAngular("freshness", async (page, application, url, state) => {
  await meetMaintenance(page, application, url);
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
