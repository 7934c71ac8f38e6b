// API documents that nobody here wrote, of many makers: every operation is asked for over the wire,
// under every media type that it declares, and the answer is held against the document by validators
// that know nothing of the gateway. The table in docs/contracts.md is what is seen here.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import test from "node:test";

import { Pool } from "undici";
import { parse } from "yaml";

import { ApiDocument, isJson, isWritable, isXml } from "./api_document.mjs";
import { versionOf } from "./museum.mjs";

const { GATEWAY_URL, MESSAGE, INTERMISSION_SOURCE } = process.env;
const HERE = new URL(".", import.meta.url);
const { services } = parse(readFileSync(new URL("contracts.test.yaml", HERE), "utf8"));
const pool = new Pool(GATEWAY_URL, { connections: 4 });
// The message as plain text, in JSON and in XML.
const SPELLINGS = [MESSAGE, JSON.stringify(MESSAGE).slice(1, -1), MESSAGE.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")];
const rows = [];
const xml = new Set();

function kindOf(type = "") {
  return type.split(";")[0].trim().toLowerCase();
}

// What is wrong with an answer by a response of the document; "" if nothing is.
function complaint(document, response, method, answer) {
  const missing = response.headers.filter((name) => !(name.toLowerCase() in answer.headers));
  if (missing.length > 0) return `no ${missing}`;
  const type = kindOf(answer.headers["content-type"]);
  const declared = Object.entries(response.types).find(([name]) => kindOf(name) === type || name === "*/*");
  if (!declared) return `type ${type}`;
  if (method === "HEAD") return answer.text === "" ? "" : "a body";
  if (isXml(type)) xml.add(answer.text);
  return isJson(type) ? document.complaint(declared[1], JSON.parse(answer.text)) : "";
}

// Where the document leaves the body to us, ours is a problem (RFC 9457).
function complaintAboutOwn(answer) {
  if (kindOf(answer.headers["content-type"]) !== "application/problem+json") return "no problem details";
  return JSON.parse(answer.text).status === 503 ? "" : "another status in the body";
}

function allComplaints(document, operation, answer) {
  if (answer.status !== 503) return [`status ${answer.status}`];
  if (!(Number(answer.headers["retry-after"]) >= 1)) return ["no wait"];
  const speaking = operation.responses.filter(({ types }) => Object.keys(types).some(isWritable));
  if (speaking.length === 0) return [complaintAboutOwn(answer)].filter(Boolean);
  const found = speaking.map((response) => complaint(document, response, operation.method, answer));
  return found.includes("") ? [] : found;
}

// What a request is known by is told where a schema has a place for it: not every id fits.
const IDS = [{}, { "x-request-id": "r-7" }, { "x-request-id": "4bf92f35-77b3-4da6-a3ce-929d0e0e4736", traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" }];

async function ask(host, operation, accept, ids) {
  const { statusCode, headers, body } = await pool.request({ path: operation.target, method: operation.method, headers: { host, accept, ...ids } });
  return { status: statusCode, headers, text: await body.text() };
}

async function inspect(document, host) {
  const seen = { operations: 0, declared: 0, shared: 0, own: 0, valid: 0, told: 0, complaints: [] };
  for (const operation of document.operations()) {
    const types = new Set(operation.responses.flatMap(({ types }) => Object.keys(types)).filter(isWritable));
    const complaints = [];
    let told = true;
    for (const [accept, ids] of [...new Set(["*/*", ...types])].flatMap((accept) => IDS.map((ids) => [accept, ids]))) {
      const answer = await ask(host, operation, accept, ids);
      for (const wrong of allComplaints(document, operation, answer)) {
        complaints.push(`${operation.method} ${operation.path} (${operation.by}, ${accept}): ${wrong}: ${answer.text}`);
      }
      told &&= SPELLINGS.some((message) => answer.text.includes(message));
    }
    seen.operations += 1;
    seen[types.size === 0 ? "own" : operation.by === "shared" ? "shared" : "declared"] += 1;
    seen.valid += complaints.length === 0;
    seen.told += told;
    seen.complaints.push(...complaints);
  }
  return seen;
}

// @scope/name or name, of the package that a file belongs to.
function packageOf(file) {
  return file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)[1];
}

for (const { name, hosts, contract } of services) {
  test(`every operation of ${name}`, async () => {
    const document = new ApiDocument(new URL(contract, HERE).pathname);
    const seen = await inspect(document, hosts[0]);
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
