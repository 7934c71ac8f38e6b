// Chromium over TLS at the URL in its argument: the page, a fetch and an EventSource; prints what they were given.
import { launch } from "./chromium.mjs";

const url = process.argv[2];
const browser = await launch();
try {
  // Which authority signed the certificate is not the question here.
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  const response = await page.goto(`${url}/`);
  const protocol = await page.evaluate(() => performance.getEntriesByType("navigation")[0].nextHopProtocol);
  const text = await page.innerText("body");
  const fetched = await page.evaluate(async () =>
    (await fetch("/orders", { headers: { Accept: "application/json" } })).json());
  const event = await page.evaluate(() => new Promise((resolve) => {
    const source = new EventSource("/events");
    source.addEventListener("maintenance", ({ data }) => { source.close(); resolve(data); });
    source.onerror = () => resolve("no event");
  }));
  console.log(JSON.stringify({ status: response.status(), protocol, text, fetched, event }));
} finally {
  await browser.close();
}
