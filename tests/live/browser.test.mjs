// People with a browser: Debian's Chromium, as it comes. Screenshots are left in the build folder.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import path from "node:path";
import test from "node:test";

import { launch } from "./chromium.mjs";

const { GATEWAY_URL, INTERMISSION_ARTEFACTS, MESSAGE } = process.env;

const browser = await launch();
test.after(() => browser.close());

// A visitor with a fresh profile; `heard` collects what the page complains of and asks for.
async function visit(target, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const heard = { console: [], errors: [], requests: [] };
  page.on("console", (message) => heard.console.push({ type: message.type(), text: message.text() }));
  page.on("pageerror", (error) => heard.errors.push(String(error)));
  context.on("request", (request) => heard.requests.push(request.url()));
  const response = await page.goto(GATEWAY_URL + target);
  return { context, page, response, heard };
}

// Chromium notes every 5xx of a resource in the console; that one line is the answer itself.
const isTheAnswerItself = ({ text }) => /^Failed to load resource: the server responded with a status of 503/.test(text);

function assertNoComplaint(heard) {
  assert.deepEqual(heard.console.filter((line) => !isTheAnswerItself(line)), []);
  assert.deepEqual(heard.errors, []);
  assert.deepEqual(heard.requests.filter((url) => new URL(url).protocol !== "data:" && !url.startsWith(`${GATEWAY_URL}/`)), []);
}

// WCAG contrast of an element's text with the nearest opaque background around it.
function contrastOf(element) {
  const rgba = (text) => text.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  let around = element;
  while (around && (rgba(getComputedStyle(around).backgroundColor)[3] ?? 1) === 0) around = around.parentElement;
  const back = around ? rgba(getComputedStyle(around).backgroundColor) : [255, 255, 255];
  const [light, dark] = [luminance(rgba(getComputedStyle(element).color)), luminance(back)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

test("a visitor of any address reads the message", async () => {
  for (const target of ["/", "/orders/7?tab=items", "/503"]) {
    const { context, page, response, heard } = await visit(target);
    assert.equal(response.status(), 503);
    assert.match((await response.allHeaders())["retry-after"], /^[1-9][0-9]*$/);
    assert.ok(await page.getByText(MESSAGE, { exact: true }).isVisible(), "the message is on the page");
    assert.equal(await page.locator("h1").count(), 1);
    assert.ok((await page.title()).length > 0);
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assertNoComplaint(heard);
    await context.close();
  }
});

test("the page asks for nothing more, and for nothing elsewhere", async () => {
  const { context, page, heard } = await visit("/");
  await page.waitForLoadState("networkidle");
  assert.deepEqual(heard.requests.filter((url) => !url.startsWith("data:")), [`${GATEWAY_URL}/`]);
  await context.close();
});

const looks = {
  light: { colorScheme: "light", viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  "320px": { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
  "320px-dark": { colorScheme: "dark", viewport: { width: 320, height: 640 } },
  "without-script": { javaScriptEnabled: false, viewport: { width: 800, height: 600 } },
};
for (const [name, options] of Object.entries(looks)) {
  test(`it looks right: ${name}`, async () => {
    const { context, page, heard } = await visit("/orders", options);
    const message = page.getByText(MESSAGE, { exact: true });
    assert.ok(await message.isVisible());
    const box = await message.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= options.viewport.width, "the message fits the screen");
    if (options.javaScriptEnabled !== false) {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= options.viewport.width, `nothing to scroll sideways: ${wide}`);
      for (const element of await page.locator("h1, p, a").all()) {
        assert.ok((await element.evaluate(contrastOf)) >= 4.5, `contrast of ${await element.textContent()}`);
      }
    }
    await page.screenshot({ path: path.join(INTERMISSION_ARTEFACTS, `page-${name}.png`), fullPage: true });
    assertNoComplaint(heard);
    await context.close();
  });
}

test("light and dark differ", async () => {
  const colours = [];
  for (const colorScheme of ["light", "dark"]) {
    const { context, page } = await visit("/", { colorScheme });
    colours.push(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor));
    await context.close();
  }
  assert.notEqual(colours[0], colours[1]);
});

test("one can try again with the keyboard", async () => {
  const { context, page } = await visit("/orders?x=1");
  await page.keyboard.press("Tab");
  const [again] = await Promise.all([page.waitForResponse(`${GATEWAY_URL}/orders?x=1`), page.keyboard.press("Enter")]);
  assert.equal(again.status(), 503);
  await context.close();
});

test("an application in the browser reads the refusal of its own call", async () => {
  const { context, page } = await visit("/");
  // The page's own policy forbids calls; an application's page is another one.
  await page.route("**/app", (route) => route.fulfill({ contentType: "text/html", body: "<title>app</title>" }));
  await page.goto(`${GATEWAY_URL}/app`);
  const answer = await page.evaluate(async () => {
    const response = await fetch("/v1/orders");
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      wait: response.headers.get("retry-after"),
      body: await response.json(),
    };
  });
  assert.equal(answer.status, 503);
  assert.equal(answer.type, "application/json");
  assert.match(answer.wait, /^[1-9][0-9]*$/);
  assert.equal(answer.body.detail, MESSAGE);
  const posted = await page.evaluate(async () => {
    const response = await fetch("/v1/orders", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
    return { status: response.status, body: await response.json() };
  });
  assert.equal(posted.status, 503);
  assert.equal(posted.body.detail, MESSAGE);
  await context.close();
});

// A server of the test's own, on another port and so of another origin; gives its address to `use`.
async function withServer(answer, use) {
  const server = createServer(answer);
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  try {
    await use(`http://127.0.0.1:${server.address().port}/`);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

test("an application on another origin reads it too", async () => {
  const application = (_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<title>app</title>");
  await withServer(application, async (address) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(address);
    for (const call of [
      { method: "GET" },
      { method: "POST", body: "a=b", headers: { "Content-Type": "application/x-www-form-urlencoded" } },
    ]) {
      const answer = await page.evaluate(async ([url, options]) => {
        const response = await fetch(url, options);
        return {
          status: response.status,
          wait: response.headers.get("retry-after"),
          service: response.headers.get("x-maintenance"),
          body: await response.json(),
        };
      }, [`${GATEWAY_URL}/v1/orders`, call]);
      assert.equal(answer.status, 503, JSON.stringify(call));
      assert.match(answer.wait, /^[1-9][0-9]*$/);
      assert.equal(answer.service, "default");
      assert.equal(answer.body.detail, MESSAGE);
    }
    // Credentials are for origins in cors.origins alone.
    const secret = await page.evaluate(
      (url) => fetch(url, { credentials: "include" }).then(() => "read", (error) => error.message),
      `${GATEWAY_URL}/v1/orders`,
    );
    assert.equal(secret, "Failed to fetch");
    await context.close();
  });
});

test("the page is not kept: once the service is back, its own page shows", async () => {
  // The same origin, first the gateway, then the service: a front that changes where it leads.
  let open = false;
  const front = async (request, response) => {
    if (open) {
      response.writeHead(200, { "Content-Type": "text/html" }).end("<h1>Welcome back</h1>");
      return;
    }
    const answer = await fetch(GATEWAY_URL + request.url, { headers: { accept: request.headers.accept ?? "*/*" } });
    const { "content-encoding": _, "content-length": __, ...kept } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, kept).end(Buffer.from(await answer.arrayBuffer()));
  };
  await withServer(front, async (address) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(address);
    assert.ok(await page.getByText(MESSAGE, { exact: true }).isVisible());
    open = true;
    await page.goto("about:blank");
    await page.goto(address);
    assert.ok(await page.getByText("Welcome back").isVisible());
    await page.goBack();
    await page.goForward();
    assert.ok(await page.getByText("Welcome back").isVisible());
    await context.close();
  });
});
