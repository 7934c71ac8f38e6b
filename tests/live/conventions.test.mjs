// Clients of conventions on top of REST: each reads an error in its own convention's form.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test from "node:test";

import Kitsu from "kitsu";

import { exhibit, versionOf } from "./museum.mjs";

const require = createRequire(import.meta.url);
const FhirClient = require("fhir-kit-client");
const { Client: HalClient } = require("ketting");
const { OData } = require("@odata/client");
const { ClientCredentials } = require("simple-oauth2");

const { GATEWAY_URL, MESSAGE } = process.env;

// The whole text that people are to see: the operator's words and the wait.
function assertSpoken(text) {
  assert.ok(text.startsWith(MESSAGE), text);
  assert.match(text, /Please try again in [1-9][0-9]* seconds\.$/);
}

async function failureOf(promise) {
  return promise.then(
    () => assert.fail("a call during maintenance must not succeed"),
    (error) => error,
  );
}

test("a FHIR client is given an OperationOutcome", async () => {
  const client = new FhirClient({ baseUrl: `${GATEWAY_URL}/fhir` });
  const { response } = await failureOf(client.read({ resourceType: "Patient", id: "7" }));
  assert.equal(response.status, 503);
  assert.equal(response.data.resourceType, "OperationOutcome");
  const [issue] = response.data.issue;
  assert.equal(issue.code, "transient");
  assertSpoken(issue.details.text);
  exhibit("fhir-kit-client", versionOf("fhir-kit-client"), "FHIR", `OperationOutcome, ${issue.code}: ${issue.details.text}`);
});

test("a JSON:API client is given errors", async () => {
  const error = await failureOf(new Kitsu({ baseURL: `${GATEWAY_URL}/api` }).get("orders"));
  assert.equal(error.errors.length, 1);
  assert.equal(error.errors[0].status, "503");
  assertSpoken(error.errors[0].detail);
  exhibit("kitsu", versionOf("kitsu"), "JSON:API", `errors[0].detail: ${error.errors[0].detail}`);
});

test("a HAL client is given problem details", async () => {
  const error = await failureOf(new HalClient(`${GATEWAY_URL}/hal/`).go("orders/7").get());
  assert.equal(error.message, "HTTP Error 503: Service Unavailable");
  assert.equal(error.body.detail, MESSAGE);
  exhibit("ketting", versionOf("ketting"), "HAL", `${error.message}; body.detail: ${error.body.detail}`);
});

test("an OData client is given the error's message", async () => {
  const orders = OData.New4({ serviceEndpoint: `${GATEWAY_URL}/odata/` }).getEntitySet("Orders");
  const error = await failureOf(orders.query(OData.newParam().top(1)));
  assert.equal(error.constructor.name, "ODataServerError");
  assertSpoken(error.message);
  exhibit("@odata/client", versionOf("@odata/client"), "OData", `${error.constructor.name}: ${error.message}`);
});

test("an OAuth client is given the error of a token endpoint", async () => {
  const client = new ClientCredentials({ client: { id: "orders", secret: "secret" }, auth: { tokenHost: GATEWAY_URL } });
  const error = await failureOf(client.getToken({ scope: "orders" }));
  assert.equal(error.output.statusCode, 503);
  assert.equal(error.data.payload.error, "temporarily_unavailable");
  assertSpoken(error.data.payload.error_description);
  exhibit("simple-oauth2", versionOf("simple-oauth2"), "OAuth", `${error.data.payload.error}: ${error.data.payload.error_description}`);
});
