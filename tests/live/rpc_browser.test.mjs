// Remote procedures from a browser: Connect and gRPC-Web over fetch and XMLHttpRequest, in Debian's
// Chromium.
import assert from "node:assert/strict";
import test from "node:test";

import { bundle, withApplication } from "./application.mjs";
import { launch } from "./chromium.mjs";
import { exhibit, versionOf } from "./museum.mjs";

const { MESSAGE } = process.env;

const browser = await launch();
test.after(() => browser.close());

// Runs an expression of the bundled script in a page of the application while it is in maintenance.
async function inBrowser(script, expression) {
  let result;
  await withApplication({ "/app.js": await bundle(script), "*": '<!doctype html><script src="/app.js"></script>' }, async (url, application) => {
    const page = await browser.newPage();
    await page.goto(url);
    application.held = true;
    result = await page.evaluate(expression);
    await page.close();
  });
  return result;
}

function assertSpoken(text) {
  assert.ok(text.startsWith(MESSAGE), text);
  assert.match(text, /Please try again in [1-9][0-9]* seconds\.$/);
}

const connect = `
  import { createClient, ConnectError } from "@connectrpc/connect";
  import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
  import { create, createFileRegistry } from "@bufbuild/protobuf";
  import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
  const id = { name: "id", jsonName: "id", number: 1, type: 9, label: 1 };
  const method = { inputType: ".orders.Order", outputType: ".orders.Order" };
  const file = {
    name: "orders.proto", package: "orders", syntax: "proto3",
    messageType: [{ name: "Order", field: [id] }],
    service: [{ name: "Orders", method: [{ name: "Get", ...method }, { name: "Watch", serverStreaming: true, ...method }] }],
  };
  const orders = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] })).getService("orders.Orders");
  const failure = async (work) => {
    try {
      return { succeeded: JSON.stringify(await work()) };
    } catch (error) {
      return { code: ConnectError.from(error).code, text: ConnectError.from(error).rawMessage, whole: error.message };
    }
  };
  window.failures = async (kind, useBinaryFormat) => {
    const make = kind === "connect" ? createConnectTransport : createGrpcWebTransport;
    const client = createClient(orders, make({ baseUrl: location.origin, useBinaryFormat }));
    const watch = async () => { for await (const order of client.watch({ id: "7" })) return order; };
    return [await failure(() => client.get({ id: "7" })), await failure(watch)];
  };`;

for (const [kind, name] of [["connect", "Connect"], ["grpc-web", "gRPC-Web"]]) {
  for (const binary of [true, false]) {
    test(`${name} by fetch, ${binary ? "protobuf" : "JSON"}: a call and a stream are unavailable`, async () => {
      const [unary, stream] = await inBrowser(connect, `failures("${kind}", ${binary})`);
      for (const failure of [unary, stream]) {
        assert.equal(failure.code, 14, JSON.stringify(failure));
        assertSpoken(failure.text);
      }
      if (!binary) return;
      exhibit("@connectrpc/connect-web", versionOf("@connectrpc/connect-web"), `${name}, unary`, unary.whole);
      exhibit("@connectrpc/connect-web", versionOf("@connectrpc/connect-web"), `${name}, stream`, stream.whole);
    });
  }
}

const google = `
  import { GrpcWebClientBase, MethodDescriptor, MethodType } from "grpc-web";
  class Order {}
  const bytes = () => new Uint8Array([10, 1, 55]);
  const describe = (name, type) => new MethodDescriptor("/orders.Orders/" + name, type, Order, Order, bytes, () => new Order());
  window.call = (format) => new Promise((resolve) => {
    new GrpcWebClientBase({ format }).rpcCall(location.origin + "/orders.Orders/Get", new Order(), {}, describe("Get", MethodType.UNARY),
      (error, order) => resolve(error ? { code: error.code, text: error.message } : { succeeded: true }));
  });
  window.stream = (format) => new Promise((resolve) => {
    const stream = new GrpcWebClientBase({ format }).serverStreaming(location.origin + "/orders.Orders/Watch", new Order(), {}, describe("Watch", MethodType.SERVER_STREAMING));
    stream.on("data", () => resolve({ succeeded: true }));
    stream.on("error", (error) => resolve({ code: error.code, text: error.message }));
    stream.on("end", () => resolve({ ended: true }));
  });`;

for (const format of ["text", "binary"]) {
  test(`grpc-web, ${format}: a call and a stream are unavailable`, async () => {
    for (const kind of ["call", "stream"]) {
      const failure = await inBrowser(google, `${kind}("${format}")`);
      assert.equal(failure.code, 14, `${kind}: ${JSON.stringify(failure)}`);
      assertSpoken(failure.text);
      exhibit("grpc-web", versionOf("grpc-web"), `gRPC-Web, ${format}, ${kind}`, `${failure.code}: ${failure.text}`);
    }
  });
}
