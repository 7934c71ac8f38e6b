// The dashboard as operators meet it, in Debian's Chromium: a whole night, by mouse and by keyboard.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { createRequire } from "node:module";
import test from "node:test";

import { launch } from "./chromium.mjs";
import { button, card, logIn } from "./operator.mjs";

const { GATEWAY_URL, INTERMISSION, INTERMISSION_CONTROL_URL: CONTROL, INTERMISSION_TOKEN: TOKEN } = process.env;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const phone = { viewport: { width: 360, height: 740 } };
const desk = { viewport: { width: 1280, height: 900 } };

const browser = await launch();
test.after(() => browser.close());

// As curl would ask; fetch may not name a host.
function ask(host, accept = "application/json") {
  return new Promise((answered, failed) => {
    const sent = request(GATEWAY_URL, { headers: { Host: host, Accept: accept, "User-Agent": "curl/7.88.1" } }, async (answer) => {
      let text = "";
      for await (const piece of answer) text += piece;
      answered({ status: answer.statusCode, wait: Number(answer.headers["retry-after"]), text });
    });
    sent.on("error", failed).end();
  });
}

const api = (method, path, body) => fetch(CONTROL + path, {
  method, headers: { Authorization: `Bearer ${TOKEN}`, ...(body && { "Content-Type": "application/json" }) }, body: body && JSON.stringify(body),
}).then((answer) => answer.json());
const state = async (service) => (await api("GET", `/api/services/${service}`)).state;
const command = (...words) => execFileSync(INTERMISSION, words, { encoding: "utf8" });

test.beforeEach(() => api("POST", "/api/services/orders/off"));

async function withPage(options, use) {
  const context = await browser.newContext({ timezoneId: "Europe/Berlin", locale: "en-GB", ...options });
  const page = await context.newPage();
  const said = [];
  const hosts = new Set();
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("console", (message) => {
    // Chromium notes every refusal there; those are the answers that the tests ask for.
    if (!/^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text())) said.push(message.text());
  });
  page.on("request", (sent) => sent.url().startsWith("data:") || hosts.add(new URL(sent.url()).origin));
  await page.goto(CONTROL);
  await use(page, context);
  await context.close();
  assert.deepEqual(said, []);
  assert.deepEqual([...hosts], [CONTROL]);
}

const inside = (options, use) => withPage(options, async (page, context) => {
  await logIn(page, TOKEN);
  await use(page, context);
});

test("a wrong token is rejected, and the right one is valid until the operator logs out", () => withPage(desk, async (page) => {
  await page.getByLabel("Token").fill("guessed – ключ");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("The gateway rejected the token.").waitFor();
  assert.equal(await page.getByText("Orders").count(), 0);
  await logIn(page, TOKEN);
  await card(page, "Orders").waitFor();
  await page.reload();
  await card(page, "Orders").waitFor();
  await button(page, "Log out").click();
  await page.getByLabel("Token").waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  assert.equal(await page.locator(".card").count(), 0, "nothing stays behind");
  await page.reload();
  await page.getByLabel("Token").waitFor();
}));

test("unconfigured hosts are open at a gate until an operator switches them", () => inside(desk, async (page) => {
  const others = card(page, "Everything else");
  await others.getByText("Open at a gate").waitFor();
  assert.equal(await others.getByText("In maintenance").count(), 0);
  await button(others, "Start maintenance…").click();
  await button(page.getByRole("dialog"), "Start maintenance").click();
  await others.getByText("In maintenance").waitFor();
  await api("POST", "/api/services/default/auto");
  await others.getByText("Open at a gate").waitFor();
}));

test("a service is switched on, extended, and switched off, and clients hear it at once", () => inside(desk, async (page) => {
  const orders = card(page, "Orders");
  await button(orders, "Start maintenance…").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("2 hours").check();
  await dialog.getByLabel("Message (en)").fill("Two hours of <quiet> & repair");
  await button(dialog, "Start maintenance").click();
  await orders.getByText("In maintenance").waitFor();
  await orders.getByText("2 h left").waitFor();
  const heard = JSON.parse((await ask("orders.example.com")).text);
  assert.equal(heard.detail, "Two hours of <quiet> & repair");
  await button(orders, "+30 min").click();
  await orders.getByText("2 h 30 min left").waitFor();
  const later = JSON.parse((await ask("orders.example.com")).text);
  assert.equal(Date.parse(later.endsAt) - Date.parse(heard.endsAt), 30 * 60e3);

  await button(orders, "Message…").click();
  await dialog.getByLabel("Message (en)").fill("It takes longer");
  await button(dialog, "Set message").click();
  await orders.getByText("It takes longer").waitFor();
  assert.equal(JSON.parse((await ask("orders.example.com")).text).detail, "It takes longer");

  await button(orders, "End maintenance…").click();
  await button(dialog, "End maintenance").click();
  await orders.getByText("Open", { exact: true }).waitFor();
  assert.equal(await state("orders"), "open");
  const { changes } = await api("GET", "/api/changes");
  assert.deepEqual(changes.slice(0, 4).map(({ by }) => by), Array(4).fill("claims to be Zoe"));
  await page.locator("#change-lines").getByText("extended by 30m").waitFor();
}));

test("what another operator does shows by itself", () => inside(desk, async (page) => {
  command("on", "orders", "--for", "45m", "--message", "By command");
  await card(page, "Orders").getByText("By command").waitFor();
  await card(page, "Orders").getByText("45 min left").waitFor();
  command("off", "orders");
  await card(page, "Orders").getByText("Open", { exact: true }).waitFor();
}));

test("the slower of two operators loses nothing and sees the current state", () => inside(desk, async (page) => {
  await button(card(page, "Orders"), "Start maintenance…").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Message (de)").fill("Mein Text");
  await api("POST", "/api/services/orders/on", { for: "3h", message: "Theirs" });
  await button(dialog, "Start maintenance").click();
  await dialog.getByText(/Another operator changed Orders: it is now in maintenance until/).waitFor();
  assert.equal(JSON.parse((await ask("orders.example.com")).text).detail, "Theirs");
  assert.equal(await dialog.getByLabel("Message (de)").inputValue(), "Mein Text");
  await button(dialog, "Start maintenance").click();
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await api("GET", "/api/services/orders")).message.de, "Mein Text");
}));

test("the chart moves with the requests, by kind and by service, and callers are found", () => inside(desk, async (page) => {
  const row = (name) => page.locator("#legend tr").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
  const before = (await api("GET", "/api/answers")).answers.filter(({ kind }) => kind === "page").reduce((sum, { count }) => sum + count, 0);
  for (let i = 0; i < 12; ++i) await ask("pay.example.com", "text/html");
  await row("page").locator("td:last-child").filter({ hasText: new RegExp(`^${before + 12}$`) }).waitFor();
  await page.locator("#chart rect").first().waitFor();
  await page.getByLabel("by service").check();
  await row("Payments").waitFor();
  await page.getByLabel("Find", { exact: true }).last().fill("pay");
  const caller = page.locator("#caller-rows tr").filter({ hasText: "curl/7.88.1" }).filter({ hasText: "page" });
  await caller.getByText("Payments").waitFor();
  await page.getByLabel("Find", { exact: true }).last().fill("nobody-like-this");
  await page.getByText("No matching calls.").waitFor();
}));

test("the chart of the hour does not start empty, and the other starts now", () => inside(desk, async (page) => {
  await ask("pay.example.com", "text/html");
  const bar = page.locator("#chart rect").first();
  await bar.waitFor();
  await page.reload();
  await bar.waitFor();
  await page.getByText(/^The last hour, by minute; /).waitFor();
  const inHour = page.locator("#legend tr").filter({ has: page.getByRole("rowheader", { name: "page", exact: true }) }).locator("td").nth(1);
  assert.ok(Number(await inHour.textContent()) > 0);
  await page.getByLabel("three minutes").check();
  await page.getByText(/^The last three minutes; /).waitFor();
  await ask("pay.example.com", "text/html");
  await bar.waitFor();
}));

test("a tester is let in by a link, and only where something signs it", () => inside(phone, async (page) => {
  command("on", "orders", "--for", "1h");
  await button(card(page, "Orders"), "Link for a tester…").click();
  const dialog = page.getByRole("dialog");
  await button(dialog, "Make a link").click();
  await dialog.getByText("passes cannot be signed: start the gateway with INTERMISSION_BYPASS_KEY").waitFor();
  await button(dialog, "Close").click();
  await dialog.waitFor({ state: "hidden" });
}));

test("a window is planned on the calendar, shows to all, and is taken away", () => inside(desk, async (page) => {
  await page.getByLabel("Service", { exact: true }).selectOption("orders");
  await page.getByLabel("Day", { exact: true }).fill("2036-12-05");
  await page.getByLabel("From", { exact: true }).fill("23:00");
  await page.getByLabel("To", { exact: true }).fill("01:30");
  await page.getByText("It ends on the next day.").waitFor();
  await page.getByLabel("Repeat").selectOption({ label: "every first Friday of a month" });
  await button(page, "Plan window").click();
  await button(page.locator("#month"), /^Friday,? 5 December 2036, 1 window$/).waitFor();
  await button(page.locator("#month"), /^Sunday,? 7 December 2036, 1 window$/).click();
  await page.locator("#day-windows").getByText("Payments").waitFor();
  assert.match(command("windows", "orders"), /2036-12-05T23:00:00 +2036-12-06T01:30:00 +Europe\/Berlin FREQ=MONTHLY;BYDAY=1FR/);
  const { windows } = await api("GET", "/api/windows?from=2037-01-01T00:00:00Z&until=2037-01-04T00:00:00Z");
  assert.deepEqual(windows, [{ service: "orders", start: "2037-01-02T22:00:00Z", end: "2037-01-03T00:30:00Z" }]);

  await button(page, /^Remove: every first Friday of a month from Fri,? 5 Dec on, 23:00 – Sat,? 6 Dec, 0?1:30$/).click();
  await button(page.getByRole("dialog"), "Remove it").click();
  await button(page.locator("#month"), /^Friday,? 5 December 2036$/).waitFor();
  assert.doesNotMatch(command("windows", "orders"), /MONTHLY/);
}));

test("a missing day or time is shown beside its field", () => inside(desk, async (page) => {
  await page.getByLabel("Day", { exact: true }).fill("");
  await button(page, "Plan window").click();
  await page.getByRole("alert").getByText("Enter a date.").waitFor();
}));

for (const [name, pasted, expected] of [
  ["a curl command", "curl 'http://pay.example.com/v1' \\\n  -H 'SOAPAction: \"\"' -H 'Content-Type: text/xml' --data-raw '<x/>'", /^request +POST http:\/\/pay.example.com\/v1\nbody +4 bytes[^]*soap/],
  ["a request as it is sent", "GET /orders HTTP/1.1\nHost: orders.example.com\nAccept: text/html\n\n", /^request +GET \/orders\n[^]*service orders[^]*page/],
  ["a URL", "http://orders.example.com/7", /^request +GET http:\/\/orders.example.com\/7\n/],
]) {
  test(`${name} is explained`, () => inside(phone, async (page) => {
    await page.getByLabel("Request", { exact: true }).fill(pasted);
    await button(page, /^Explain$/).press("Enter");  // what is above may grow while a pointer aims
    const answer = page.getByRole("region", { name: "The answer, and why" });
    await answer.waitFor();
    assert.match(await answer.textContent(), expected);
  }));
}

test("text that is no request is rejected", () => inside(phone, async (page) => {
  await page.getByLabel("Request", { exact: true }).fill("hello?");
  await button(page, /^Explain$/).click();
  await page.getByRole("alert").getByText("Expected a first line such as").waitFor();
}));

test("all of it goes by keyboard alone", () => withPage(phone, async (page) => {
  const { keyboard } = page;
  await keyboard.type(TOKEN);
  await keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: /in maintenance|open/ }).waitFor();
  const focused = (attribute) => page.evaluate((name) => (name ? document.activeElement.getAttribute(name) : document.activeElement.textContent), attribute);
  const tabTo = async (text, attribute) => {
    for (let i = 0; i < 40; ++i) {
      if (((await focused(attribute)) || "").startsWith(text)) return;
      await keyboard.press("Tab");
    }
    assert.fail(`no way to ${text}`);
  };
  await tabTo("Start maintenance…");
  await keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  assert.equal(await focused(), "Start maintenance…", "the hand is where it was");
  await keyboard.press("Enter");
  await tabTo("Start maintenance");
  await keyboard.press("Enter");
  await card(page, "Orders").getByText("In maintenance").waitFor();
  assert.equal(await focused(), "End maintenance…");
  await tabTo("+15 min");
  await keyboard.press("Space");
  await card(page, "Orders").getByText("1 h 15 min left").waitFor();
  const today = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "Europe/Berlin" });
  await tabTo(today.format(Date.now()), "aria-label");
  await keyboard.press("ArrowDown");
  assert.ok((await focused("aria-label")).startsWith(today.format(Date.now() + 7 * 86400e3)));
  await keyboard.press("PageDown");
  await keyboard.press("PageUp");
}));

for (const colorScheme of ["light", "dark"]) {
  for (const [name, size] of [["phone", phone], ["desk", desk]]) {
    test(`axe finds nothing, and nothing is cut off: ${name}, ${colorScheme}`, () => withPage({ ...size, colorScheme, reducedMotion: "reduce" }, async (page) => {
      const look = async (where) => {
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`), [], where);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), where);
      };
      await look("login");
      await logIn(page, TOKEN);
      await ask("pay.example.com");
      await page.locator("#caller-rows tr").first().waitFor();
      await look("all");
      await button(card(page, "Orders"), "Start maintenance…").click();
      await look("dialog");
    }));
  }
}

test("in forced colours what is chosen still shows", () => inside({ ...desk, forcedColors: "active" }, async (page) => {
  const colours = (text) => page.getByText(text, { exact: true }).evaluate((span) => getComputedStyle(span).backgroundColor);
  assert.notEqual(await colours("by kind of client"), await colours("by service"));
}));

test("it is valid HTML, and cannot be framed", async () => {
  const answer = await fetch(CONTROL);
  assert.match(answer.headers.get("content-security-policy"), /^default-src 'none';.*frame-ancestors 'none'$/);
  const checker = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");
  const said = spawnSync("java", ["-jar", checker, "--errors-only", "-"], { input: await answer.text(), encoding: "utf8" });
  assert.equal(said.stderr, "");
  assert.equal(said.status, 0);
});
