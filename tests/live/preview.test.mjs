// `intermission preview --port`: what a person sees who looks the page through before the night.
import assert from "node:assert/strict";
import test from "node:test";

import { launch } from "./chromium.mjs";
import { THEMES, withPage, withPreview, words } from "./visitor.mjs";

const browser = await launch();
test.after(() => browser.close());

const headings = async (page) => Promise.all(page.frames().slice(1).map((frame) => frame.locator("h1").textContent()));

test("the index shows three sizes and follows what is chosen", () => withPreview([], (url) => withPage(browser, {}, async (page) => {
  await page.goto(url, { waitUntil: "networkidle" });
  assert.deepEqual(await headings(page), Array(3).fill(words("en").down_for_maintenance));
  for (const theme of THEMES) assert.ok(await page.getByRole("radio", { name: theme }).isVisible());
  await page.getByRole("radio", { name: "board" }).check();
  await page.getByRole("combobox", { name: "Language" }).selectOption("ar");
  await page.getByRole("checkbox").check();
  await page.waitForLoadState("networkidle");
  assert.deepEqual(await headings(page), Array(3).fill(words("ar").down_for_maintenance));
  assert.equal(await page.frames()[1].locator(".posted").textContent(), words("ar").not_processed);
  assert.equal(new URL(page.url()).hash, "#board-ar-form");
  await page.reload({ waitUntil: "networkidle" });
  assert.deepEqual(await headings(page), Array(3).fill(words("ar").down_for_maintenance));
})));
