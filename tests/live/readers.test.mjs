// Clients that read what others publish: feeds and files.
import assert from "node:assert/strict";
import test from "node:test";

import RssParser from "rss-parser";
import { createClient } from "webdav";

import { exhibit, versionOf } from "./museum.mjs";

const { GATEWAY_URL } = process.env;

async function refusal(promise) {
  return promise.then(
    () => assert.fail("a call during maintenance must not succeed"),
    (error) => error,
  );
}

test("a feed reader learns the status and is given no item", async () => {
  const error = await refusal(new RssParser().parseURL(`${GATEWAY_URL}/feed.xml`));
  assert.equal(error.message, "Status code 503");
  exhibit("rss-parser", versionOf("rss-parser"), "feeds", error.message);
});

test("a WebDAV client learns status and reason", async () => {
  const error = await refusal(createClient(GATEWAY_URL).getDirectoryContents("/"));
  assert.equal(error.status, 503);
  assert.match(error.message, /503 Service Unavailable/);
  exhibit("webdav", versionOf("webdav"), "WebDAV", error.message);
});
