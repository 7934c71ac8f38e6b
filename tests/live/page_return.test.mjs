// The page's way back to the service, in Debian's Chromium: when it looks, what it says, and what
// becomes of a form.
import assert from "node:assert/strict";
import test from "node:test";

import { launch } from "./chromium.mjs";
import { withFront } from "./front.mjs";
import { exhibit } from "./museum.mjs";
import { withPage, words } from "./visitor.mjs";

const browser = await launch();
test.after(() => browser.close());

// Under a clock of the test's own the page cannot read its head and takes the wait that it holds.
const seconds = (count) => 1000 * count;

test("the page opens the service when it is back, and not before it was asked to wait", () => withFront((url, front) => withPage(browser, {}, async (page) => {
  await page.clock.install();
  await page.goto(`${url}/cart`);
  assert.equal(await page.locator("html").getAttribute("data-wait"), "120");
  const said = await page.getByText(process.env.MESSAGE, { exact: true }).textContent();
  front.open = true;
  await page.clock.fastForward(seconds(118));
  assert.deepEqual(front.heard, ["GET /cart"]);
  await page.clock.fastForward(seconds(30));
  await page.getByText("Welcome back").waitFor();
  assert.deepEqual(front.heard, ["GET /cart", "HEAD /cart", "GET /cart"]);
  exhibit("Chromium (Debian)", browser.version().split(".")[0], "page", `the page: ${said}; opens the service when it is back`, "after Retry-After");
})));

test("while the service is away, pauses grow", () => withFront((url, front) => withPage(browser, {}, async (page) => {
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

test("it names the id that support finds the request by", () => withFront((url) => withPage(browser, {}, async (page) => {
  await page.goto(`${url}/cart`);
  assert.equal(await page.locator("#reference code").textContent(), "7f3a-42");
})));

test("without a network it says so, and looks again when there is one", () => withFront((url, front) => withPage(browser, {}, async (page, context) => {
  await page.goto(`${url}/cart`);
  await context.setOffline(true);
  await page.getByRole("status").getByText(words("en").offline).waitFor();
  front.open = true;
  await page.clock.install();
  await context.setOffline(false);
  await page.clock.fastForward(seconds(6));
  await page.getByText("Welcome back").waitFor();
})));

test("a form is never sent again, and its sender sees why", () => withFront((url, front) => withPage(browser, {}, async (page) => {
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
