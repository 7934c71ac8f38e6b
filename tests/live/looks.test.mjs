// What the page looks like, held against pictures that a person has looked at and approved:
// looks/THEME-SCHEME-SIZE-LANGUAGE.png, reduced in size. Time, zone and fonts are the test's own
// (looks.fonts.conf).
//
//   INTERMISSION_APPROVE=1 ctest --preset debug -R live.looks     writes anew those that differ,
//   and fails for each of them
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

import { launch } from "./chromium.mjs";
import { preview, THEMES, withPage } from "./visitor.mjs";

const { INTERMISSION_APPROVE, INTERMISSION_ARTEFACTS } = process.env;
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

const NOW = "2026-12-01T22:30:00Z";
const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5 },
  desk: { viewport: { width: 1280, height: 800 } },
};
// The picture is compared in squares, for a small mistake is small in the whole. In each of them
// that share of the pixels may differ: the edges of letters do, from one Chromium to the next.
const SQUARE = 16;
const MOST = 0.15;
// How far a colour may be off before it differs to the eye (pixelmatch's measure, 0 to 1).
const THRESHOLD = 0.03;

const folder = preview("--config", here("looks.test.yaml"), "--at", NOW);
const browser = await launch({ env: { ...process.env, FONTCONFIG_FILE: here("looks.fonts.conf") } });
test.after(() => browser.close());

// Every block of two by two pixels becomes one: letters' edges matter less. What a person does not see, the
// last two bits of a colour, would be half of the file.
function half(png) {
  const small = new PNG({ width: png.width >> 1, height: png.height >> 1, colorType: 2 });
  for (let y = 0; y < small.height; ++y) {
    for (let x = 0; x < small.width; ++x) {
      for (let channel = 0; channel < 4; ++channel) {
        const at = (dx, dy) => png.data[((2 * y + dy) * png.width + 2 * x + dx) * 4 + channel];
        small.data[(y * small.width + x) * 4 + channel] = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1) + 2) >> 4 << 2;
      }
    }
  }
  return small;
}

// The whole page, down to its end; `style` is added to its own.
async function picture({ theme, scheme, size, language }, style = "") {
  let taken;
  const visitor = { ...SIZES[size], colorScheme: scheme, reducedMotion: "reduce", locale: language, timezoneId: "Europe/Berlin" };
  await withPage(browser, visitor, async (page) => {
    await page.clock.setFixedTime(new Date(NOW));
    await page.goto(`file://${folder}/${theme}-${language}.html`);
    await page.evaluate((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets.push(sheet);
    }, style);
    taken = half(PNG.sync.read(await page.screenshot({ fullPage: true })));
  });
  return taken;
}

const nameOf = ({ theme, scheme, size, language }) => `${theme}-${scheme}-${size}-${language}.png`;

function approved(look) {
  try {
    return PNG.sync.read(readFileSync(here(`looks/${nameOf(look)}`)));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Where the two differ most: the share of that square's pixels. 1 if the size is another. */
function difference(known, seen) {
  if (!known || known.width !== seen.width || known.height !== seen.height) return 1;
  const { data, width, height } = seen;
  const mask = new Uint8Array(data.length);
  pixelmatch(known.data, data, mask, width, height, { threshold: THRESHOLD, includeAA: true, diffMask: true });
  const squares = new Map();
  for (let i = 0; i < width * height; ++i) {
    if (mask[4 * i + 3] === 0) continue;
    const square = `${Math.floor((i % width) / SQUARE)} ${Math.floor(i / width / SQUARE)}`;
    squares.set(square, (squares.get(square) ?? 0) + 1);
  }
  return Math.max(0, ...squares.values()) / SQUARE ** 2;
}

function write(place, look, png) {
  mkdirSync(place, { recursive: true });
  writeFileSync(path.join(place, nameOf(look)), PNG.sync.write(png, { colorType: 2, deflateLevel: 9 }));
}

const looks = [];
for (const theme of THEMES) {
  for (const scheme of ["light", "dark"]) {
    for (const size of Object.keys(SIZES)) {
      for (const language of ["en", "ar"]) looks.push({ theme, scheme, size, language });
    }
  }
}

for (const look of looks) {
  test(`${nameOf(look)} looks as it was approved`, async () => {
    const seen = await picture(look);
    const share = difference(approved(look), seen);
    if (share <= MOST) return;
    if (INTERMISSION_APPROVE) {
      write(here("looks"), look, seen);
      assert.fail(`tests/live/looks/${nameOf(look)} was written anew; look at it before you commit it`);
    }
    const place = path.join(INTERMISSION_ARTEFACTS, "looks");
    write(place, look, seen);
    assert.fail(`in one place ${(100 * share).toFixed()} % of the pixels differ from tests/live/looks; what was seen is in ${place}`);
  });
}

// What the comparison is worth: each of these is a small mistake, and seen.
for (const [mistake, style] of [
  ["a colour that is a shade off", ":root{--accent:#9a4a18}"],
  ["a word that is gone", ".brand{visibility:hidden}"],
  ["a gap that has shrunk", ".facts{margin-top:-6px}"],
]) {
  test(`${mistake} is noticed`, async () => {
    for (const size of Object.keys(SIZES)) {
      const look = { theme: "horizon", scheme: "light", size, language: "en" };
      assert.ok(difference(approved(look), await picture(look, style)) > MOST, nameOf(look));
    }
  });
}
