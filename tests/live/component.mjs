// Run by component_test.py, with the folder of an API document that refers to openapi/gateway.yaml
// beside it.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";

import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import createClient from "openapi-fetch";
import openapiTS, { astToString } from "openapi-typescript";
import { request } from "undici";

import { ApiDocument } from "./api_document.mjs";
import { complaints } from "./typescript.mjs";

const { GATEWAY_URL, MESSAGE } = process.env;
const [folder] = process.argv.slice(2);

const USE = `
import createClient from "openapi-fetch";
import type { paths } from "./schema";
type Unavailable = paths["/parcels/{id}"]["get"]["responses"][503]["content"]["application/problem+json"];
export async function ask(baseUrl: string): Promise<string> {
  const { error } = await createClient<paths>({ baseUrl }).GET("/parcels/{id}", { params: { path: { id: "7" } } });
  const problem = error as Unavailable;
  const wait: number = problem.retryAfter;
  return \`\${problem.detail} \${wait}\`;
}
`;

// The types that are generated know the problem.
writeFileSync(`${folder}/schema.d.ts`, astToString(await openapiTS(new URL(`file://${folder}/parcels.yaml`))));
writeFileSync(`${folder}/use.ts`, USE);
assert.deepEqual(complaints(folder), []);
writeFileSync(`${folder}/use.ts`, USE.replace("problem.retryAfter", "problem.comeBack"));
assert.match(complaints(folder).join(), /comeBack/);

// The client reads it. undici, because fetch() forbids that Host is set.
const heard = async (host, headers) => {
  const { statusCode, headers: fields, body } = await request(`${GATEWAY_URL}/v1/parcels/7`, { headers: { host, ...headers } });
  return { statusCode, fields, text: await body.text() };
};
const client = createClient({
  baseUrl: `${GATEWAY_URL}/v1`,
  fetch: async () => {
    const { statusCode, fields, text } = await heard("parcels.test", {});
    return new Response(text, { status: statusCode, headers: { "content-type": fields["content-type"] } });
  },
});
const { error } = await client.GET("/parcels/{id}", { params: { path: { id: "7" } } });
assert.equal(error.detail, MESSAGE);
assert.ok(error.retryAfter >= 1);

// Every form of it is valid by the component, has the fields that are required there, and is what
// the same service says without a contract.
const component = new ApiDocument(`${folder}/openapi/gateway.yaml`);
const { responses: [{ types, headers }] } = component.operations().find(({ path, by }) => path === "/{path}" && by === "503");
const isProblem = addFormats(new Ajv2020()).compile(JSON.parse(readFileSync(`${folder}/schemas/problem.schema.json`, "utf8")));
for (const accept of ["*/*", "application/problem+json", "application/json", "application/xml"]) {
  const { statusCode, fields, text } = await heard("parcels.test", { accept });
  const plain = await heard("without.test", { accept });
  assert.equal(statusCode, 503);
  assert.deepEqual(headers.filter((name) => !(name.toLowerCase() in fields)), [], accept);
  const [type] = fields["content-type"].split(";");
  assert.ok(type in types, type);
  if (type.endsWith("json")) assert.ok(isProblem(JSON.parse(text)), text);
  const timeless = (body) => body.replaceAll(/(retryAfter\W+|again in )\d+/g, "$1N").replaceAll("parcels-without", "parcels");
  assert.equal(timeless(text), timeless(plain.text), accept);
}
