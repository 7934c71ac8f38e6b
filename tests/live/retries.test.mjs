// Clients that come back by themselves: they wait as long as they were told and then succeed.
import assert from "node:assert/strict";
import test from "node:test";

import axios from "axios";
import axiosRetry from "axios-retry";
import got from "got";

import { exhibit, versionOf } from "./museum.mjs";
import { router } from "./router.mjs";

// Timers of Node may fire a millisecond early by this clock.
const TOLD = 1000 - 20;

async function backAfter(held, ask) {
  const route = await router({ held, service: (request, response) => response.end("orders are back") });
  try {
    const heard = await ask(route.url);
    assert.equal(route.gaps().length, held, "asks once for each refusal, and once more");
    for (const gap of route.gaps()) assert.ok(gap >= TOLD, `waited ${gap} ms, was told 1000`);
    return heard;
  } finally {
    route.close();
  }
}

test("axios-retry waits as told", async () => {
  const client = axios.create();
  axiosRetry(client, { retries: 3 });
  const heard = await backAfter(2, async (url) => (await client.get(url)).data);
  assert.equal(heard, "orders are back");
  exhibit("axios-retry", versionOf("axios-retry"), "REST", "waits as told, then the answer of the service");
});

test("got waits as told", async () => {
  const heard = await backAfter(2, async (url) => (await got(url)).body);
  assert.equal(heard, "orders are back");
  exhibit("got", versionOf("got"), "REST", "waits as told, then the answer of the service");
});
