// The museum for clients that run in Node: see tests/support/museum.py, which says what it is.
//
//   exhibit("axios", versionOf("axios"), "REST", `${error.response.data.detail}`);
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";

const PLACE = new URL("museum.json", import.meta.url);
const MESSAGE = process.env.MESSAGE ?? "";

/** The version of an installed package. */
export function versionOf(name) {
  const place = new URL(`node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(place, "utf8")).version;
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

export function exhibit(client, version, speaks, sees) {
  const seen = { client, version, speaks, sees: plain(sees) };
  const all = JSON.parse(readFileSync(PLACE, "utf8"));
  const same = (one) => one.client === client && one.speaks === speaks;
  if (process.env.INTERMISSION_UPDATE_MUSEUM) write([...all.filter((one) => !same(one)), seen]);
  // Another version is no failure as long as its user sees the same: Debian's clients get updates.
  assert.deepEqual(all.filter(same).map((one) => one.sees), [seen.sees], `what the user of ${client} sees`);
}
