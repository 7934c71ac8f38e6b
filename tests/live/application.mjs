// An application in the browser, made with a real framework, whose router leads to the gateway while
// it is in maintenance.
import { build } from "esbuild";
import { createServer, request as ask } from "node:http";
import { fileURLToPath } from "node:url";

const { GATEWAY_URL } = process.env;

/** A script for browsers, with all that it imports from node_modules. */
export async function bundle(source) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true, write: false, format: "iife", platform: "browser", logLevel: "error",
  });
  return outputFiles[0].text;
}

/** Passes a request on to the gateway, and its answer back, as a router does. */
export function toGateway(request, response, more = {}) {
  const { connection: _, ...headers } = request.headers;
  const passed = ask(new URL(request.url, GATEWAY_URL), { method: request.method, headers: { ...headers, ...more } }, (answer) => {
    const { connection: __, ...kept } = answer.headers;
    response.writeHead(answer.statusCode, kept);
    answer.pipe(response);
  });
  passed.on("error", () => response.destroy());
  request.pipe(passed);
}

/**
 * Runs `use` with the address of an application and what became of it: `held`, whether the gateway
 * answers, `heard`, its requests, and `sends`, what visitors send to the gateway as well. `files` are texts, or functions of request and response, by path;
 * the text under "*" is every other page.
 */
export async function withApplication(files, use) {
  const application = { held: false, heard: [], sends: {} };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://application");
    if (pathname === "/favicon.ico") return response.writeHead(204).end();
    application.heard.push(`${request.method} ${request.url}`);
    if (application.held) return toGateway(request, response, application.sends);
    const file = files[pathname] ?? files["*"];
    if (typeof file === "function") return file(request, response);
    const type = pathname.endsWith(".js") ? "text/javascript" : "text/html";
    return response.writeHead(200, { "Content-Type": `${type}; charset=utf-8` }).end(file);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  try {
    await use(`http://127.0.0.1:${server.address().port}`, application);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

export const jsonFile = (text) => (_, response) => response.writeHead(200, { "Content-Type": "application/json" }).end(text);

/** The page of an application that registers the service worker at that path. */
export const shellOf = (worker) => `<!doctype html><title>Orders</title><h1>Orders of today</h1>
  <script>navigator.serviceWorker.register("${worker}")</script>`;

export const back = (page) => page.getByText("Orders of today").waitFor();

/**
 * Runs `use` with the page of a visitor whose service worker answers what it requests, the application, its address
 * and the visitor's context. `files` are those of the application, beside its orders.
 */
export async function withWorker(browser, files, use) {
  await withApplication({ "/api/orders": jsonFile('{"orders":[7]}'), ...files }, async (url, application) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(url);
    await page.evaluate(() => new Promise((controlled) => {
      if (navigator.serviceWorker.controller) controlled();
      else navigator.serviceWorker.addEventListener("controllerchange", controlled);
    }));
    await use(page, application, url, context);
    await context.close();
  });
}
