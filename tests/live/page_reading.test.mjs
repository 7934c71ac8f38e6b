// Everybody can read the page: forced colours, paper, zoom, the keyboard alone, a screen reader.
// Pictures for people are left in the build folder.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { PNG } from "pngjs";

import { launch } from "./chromium.mjs";
import { withFront } from "./front.mjs";
import { preview, THEMES, withPage, withPreview, words } from "./visitor.mjs";

const config = fileURLToPath(new URL("looks.test.yaml", import.meta.url));
const folder = preview("--config", config);
const address = (theme, file) => `file://${folder}/${theme}-${file}.html`;
const en = words("en");
const said = [en.down_for_maintenance, "Northwind Shop", "We are moving the shop", en.since, en.back_at];

const pictures = path.join(process.env.INTERMISSION_ARTEFACTS, "reading");
mkdirSync(pictures, { recursive: true });
const picture = (name) => path.join(pictures, `${name}.png`);

const browser = await launch();
test.after(() => browser.close());

// What a pair of eyes can tell apart: WCAG's contrast of every text with what is behind it.
function faintTexts() {
  const rgba = (text) => text.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const canvas = document.body.appendChild(document.createElement("i"));
  canvas.style.setProperty("background-color", "Canvas", "important");
  const sheet = rgba(getComputedStyle(canvas).backgroundColor);
  canvas.remove();
  const isSeen = (element) => element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const faint = [];
  for (const element of [...document.querySelectorAll("main *")].filter(isSeen)) {
    let around = element;
    while (around && (rgba(getComputedStyle(around).backgroundColor)[3] ?? 1) === 0) around = around.parentElement;
    const back = around ? rgba(getComputedStyle(around).backgroundColor) : sheet;
    const [light, dark] = [luminance(rgba(getComputedStyle(element).color)), luminance(back)].sort((a, b) => b - a);
    if ((light + 0.05) / (dark + 0.05) < 4.5) faint.push(element.outerHTML);
  }
  return faint;
}

for (const theme of THEMES) {
  test(`${theme} in forced colours: all parts can be distinguished, the way on has its border`, async () => {
    for (const colorScheme of ["light", "dark"]) {
      await withPage(browser, { forcedColors: "active", colorScheme }, async (page) => {
        await page.goto(address(theme, "en"));
        assert.deepEqual(await page.evaluate(faintTexts), []);
        const again = page.getByRole("link", { name: en.try_again });
        assert.notEqual(await again.evaluate((link) => getComputedStyle(link).borderTopStyle), "none");
        const bar = PNG.sync.read(await page.locator("progress").screenshot());
        const colour = (x) => [...bar.data.subarray(4 * ((bar.height >> 1) * bar.width + x), 4 * ((bar.height >> 1) * bar.width + x) + 3)].join(" ");
        assert.notEqual(colour(bar.width >> 4), colour(bar.width >> 1), "how far the bar is can be seen");
        assert.equal(await page.locator(".picture:visible").count(), 0);
        await page.screenshot({ path: picture(`${theme}-forced-${colorScheme}`) });
      });
    }
  });

  test(`${theme} on paper: black on white, the words and no buttons`, () => withPage(browser, { colorScheme: "dark" }, async (page) => {
    await page.goto(address(theme, "en"));
    await page.emulateMedia({ media: "print" });
    const text = await page.locator("main").innerText();
    for (const words of said) assert.ok(text.includes(words), `${words} in\n${text}`);
    assert.ok(!text.includes(en.try_again) && !text.includes(en.watching), text);
    assert.deepEqual(await page.evaluate(faintTexts), []);
    const links = page.locator(".links a");
    for (const link of await links.all()) {
      const shown = await link.evaluate((a) => a.innerText + getComputedStyle(a, "::after").content);
      assert.ok(/example\.com|\+49/.test(shown), `paper has no links: ${shown}`);
    }
    await page.screenshot({ path: picture(`${theme}-print`) });
    const paper = (await page.pdf({ format: "A4" })).toString("latin1");
    assert.equal(paper.match(/\/Type \/Page\b/g).length, 1, "one sheet");
  }));

  test(`${theme} at 200 % and 400 %: nothing is cut off, nothing scrolls sideways`, async () => {
    // Zoom halves the window in CSS pixels (WCAG 2.2 §1.4.10 names 320).
    for (const [zoom, width, height] of [[2, 640, 400], [4, 320, 256]]) {
      await withPage(browser, { viewport: { width, height }, deviceScaleFactor: zoom }, async (page) => {
        for (const file of ["en", "de-form", "ar", "ja", "fi"]) {
          await page.goto(address(theme, file));
          const cut = await page.evaluate(() => {
            const room = document.documentElement.clientWidth;
            const texts = [...document.querySelectorAll("main *")].filter((one) => one.checkVisibility() && one.innerText?.trim());
            const outside = texts.filter((one) => {
              const { left, right } = one.getBoundingClientRect();
              return left < -0.5 || right > room + 0.5 || one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible";
            });
            return { outside: outside.map((one) => one.outerHTML), wide: document.documentElement.scrollWidth - room };
          });
          assert.deepEqual(cut, { outside: [], wide: 0 }, `${file} at ${100 * zoom} %`);
        }
        await page.screenshot({ path: picture(`${theme}-zoom-${zoom}`) });
      });
    }
  });

  test(`${theme} by keyboard: every way on in the order it is read, each with its mark`, () => withPage(browser, {}, async (page) => {
    await page.goto("about:blank");
    await page.goto(address(theme, "en-form"));
    const reached = [];
    for (;;) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => {
        const one = document.activeElement;
        if (one === document.body) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(one);
        return { name: one.innerText, mark: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 };
      });
      if (!focused || reached.some((one) => one.name === focused.name)) break;
      reached.push(focused);
    }
    const names = [en.back_to_form, en.open_page, "Status page", "+49 30 123456", "help@example.com"];
    assert.deepEqual(reached, names.map((name) => ({ name, mark: true })));
  }));
}

test("a screen reader meets one heading, the facts as pairs, named landmarks and a named bar", () => withPage(browser, {}, async (page) => {
  await page.goto(address("horizon", "en"));
  assert.equal(await page.getByRole("main").count(), 1);
  assert.deepEqual(await page.getByRole("heading", { level: 1 }).allTextContents(), [en.down_for_maintenance]);
  assert.ok(await page.getByRole("navigation", { name: en.meanwhile }).isVisible());
  assert.ok(await page.getByRole("progressbar", { name: en.time_passed }).isVisible());
  assert.deepEqual(await page.locator("dt").allTextContents(), [en.since, en.back_at]);
  assert.equal(await page.locator("dd").count(), 2);
}));

// What a live region is changed to is what a screen reader says aloud.
const listen = (page) => page.evaluate(() => {
  globalThis.announced = [];
  const region = document.getElementById("said");
  new MutationObserver(() => globalThis.announced.push(region.textContent)).observe(region, { subtree: true, childList: true, characterData: true });
});
const announced = (page) => page.evaluate(() => globalThis.announced);

test("in hours of waiting a screen reader announces one sentence, once the end has passed", () => withPreview([], (url) => withPage(browser, {}, async (page) => {
  await page.clock.install();
  await page.goto(`${url}/horizon-en.html`);
  await listen(page);
  await page.clock.runFor("01:25:00");
  assert.deepEqual(await announced(page), [], "time that passes is no news");
  await page.clock.runFor("04:00:00");
  assert.deepEqual(await announced(page), [en.taking_longer]);
  assert.equal(await page.locator("[role=status],[role=alert],[aria-live]").count(), 1, "there is no other live region");
})));

test("a network that comes and goes is announced once each time", () => withFront((url) => withPage(browser, {}, async (page, context) => {
  await page.goto(`${url}/cart`);
  await listen(page);
  await page.clock.install();
  for (let i = 1; i <= 2; ++i) {
    await context.setOffline(true);
    await page.getByRole("status").getByText(en.offline).waitFor();
    await context.setOffline(false);
    const looked = page.waitForResponse((response) => response.request().method() === "HEAD");
    await page.clock.runFor("00:06");
    await looked;
    await page.waitForFunction(() => document.getElementById("said").textContent === "");
  }
  assert.deepEqual(await announced(page), [en.offline, "", en.offline, ""]);
})));

for (const [timezoneId, locale, hour] of [
  ["Asia/Tokyo", "ja-JP", "8:30"],
  ["America/New_York", "en-US", "6:30 PM"],
  ["Asia/Kolkata", "hi-IN", "5:00"],
]) {
  test(`a visitor in ${timezoneId} reads own times, and the service's zone by name`, () => withPage(browser, { timezoneId, locale }, async (page) => {
    const at = "2026-12-01T22:00:00Z";
    const there = preview("--config", config, "--at", at);
    await page.clock.setFixedTime(new Date(at));
    await page.goto(`file://${there}/letter-${locale.slice(0, 2)}.html`);
    const until = (await page.locator("#until").innerText()).replaceAll("\u202f", " ");
    assert.ok(until.includes(hour), until);
    assert.match(await page.locator("#until small").innerText(), /11:30.*UTC|23:30.*UTC/);
  }));
}
