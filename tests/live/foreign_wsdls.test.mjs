// WSDL documents of other makers: node-soap is constructed from ?wsdl during maintenance, calls
// every operation at the address that it found there, and reads the fault.
import assert from "node:assert/strict";
import http from "node:http";
import test from "node:test";

import axios from "axios";
import soap from "soap";

const { GATEWAY_URL, MESSAGE } = process.env;
const { port } = new URL(GATEWAY_URL);
// Service -> how many operations its SOAP ports have together, and how many of them get a detail.
const SERVICES = {
  wsaa: [1, 0], wsfe: [40, 0], inscription: [5, 0], padron: [3, 0], promised: [1, 0],
  stockquote: [2, 0], weather: [6, 0], adwords: [10, 10], adding: [1, 1], orders: [4, 2],
};

// Every host of the services is this machine.
const agent = new http.Agent({ lookup: (host, { all }, done) => (all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4)) });
const request = axios.create({ httpAgent: agent, proxy: false });

function* methodsOf(client) {
  for (const [service, ports] of Object.entries(client.describe())) {
    for (const [name, operations] of Object.entries(ports)) {
      for (const operation of Object.keys(operations)) yield { operation, call: client[service][name][operation] };
    }
  }
}

async function faultOf({ operation, call }) {
  const error = await new Promise((done) => call({}, done));
  assert.ok(error?.root, `${operation}: ${error?.message ?? "no error"}`);
  assert.equal(error.response.status, 500);
  assert.ok(Number(error.response.headers["retry-after"]) >= 1);
  const { Fault: fault } = error.root.Envelope.Body;
  assert.ok(JSON.stringify(fault).includes(JSON.stringify(MESSAGE).slice(1, -1)), operation);
  return fault;
}

for (const [service, expected] of Object.entries(SERVICES)) {
  test(`every operation of ${service}`, async () => {
    const client = await soap.createClientAsync(`http://${service}.test:${port}/soap?wsdl`, { request });
    const methods = [...methodsOf(client)];
    let details = 0;
    for (const method of methods) {
      const fault = await faultOf(method);
      details += Boolean(fault.detail ?? fault.Detail);
    }
    assert.deepEqual([methods.length, details], expected);
  });
}

test.after(() => agent.destroy());
