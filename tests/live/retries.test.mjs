// Clients that come back by themselves: they wait as long as they were told and then succeed.
import assert from "node:assert/strict";
import test from "node:test";

import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
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

function aSpan() {
  const ended = [];
  const keep = { onStart() {}, onEnd: (span) => ended.push(span), async forceFlush() {}, async shutdown() {} };
  new BasicTracerProvider({ spanProcessors: [keep] }).getTracer("orders").startSpan("stock").end();
  return ended;
}

for (const [name, Exporter] of [["http", JsonExporter], ["proto", ProtobufExporter]]) {
  test(`an exporter of OpenTelemetry keeps its spans, ${name}`, async () => {
    const { code, error } = await backAfter(2, async (url) => {
      const exporter = new Exporter({ url: `${url}/v1/traces` });
      const result = await new Promise((resolve) => exporter.export(aSpan(), resolve));
      await exporter.shutdown();
      return result;
    });
    assert.equal(code, 0, String(error));
    const library = `@opentelemetry/exporter-trace-otlp-${name}`;
    exhibit(library, versionOf(library), "OTLP", "waits as told, then the service takes the spans");
  });
}
