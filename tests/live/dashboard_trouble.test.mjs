// What operators see when their documents are wrong: a configuration that is not taken over, and a
// contract that cannot be read. The gateway is one of this test's own, for its files change.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import test from "node:test";

import { launch } from "./chromium.mjs";
import { button, card, logIn } from "./operator.mjs";

const TOKEN = "a token of this test";
const folder = mkdtempSync(join(tmpdir(), "intermission-trouble-"));
const write = (name, text) => writeFileSync(join(folder, name), text);

write("orders.yaml", "openapi: 3.1.0\ninfo: { title: Orders, version: 1 }\npaths: { /a: \n");
write("intermission.yaml", "services: [ { name: orders, title: Orders, contract: orders.yaml, message: Back soon } ]\n");

const gateway = spawn(process.env.INTERMISSION, ["serve", "--config", "intermission.yaml", "--port", "0", "--control-port", "0"], {
  cwd: folder, stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, INTERMISSION_TOKEN: TOKEN },
});
let control;
for await (const line of createInterface({ input: gateway.stdout })) {
  control = line.match(/^intermission: control (\S+)$/)?.[1];
  if (control) break;
}
const browser = await launch();

test.after(async () => {
  await browser.close();
  gateway.kill("SIGTERM");
  if (gateway.exitCode === null) await once(gateway, "exit");
  rmSync(folder, { recursive: true });
});

async function open(t) {
  const page = await browser.newPage();
  t.after(() => page.close());
  await page.goto(control);
  await logIn(page, TOKEN);
  return page;
}

test("a contract that cannot be read is shown on the card of its service, until it can", async (t) => {
  const page = await open(t);
  await card(page, "Orders").getByText("The contract is not used:").waitFor();
  await card(page, "Orders").getByText(/orders\.yaml:3: /).waitFor();
  write("orders.yaml", "openapi: 3.1.0\ninfo: { title: Orders, version: '1' }\npaths: {}\n");
  gateway.kill("SIGHUP");
  await card(page, "Orders").getByText("The contract is not used:").waitFor({ state: "hidden" });
});

test("a configuration that is not taken over is shown at the top, with what is wrong", async (t) => {
  const page = await open(t);
  const banner = page.getByText("The new configuration was rejected; the old one stays in force:");
  assert.equal(await banner.isVisible(), false);
  write("intermission.yaml", "services: [ { name: orders, mesage: Back soon } ]\n");
  gateway.kill("SIGHUP");
  await banner.waitFor();
  assert.match(await banner.textContent(), /intermission\.yaml:1: services\[0\]\.mesage: unknown key; did you mean message\?$/);
  await button(page, "Reload").click();
  await banner.waitFor();

  const late = await open(t);
  await late.getByText("unknown key; did you mean message?").waitFor();  // who comes later sees it too

  write("intermission.yaml", "services: [ { name: orders, title: Orders, message: Back at noon } ]\n");
  await button(page, "Reload").click();
  await banner.waitFor({ state: "hidden" });
  await late.getByText("unknown key; did you mean message?").waitFor({ state: "hidden" });
  await card(page, "Orders").getByText("Back at noon").waitFor();
});
