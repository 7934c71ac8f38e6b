// API documents of many other makers: every operation is asked for over the wire,
// under every media type that it declares, and the answer is held against the document by validators
// that know nothing of the gateway. The table in docs/contracts.md is what is seen here.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import test from "node:test";

import { Pool } from "undici";
import { parse } from "yaml";

import { ApiDocument } from "./api_document.mjs";
import { inspect } from "./inspection.mjs";
import { versionOf } from "./museum.mjs";

const { GATEWAY_URL, MESSAGE, INTERMISSION_SOURCE } = process.env;
const HERE = new URL(".", import.meta.url);
const { services } = parse(readFileSync(new URL("contracts.test.yaml", HERE), "utf8"));
const pool = new Pool(GATEWAY_URL, { connections: 4 });
const rows = [];
const xml = new Set();

// @scope/name or name, of the package that a file belongs to.
function packageOf(file) {
  return file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)[1];
}

for (const { name, hosts, contract } of services) {
  test(`every operation of ${name}`, async () => {
    const document = new ApiDocument(new URL(contract, HERE).pathname);
    const seen = await inspect(document, { pool, message: MESSAGE, host: hosts[0], xml });
    const owner = packageOf(contract);
    rows.push(`| ${name} (${owner} ${versionOf(owner)}) | ${document.version} | ${seen.operations} | ${seen.declared} | ${seen.shared} | ${seen.own} | ${seen.valid} | ${seen.told} |`);
    assert.deepEqual(seen.complaints.slice(0, 3), []);
  });
}

test("bodies in XML are well formed", () => {
  for (const body of xml) {
    const done = spawnSync("xmllint", ["--noout", "--nonet", "-"], { input: body, encoding: "utf8" });
    assert.equal(done.status, 0, done.stderr + body);
  }
});

test("docs/contracts.md has the same table", () => {
  const text = readFileSync(`${INTERMISSION_SOURCE}/docs/contracts.md`, "utf8");
  const [table] = text.match(/^\| document \| OpenAPI \|.*?(?=^$)/ms) ?? [""];
  assert.deepEqual(table.trimEnd().split("\n").slice(2), rows, rows.join("\n"));
});

test.after(() => pool.close());
