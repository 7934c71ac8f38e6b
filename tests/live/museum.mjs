// The museum for clients that run in Node: see tests/support/museum.py, which says what it is.
//
//   exhibit("axios", versionOf("axios"), "REST", `${error.response.data.detail}`);
//
// Whether a client comes back is measured: with_gateway.py has a proxy that writes down every request,
// and a request that is repeated within one test is a client that came back. An exhibit whose test
// makes the same request twice itself says what it measured in its own way.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach } from "node:test";

const PLACE = new URL("museum.json", import.meta.url);
const MESSAGE = process.env.MESSAGE ?? "";
const JOURNAL = process.env.INTERMISSION_REQUESTS;
const TOLERANCE = 0.05;
const AT_ONCE_SECONDS = 0.2;

let seenBefore = 0;
const journal = () => (JOURNAL ? readFileSync(JOURNAL, "utf8").split("\n").slice(0, -1).map((line) => JSON.parse(line)) : []);
const beginAnew = () => { seenBefore = journal().length; };
if (JOURNAL) beforeEach(beginAnew);

/** The version of an installed package. */
export function versionOf(name) {
  const place = new URL(`node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(place, "utf8")).version;
}

/** As museum.py's comes_back(); `pauses` are pairs of seconds: waited, and told to wait. */
export function comesBackAfter(pauses) {
  if (pauses.length === 0) return "never";
  if (pauses.every(([waited, told]) => waited >= told - TOLERANCE)) return "after Retry-After";
  return Math.min(...pauses.map(([waited]) => waited)) < AT_ONCE_SECONDS ? "at once" : "before the wait";
}

function measured() {
  const answers = new Map();
  const pauses = [];
  for (const { event, request, seconds, told } of journal().slice(seenBefore)) {
    const last = answers.get(request);
    if (event === "answered") answers.set(request, { seconds, told: told ?? last?.told ?? 0 });
    else if (last) pauses.push([seconds - last.seconds, last.told]);
  }
  return comesBackAfter(pauses);
}

function agree(one, other) {
  const close = ["at once", "before the wait"];
  return one === other || (close.includes(one) && close.includes(other));
}

function plain(seen) {
  const text = MESSAGE ? seen.replaceAll(MESSAGE, "MESSAGE") : seen;
  return text.replace(/\b\d+( seconds| s\b)/g, "N$1");
}

function write(shown) {
  const key = (one) => `${one.client.toLowerCase()}\u0000${one.speaks}`;
  const ordered = [...shown].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const line = (one) => `  {${Object.entries(one).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(", ")}}`;
  writeFileSync(PLACE, `[\n${ordered.map(line).join(",\n")}\n]\n`);
}

export function exhibit(client, version, speaks, sees, comesBack = measured()) {
  const seen = { client, version, speaks, sees: plain(sees), comes_back: comesBack, shown_by: path.basename(process.argv[1]) };
  beginAnew();
  const all = JSON.parse(readFileSync(PLACE, "utf8"));
  const same = (one) => one.client.toLowerCase() === client.toLowerCase() && one.speaks === speaks;
  if (process.env.INTERMISSION_UPDATE_MUSEUM) write([...all.filter((one) => !same(one)), seen]);
  // Another version is no failure as long as its user sees the same: Debian's clients get updates.
  const shown = all.filter(same);
  assert.deepEqual(shown.map((one) => [one.sees, one.shown_by]), [[seen.sees, seen.shown_by]], `what the user of ${client} sees`);
  assert.ok(agree(shown[0].comes_back, comesBack), `${client} comes back ${comesBack}; the museum says ${shown[0].comes_back}`);
}
