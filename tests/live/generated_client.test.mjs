// A client that openapi-typescript generated, and openapi-fetch runs: its `error` has the type that
// the document promised, and the message is in it. The compiler says so of the types, the wire of
// the values.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import test from "node:test";

import createClient from "openapi-fetch";
import openapiTS, { astToString } from "openapi-typescript";

import { exhibit, versionOf } from "./museum.mjs";
import { complaints } from "./typescript.mjs";

const { GATEWAY_URL, MESSAGE } = process.env;
const HERE = new URL(".", import.meta.url);
const DOCUMENT = new URL("generated_client.openapi.yaml", HERE);

const USE = `
import createClient from "openapi-fetch";
import type { paths } from "./schema";
export async function ask(baseUrl: string): Promise<string> {
  const { error } = await createClient<paths>({ baseUrl }).GET("/parcels/{id}", { params: { path: { id: "7" } } });
  const reason: "maintenance" | "overload" | undefined = error?.reason;
  const wait: number | undefined = error?.retryAfterSeconds;
  return \`\${reason} \${wait} \${error?.message}\`;
}
`;

test("the types that were generated know the error", async () => {
  // Below this folder, for the sake of the compiler, which looks for openapi-fetch upwards.
  const folder = mkdtempSync(new URL("node_modules/.generated-", HERE).pathname);
  try {
    writeFileSync(`${folder}/schema.d.ts`, astToString(await openapiTS(DOCUMENT)));
    writeFileSync(`${folder}/use.ts`, USE);
    assert.deepEqual(complaints(folder), []);
    writeFileSync(`${folder}/use.ts`, USE.replace("error?.reason", "error?.because"));
    assert.match(complaints(folder).join(), /because/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the error that was heard is of that type, with the message in it", async () => {
  const { GET } = createClient({ baseUrl: `${GATEWAY_URL}/v1` });
  const { data, error, response } = await GET("/parcels/{id}", { params: { path: { id: "7" } } });
  assert.equal(data, undefined);
  assert.equal(response.status, 503);
  assert.equal(error.reason, "maintenance");
  assert.equal(error.message, MESSAGE);
  assert.equal(error.retryAfterSeconds, Number(response.headers.get("retry-after")));
  assert.deepEqual(Object.keys(error).sort(), ["message", "reason", "retryAfterSeconds"]);
  exhibit("openapi-fetch", versionOf("openapi-fetch"), "REST, by its contract", `error.reason: ${error.reason}; error.message: ${error.message}`);
});
