// The pictures of the documents: the page and the dashboard, as Debian's Chromium shows them. The test
// takes each of them and leaves docs/pictures alone, because times and fonts differ from run to run.
//
//   INTERMISSION_APPROVE=1 ctest --preset debug -R live.pictures     writes docs/pictures anew
//
// Look at each picture before you commit it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { launch } from "./chromium.mjs";
import { button, card, logIn } from "./operator.mjs";
import { preview, withPage } from "./visitor.mjs";

const { GATEWAY_URL, INTERMISSION_APPROVE, INTERMISSION_ARTEFACTS, INTERMISSION_CONTROL_URL: CONTROL, INTERMISSION_SOURCE,
  INTERMISSION_TOKEN: TOKEN } = process.env;
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const SHOWN = path.join(INTERMISSION_SOURCE, "docs/pictures");
const FOLDER = INTERMISSION_APPROVE ? SHOWN : path.join(INTERMISSION_ARTEFACTS, "pictures");
const LARGEST = 150 * 1024;
const NIGHT = "2026-12-01T22:30:00Z";
const people = { colorScheme: "light", reducedMotion: "reduce", timezoneId: "Europe/Berlin", locale: "en-GB", deviceScaleFactor: 1.5 };

const browser = await launch({ env: { ...process.env, FONTCONFIG_FILE: here("looks.fonts.conf") } });
test.after(() => browser.close());

/** Writes the picture with 128 colours, which is a quarter of the size. */
function write(name, taken) {
  const bytes = execFileSync("pngquant", ["--strip", "--speed", "1", "128", "-"], { input: taken });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path.join(FOLDER, name), bytes);
  assert.ok(bytes.length <= LARGEST, `${name} has ${bytes.length} bytes`);
  assert.equal(widthOf(bytes), widthOf(readFileSync(path.join(SHOWN, name))), `${name} is as wide as the one in docs/pictures`);
}

/** Of a PNG: its first chunk begins with it. */
const widthOf = (bytes) => bytes.readUInt32BE(16);

async function takePage(name, viewport) {
  const folder = preview("--config", here("looks.test.yaml"), "--at", NIGHT);
  await withPage(browser, { ...people, viewport }, async (page) => {
    await page.clock.setFixedTime(new Date(NIGHT));
    await page.goto(`file://${folder}/horizon-en.html`);
    write(name, await page.screenshot());
  });
}

/** A request of a client of `host`, to its end. */
function ask(host, target, headers, method = "GET", body = "") {
  return new Promise((answered, failed) => {
    request(new URL(target, GATEWAY_URL), { method, headers: { Host: host, ...headers } }, (answer) => {
      answer.resume().on("end", answered);
    }).on("error", failed).end(body);
  });
}

const CLIENTS = [
  [9, "/orders/7", { Accept: "application/json", "User-Agent": "okhttp/4.12.0" }],
  [6, "/", { Accept: "text/html", "Sec-Fetch-Mode": "navigate", "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)" }],
  [4, "/soap", { "Content-Type": "text/xml", SOAPAction: '"getOrder"', "User-Agent": "Zeep/4.2.1 (www.python-zeep.org)" }, "POST",
    '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body/></Envelope>'],
  [3, "/graphql", { "Content-Type": "application/json", "User-Agent": "apollo-client/4.0" }, "POST", '{"query":"{ orders { id } }"}'],
  [2, "/v1/orders?page=2", { Accept: "application/json", "User-Agent": "python-requests/2.32.3" }],
];

const call = (service, deed, body) => fetch(`${CONTROL}/api/services/${service}/${deed}`, {
  method: "POST", body: JSON.stringify(body),
  headers: { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json", "X-Operator": "Anna" },
});

async function callInTheNight() {
  await call("orders", "on", { for: "2h" });
  for (const [times, ...what] of CLIENTS) {
    for (let i = 0; i < times; ++i) await ask("orders.example.com", ...what);
  }
  await call("orders", "extend", { by: "30m" });
}

/** The part of a page over its whole width, with some air above and below. */
const around = ({ y, height }, { width }) => ({ x: 0, y: y - 16, width, height: height + 40 });

async function takeDashboard(name, viewport, part) {
  const context = await browser.newContext({ ...people, viewport });
  const page = await context.newPage();
  await page.goto(CONTROL);
  await logIn(page, TOKEN, "Anna");
  await card(page, "Orders").getByText("In maintenance").waitFor();
  await button(card(page, "Orders"), "+30 min").waitFor();
  await page.locator("#caller-rows tr").nth(CLIENTS.length - 1).waitFor();
  write(name, await page.screenshot(part && { fullPage: true, clip: around(await page.locator(part).boundingBox(), viewport) }));
  await context.close();
}

test("the page", () => takePage("page.png", { width: 1120, height: 780 }));

test("the dashboard, on a desk and on a phone", async () => {
  await callInTheNight();
  await takeDashboard("dashboard.png", { width: 1120, height: 748 });
  await takeDashboard("callers.png", { width: 1120, height: 748 }, "#callers");
  await takeDashboard("dashboard-phone.png", { width: 390, height: 780 });
});
