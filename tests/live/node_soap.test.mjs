// node-soap is constructed from ?wsdl while the service is in maintenance, calls, and its user
// finds the message and the fault that the operation declared.
import assert from "node:assert/strict";
import test from "node:test";

import soap from "soap";

import { exhibit, versionOf } from "./museum.mjs";

const { GATEWAY_URL, MESSAGE } = process.env;

async function faultOf(query, operation, options = {}) {
  const client = await soap.createClientAsync(`${GATEWAY_URL}/soap?${query}`, options);
  try {
    await client[`${operation}Async`]({ id: "7" });
  } catch (error) {
    assert.ok(error.root, error.message);
    return { error, fault: error.root.Envelope.Body.Fault };
  }
  return assert.fail("maintenance is no answer to a call");
}

for (const query of ["wsdl", "singleWsdl"]) {
  test(`SOAP 1.1, constructed from ?${query}`, async () => {
    const { error, fault } = await faultOf(query, "GetOrder");
    assert.ok(error.message.includes(MESSAGE), error.message);
    assert.equal(error.response.status, 500);
    const said = fault.detail.ServiceUnavailable;
    assert.equal(said.message, MESSAGE);
    assert.equal(said.code, "SERVICE_UNAVAILABLE");
    assert.ok(Number(said.retryAfter) >= 1, "a program finds the wait");
    exhibit("node-soap", versionOf("soap"), "SOAP, from ?wsdl", `ServiceUnavailable, code ${said.code}: ${said.message}`);
  });
}

test("SOAP 1.2", async () => {
  const { error, fault } = await faultOf("wsdl", "GetOrder", { forceSoap12Headers: true });
  assert.ok(error.message.includes(MESSAGE), error.message);
  assert.equal(fault.Detail.ServiceUnavailable.message, MESSAGE);
});

test("an operation that declared no fault that fits", async () => {
  const { error, fault } = await faultOf("wsdl", "CancelOrder");
  assert.ok(error.message.includes(MESSAGE), error.message);
  assert.equal(fault.detail, "");
});
