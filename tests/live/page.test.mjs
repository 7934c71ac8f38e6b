// What the page says and how it is made, in Debian's Chromium and in a browser of text.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import test from "node:test";

import { launch } from "./chromium.mjs";
import { preview, THEMES, withPage, words } from "./visitor.mjs";

const { GATEWAY_URL, MESSAGE } = process.env;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const folder = preview();
const browser = await launch();
test.after(() => browser.close());

for (const [locale, tag] of [["fr-CH", "fr"], ["pt-BR", "pt-BR"], ["ar-EG", "ar"], ["he", "he"], ["ja", "ja"], ["zh-TW", "zh-Hant"]]) {
  test(`a visitor from ${locale} reads the page in ${tag}`, () => withPage(browser, { locale }, async (page) => {
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

test("times are the visitor's own, with the service's zone named", () => withPage(browser, { locale: "de-DE", timezoneId: "Asia/Tokyo" }, async (page) => {
  await page.goto(`file://${folder}/horizon-de.html`);
  const time = page.locator("#until");
  const date = new Date(await time.getAttribute("datetime"));
  const hour = (timeZone) => new Intl.DateTimeFormat("de-DE", { hour: "numeric", minute: "2-digit", timeZone }).format(date);
  assert.ok((await time.textContent()).includes(hour("Asia/Tokyo")), await time.textContent());
  assert.ok((await time.locator("small").textContent()).includes(hour("UTC")));
  assert.match(await page.locator("#left").textContent(), /^in (89|90|1|2) (Minuten|Stunden?)$/);
  assert.ok((await page.locator("progress").evaluate((bar) => bar.value)) > 0.2);
}));

for (const theme of THEMES) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing in ${theme}, ${colorScheme}`, () => withPage(browser, { colorScheme, reducedMotion: "reduce" }, async (page) => {
      for (const file of ["en", "en-form", "ar"]) {
        await page.goto(`file://${folder}/${theme}-${file}.html`);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`), [], file);
      }
    }));

    test(`${theme}, ${colorScheme}, at 320 pixels and 200 % nothing is cut off`, () => withPage(browser, { colorScheme, viewport: { width: 320, height: 640 } }, async (page) => {
      for (const tag of ["en", "de", "fi", "ar", "ja", "hi"]) {
        await page.goto(`file://${folder}/${theme}-${tag}.html`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= 320, `${tag}: ${wide}`);
      }
    }));
  }
}

test("without script it still says everything", () => withPage(browser, { javaScriptEnabled: false }, async (page) => {
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
