// A visitor of the page, and what there is to visit.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

const { INTERMISSION, INTERMISSION_SOURCE } = process.env;

export const THEMES = ["horizon", "letter", "board", "poster"];

/** Our words in that language, from the translator's file. */
export const words = (tag) => JSON.parse(readFileSync(path.join(INTERMISSION_SOURCE, `src/page/words/${tag}.json`), "utf8"));

/** What `intermission preview` writes with those arguments: a folder that goes with the process. */
export function preview(...options) {
  const folder = mkdtempSync(path.join(tmpdir(), "preview-"));
  process.on("exit", () => rmSync(folder, { recursive: true }));
  execFileSync(INTERMISSION, ["preview", "--out", folder, ...options]);
  return folder;
}

/** Runs `use` with the address at which `intermission preview` serves, for as long as that takes. */
export async function withPreview(options, use) {
  const program = spawn(INTERMISSION, ["preview", "--port", "0", ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((end) => program.on("exit", end));
  try {
    const [line] = await once(createInterface(program.stdout), "line");
    await use(line.match(/^intermission: preview (http:\S+)$/)[1]);
  } finally {
    program.kill("SIGTERM");
    assert.equal(await ended, 0);
  }
}

/** Runs `use` with a page of a fresh profile, and fails if the console has anything to say. */
export async function withPage(browser, options, use) {
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
