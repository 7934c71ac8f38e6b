// A service that calls with axios: what its error handler is given.
import assert from "node:assert/strict";
import test from "node:test";

import axios from "axios";

import { exhibit, versionOf } from "./museum.mjs";

const { GATEWAY_URL, MESSAGE } = process.env;

async function refused(promise) {
  const error = await promise.then(
    () => assert.fail("a call during maintenance must not succeed"),
    (reason) => reason,
  );
  assert.ok(axios.isAxiosError(error), String(error));
  return error;
}

function assertRetryAfter(response) {
  assert.match(response.headers["retry-after"], /^[1-9][0-9]*$/);
  return Number(response.headers["retry-after"]);
}

test("GET with axios' own Accept is refused with problem details", async () => {
  const error = await refused(axios.get(`${GATEWAY_URL}/v1/orders/7`));
  assert.equal(error.code, "ERR_BAD_RESPONSE");
  const { response } = error;
  assert.equal(response.status, 503);
  assert.equal(response.statusText, `Service Unavailable: ${MESSAGE.replace("–", "-")}`);
  assert.equal(response.headers["content-type"], "application/problem+json");
  assert.equal(response.data.status, 503);
  assert.equal(response.data.title, "Service Unavailable");
  assert.equal(response.data.detail, MESSAGE);
  assert.equal(response.data.retryAfter, assertRetryAfter(response));
  exhibit("axios", versionOf("axios"), "REST", `${error.message}; data.detail: ${response.data.detail}`);
});

test("a client that takes plain JSON only is given the same under that name", async () => {
  const headers = { Accept: "application/json" };
  const { response } = await refused(axios.get(`${GATEWAY_URL}/v1/orders`, { headers }));
  assert.equal(response.headers["content-type"], "application/json");
  assert.equal(response.data.detail, MESSAGE);
});

test("one that takes a vendor's JSON only is given plain JSON", async () => {
  const headers = { Accept: "application/vnd.acme.v2+json" };
  const { response } = await refused(axios.get(`${GATEWAY_URL}/v1/orders`, { headers }));
  assert.equal(response.headers["content-type"], "application/json");
  assert.equal(response.data.detail, MESSAGE);
});

for (const method of ["post", "put", "patch"]) {
  test(`${method.toUpperCase()} of JSON is refused with problem details`, async () => {
    const { response } = await refused(axios[method](`${GATEWAY_URL}/v1/orders`, { item: 7 }));
    assert.equal(response.status, 503);
    assert.equal(response.data.detail, MESSAGE);
    assertRetryAfter(response);
  });
}

test("DELETE, OPTIONS and HEAD are refused too", async () => {
  for (const method of ["delete", "options", "head"]) {
    const { response } = await refused(axios.request({ method, url: `${GATEWAY_URL}/v1/orders/7` }));
    assert.equal(response.status, 503, method);
    assertRetryAfter(response);
  }
});

test("a large upload ends in the answer, not in a broken connection", async () => {
  const big = Buffer.alloc(5 * 1024 * 1024, "x");
  const { response } = await refused(
    axios.post(`${GATEWAY_URL}/v1/files`, big, { maxRedirects: 0, headers: { "Content-Type": "application/octet-stream" } }),
  );
  assert.equal(response.status, 503);
  assert.equal(response.data.detail, MESSAGE);
});

test("an interceptor that obeys Retry-After learns a wait that it can use", async () => {
  const waits = [];
  const client = axios.create();
  client.interceptors.response.use(undefined, (error) => {
    waits.push(Number(error.response.headers["retry-after"]));
    return Promise.reject(error);
  });
  await refused(client.get(GATEWAY_URL));
  assert.equal(waits.length, 1);
  assert.ok(Number.isInteger(waits[0]) && waits[0] >= 1, String(waits[0]));
});
