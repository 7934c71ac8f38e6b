// The page as people meet it, in Debian's Chromium: languages, times, the way back, forms.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";

import { chromium } from "playwright-core";

const { GATEWAY_URL, INTERMISSION, INTERMISSION_SOURCE, MESSAGE } = process.env;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const words = (tag) => JSON.parse(readFileSync(path.join(INTERMISSION_SOURCE, `src/dialect/words/${tag}.json`), "utf8"));

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
  ],
});
const folder = mkdtempSync(path.join(tmpdir(), "preview-"));
execFileSync(INTERMISSION, ["preview", "--out", folder]);
test.after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

async function withPage(options, use) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    // Chromium notes every 503 there; that one line is the answer itself.
    if (!/^Failed to load resource: (the server responded with a status of 503|net::ERR_)/.test(message.text())) errors.push(message.text());
  });
  await use(page, context);
  assert.deepEqual(errors, []);
  await context.close();
}

// One origin, first the gateway, then the service. `heard` lists the requests as METHOD PATH.
async function withFront(use) {
  const front = { open: false, heard: [] };
  const server = createServer(async (request, response) => {
    if (request.url === "/favicon.ico") return response.writeHead(204).end();
    front.heard.push(`${request.method} ${request.url}`);
    if (request.url === "/form") {
      return response.writeHead(200, { "Content-Type": "text/html" })
        .end("<title>form</title><form method=post action=/order><input name=item><button>Send</button></form>");
    }
    if (front.open) return response.writeHead(200, { "Content-Type": "text/html" }).end("<h1>Welcome back</h1>");
    const { connection: _, "content-length": __, "transfer-encoding": ___, ...headers } = request.headers;
    const answer = await fetch(GATEWAY_URL + request.url, {
      method: request.method, headers: { ...headers, "x-request-id": "7f3a-42" }, body: request.method === "POST" ? "item=7" : undefined,
    });
    const { "content-encoding": ____, "content-length": _____, ...kept } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, { ...kept, "Retry-After": "60", "Server-Timing": `wait;dur=60, ${kept["server-timing"]}` })
      .end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  try {
    await use(`http://127.0.0.1:${server.address().port}`, front);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

for (const [locale, tag] of [["fr-CH", "fr"], ["pt-BR", "pt-BR"], ["ar-EG", "ar"], ["he", "he"], ["ja", "ja"], ["zh-TW", "zh-Hant"]]) {
  test(`a visitor from ${locale} reads the page in ${tag}`, () => withPage({ locale }, async (page) => {
    const response = await page.goto(GATEWAY_URL);
    const expected = words(tag);
    assert.equal(await page.locator("h1").textContent(), expected.down_for_maintenance);
    assert.equal(await page.locator("html").getAttribute("dir"), expected.direction);
    const language = await page.locator("html").getAttribute("lang");
    assert.equal((await response.allHeaders())["content-language"], language);
    assert.equal(await page.locator(".message").getAttribute("lang"), "en", "the message keeps its own language");
    assert.equal(await page.locator(".message").textContent(), MESSAGE);
  }));
}

test("times are the visitor's own, with the service's zone named", () => withPage({ locale: "de-DE", timezoneId: "Asia/Tokyo" }, async (page) => {
  await page.goto(`file://${folder}/horizon-de.html`);
  const time = page.locator("#until");
  const date = new Date(await time.getAttribute("datetime"));
  const hour = (timeZone) => new Intl.DateTimeFormat("de-DE", { hour: "numeric", minute: "2-digit", timeZone }).format(date);
  assert.ok((await time.textContent()).includes(hour("Asia/Tokyo")), await time.textContent());
  assert.ok((await time.locator("small").textContent()).includes(hour("UTC")));
  assert.match(await page.locator("#left").textContent(), /^in (89|90|1|2) (Minuten|Stunden?)$/);
  assert.ok((await page.locator("progress").evaluate((bar) => bar.value)) > 0.2);
}));

// Under a clock of the test's own the page cannot read its head and takes the wait that it holds.
const seconds = (count) => 1000 * count;

test("the page opens the service when it is back, and not before it was asked to wait", () => withFront((url, front) => withPage({}, async (page) => {
  await page.clock.install();
  await page.goto(`${url}/cart`);
  assert.equal(await page.locator("html").getAttribute("data-wait"), "120");
  front.open = true;
  await page.clock.fastForward(seconds(118));
  assert.deepEqual(front.heard, ["GET /cart"]);
  await page.clock.fastForward(seconds(30));
  await page.getByText("Welcome back").waitFor();
  assert.deepEqual(front.heard, ["GET /cart", "HEAD /cart", "GET /cart"]);
})));

test("while the service is away, pauses grow", () => withFront((url, front) => withPage({}, async (page) => {
  await page.clock.install();
  await page.goto(`${url}/cart`);
  for (const pause of [120, 180]) {
    const before = front.heard.length;
    await page.clock.fastForward(seconds(pause - 2));
    assert.equal(front.heard.length, before);
    const looked = page.waitForResponse((response) => response.request().method() === "HEAD");
    await page.clock.fastForward(seconds(0.2 * pause + 2));
    await looked;
    await page.evaluate(() => new Promise((planned) => queueMicrotask(planned)));
  }
  assert.deepEqual(front.heard, ["GET /cart", "HEAD /cart", "HEAD /cart"]);
})));

test("it names the id that support finds the request by", () => withFront((url) => withPage({}, async (page) => {
  await page.goto(`${url}/cart`);
  assert.equal(await page.locator("#reference code").textContent(), "7f3a-42");
})));

test("without a network it says so, and looks again when there is one", () => withFront((url, front) => withPage({}, async (page, context) => {
  await page.goto(`${url}/cart`);
  await context.setOffline(true);
  await page.getByRole("status").getByText(words("en").offline).waitFor();
  front.open = true;
  await page.clock.install();
  await context.setOffline(false);
  await page.clock.fastForward(seconds(6));
  await page.getByText("Welcome back").waitFor();
})));

test("a form is never sent again, and its sender is told", () => withFront((url, front) => withPage({}, async (page) => {
  await page.clock.install();
  await page.goto(`${url}/form`);
  await page.getByRole("textbox").fill("seven");
  await page.getByRole("button").click();
  await page.getByText(words("en").not_processed).waitFor();
  front.open = true;
  await page.clock.fastForward(seconds(150));
  await page.getByRole("status").getByText(words("en").service_back).waitFor();
  assert.equal(front.heard.filter((line) => line.startsWith("POST")).length, 1);
  await page.getByRole("button", { name: words("en").back_to_form }).click();
  await page.getByRole("textbox").waitFor();
  assert.equal(front.heard.filter((line) => line.startsWith("POST")).length, 1);
})));

for (const theme of ["horizon", "letter", "board", "poster"]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing in ${theme}, ${colorScheme}`, () => withPage({ colorScheme, reducedMotion: "reduce" }, async (page) => {
      for (const file of ["en", "en-form", "ar"]) {
        await page.goto(`file://${folder}/${theme}-${file}.html`);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`), [], file);
      }
    }));

    test(`${theme}, ${colorScheme}, at 320 pixels and 200 % nothing is cut off`, () => withPage({ colorScheme, viewport: { width: 320, height: 640 } }, async (page) => {
      for (const tag of ["en", "de", "fi", "ar", "ja", "hi"]) {
        await page.goto(`file://${folder}/${theme}-${tag}.html`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= 320, `${tag}: ${wide}`);
      }
    }));
  }
}

test("without script it still says everything", () => withPage({ javaScriptEnabled: false }, async (page) => {
  await page.goto(`file://${folder}/horizon-en.html`);
  assert.ok(await page.locator("#until").isVisible());
  assert.match(await page.locator("#until").textContent(), /^\d+ \w+ \d{4} at \d\d:\d\d UTC$/);
  assert.ok(await page.getByRole("link", { name: words("en").try_again }).isVisible());
}));

test("it is valid HTML in every theme and language", () => {
  const checker = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");
  const files = readdirSync(folder).filter((name) => name !== "index.html").map((name) => path.join(folder, name));
  const said = spawnSync("java", ["-jar", checker, "--errors-only", ...files], { encoding: "utf8" });
  assert.equal(said.stderr.replaceAll(folder, ""), "");
  assert.equal(said.status, 0);
});

test("a browser without pictures, style and script shows it all", () => {
  const shown = execFileSync("w3m", ["-dump", "-cols", "70", path.join(folder, "letter-en.html")], { encoding: "utf8" });
  for (const text of [words("en").down_for_maintenance, words("en").since, words("en").back_at, words("en").try_again]) {
    assert.ok(shown.includes(text), `${text} in\n${shown}`);
  }
  for (const text of [words("en").offline, words("en").service_back]) assert.ok(!shown.includes(text), shown);
});
