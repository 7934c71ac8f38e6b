// What the page looks like, held against pictures that a person has looked at and approved:
// looks/THEME-LANGUAGE-SCHEME-SIZE.png, at a quarter of the size, so that other fonts or another
// Chromium pass and a broken layout or a wrong colour does not.
//
//   APPROVE=1 ctest --preset debug -R live.looks      writes them anew; look at each before the commit
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";

import pixelmatch from "pixelmatch";
import { chromium } from "playwright-core";
import { PNG } from "pngjs";

const { APPROVE, INTERMISSION, INTERMISSION_ARTEFACTS } = process.env;
const approved = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "looks");
const folder = mkdtempSync(path.join(tmpdir(), "looks-"));
execFileSync(INTERMISSION, ["preview", "--out", folder]);

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});
test.after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

// The preview is of this very moment; pictures want one that does not pass.
const moments = { since: "2026-12-01T22:00:00Z", now: "2026-12-01T22:30:00Z", until: "2026-12-01T23:30:00Z" };
const atThatMoment = (html) => [moments.since, moments.until].reduce(
  (text, moment) => text.replace(/ datetime="(?!2026-12-01)[^"]*"/, ` datetime="${moment}"`), html);

// Every block of four by four pixels becomes one.
function quarter(png) {
  const small = new PNG({ width: png.width >> 2, height: png.height >> 2 });
  for (let y = 0; y < small.height; ++y) {
    for (let x = 0; x < small.width; ++x) {
      for (let channel = 0; channel < 4; ++channel) {
        let sum = 0;
        for (let i = 0; i < 16; ++i) sum += png.data[((4 * y + (i >> 2)) * png.width + 4 * x + (i & 3)) * 4 + channel];
        small.data[(y * small.width + x) * 4 + channel] = sum >> 4;
      }
    }
  }
  return small;
}

async function picture(theme, language, colorScheme, viewport) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce", locale: language, timezoneId: "Europe/Berlin" });
  const page = await context.newPage();
  await page.clock.setFixedTime(new Date(moments.now));
  await page.setContent(atThatMoment(readFileSync(path.join(folder, `${theme}-${language}.html`), "utf8")));
  const taken = await page.screenshot();
  await context.close();
  return quarter(PNG.sync.read(taken));
}

const sizes = { phone: { width: 392, height: 844 }, desk: { width: 1280, height: 800 } };
for (const theme of ["horizon", "letter", "board", "poster"]) {
  for (const language of ["en", "ar"]) {
    for (const colorScheme of ["light", "dark"]) {
      for (const [size, viewport] of Object.entries(sizes)) {
        const name = `${theme}-${language}-${colorScheme}-${size}.png`;
        test(`${name} looks as it was approved`, async () => {
          const seen = await picture(theme, language, colorScheme, viewport);
          const file = path.join(approved, name);
          if (APPROVE) {
            mkdirSync(approved, { recursive: true });
            writeFileSync(file, PNG.sync.write(seen, { colorType: 2 }));
            return;
          }
          assert.ok(existsSync(file), "nobody has approved it yet");
          const known = PNG.sync.read(readFileSync(file));
          assert.deepEqual([seen.width, seen.height], [known.width, known.height]);
          const difference = pixelmatch(known.data, seen.data, null, seen.width, seen.height, { threshold: 0.2 });
          const share = difference / (seen.width * seen.height);
          if (share >= 0.05) writeFileSync(path.join(INTERMISSION_ARTEFACTS, name), PNG.sync.write(seen));
          assert.ok(share < 0.05, `${(100 * share).toFixed(1)} % of it differs; what was seen is in ${INTERMISSION_ARTEFACTS}`);
        });
      }
    }
  }
}
