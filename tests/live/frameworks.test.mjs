// Frameworks that load parts of a page by script, each in Debian's Chromium: what the person in front of
// it sees when the application goes into maintenance under the open page, and when it is back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { bundle, withApplication } from "./application.mjs";
import { launch } from "./chromium.mjs";
import { exhibit, versionOf } from "./museum.mjs";

const { MESSAGE } = process.env;

const browser = await launch();
test.after(() => browser.close());

// The page's own words are not the gateway's: it shows the message once the gateway has answered.
const document = (body, head = "") =>
  `<!doctype html><title>Orders</title>${head}<script src="/app.js" defer></script><body>${body}</body>`;

async function withOpenPage(script, body, use, files = {}) {
  const pages = { "/app.js": await bundle(script), "*": document(body), ...files };
  await withApplication(pages, async (url, application) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${url}/orders`);
    await page.waitForFunction(() => window.started);
    application.held = true;
    await use(page, application, url);
    await context.close();
  });
}

// Where nothing of the application is left on the page, and it is the page that opens the service again.
async function assertPage(page) {
  await page.getByText(MESSAGE, { exact: true }).waitFor();
  assert.equal(await page.getByText("Orders of today").count(), 0);
  assert.equal(await page.evaluate(() => performance.getEntriesByType("navigation")[0].responseStatus), 503);
}

async function returns(page, application) {
  application.held = false;
  await page.reload();
  await page.getByText("Orders of today").waitFor();
}

const ORDERS = "<h1>Orders of today</h1>";

// ------------------------------------------------------------------ htmx

for (const name of ["htmx-1", "htmx-2", "htmx.org"]) {
  const client = `htmx ${versionOf(name).split(".")[0]}`;
  const script = `import htmx from "${name}"; window.htmx = htmx.default ?? htmx; window.started = true;`;
  const body = `${ORDERS}<button id=get hx-get="/orders/7" hx-target="#part">Show</button>
    <form hx-post="/orders" hx-target="#part"><input name=item><button id=post>Send</button></form><div id=part></div>`;

  test(`${client}: the page is loaded anew, and is the maintenance page`, async () => {
    for (const button of ["#get", "#post"]) {
      await withOpenPage(script, body, async (page, application, url) => {
        await page.click(button);
        await assertPage(page);
        assert.equal(page.url(), `${url}/orders`);
        await returns(page, application);
      });
    }
    exhibit("htmx", versionOf(name), client, `the page, loaded anew: ${MESSAGE}`, "after Retry-After");
  });
}

test("htmx 2: a page that is not in maintenance itself is not loaded anew for ever", async () => {
  const body = `${ORDERS}<div hx-get="/elsewhere/part" hx-trigger="load">`;
  const script = 'import htmx from "htmx-2"; window.htmx = htmx; window.started = true;';
  await withOpenPage(script, body, async (page, application) => {
    // The router sends one path to the gateway; the gateway's configuration knows of it.
    application.held = false;
    const answer = page.waitForResponse("**/split/part");
    await page.goto(new URL("/open", page.url()).href);
    assert.equal((await answer).status(), 503);
    await page.waitForLoadState("networkidle");
    assert.equal(application.heard.filter((line) => line === "GET /open").length, 1);
  }, {
    "/open": document(`${ORDERS}<div hx-get="/split/part" hx-trigger="load">`),
    "/split/part": (request, response) => import("./application.mjs").then(({ toGateway }) => toGateway(request, response)),
  });
});

// ------------------------------------------------------------------ Inertia

for (const name of ["inertia-2", "@inertiajs/core"]) {
  const client = `Inertia ${versionOf(name).split(".")[0]}`;
  const initial = JSON.stringify({ component: "Orders", props: { errors: {} }, url: "/orders", version: "1" });
  const script = `import * as inertia from "${name}";
    const { router } = inertia;
    router.init({ initialPage: ${initial}, resolveComponent: async () => ({}), swapComponent: async () => {} });
    window.router = router; window.started = true;`;

  test(`${client}: a visit leaves the application for the maintenance page of its URL`, () =>
    withOpenPage(script, ORDERS, async (page, application, url) => {
      await page.evaluate(() => window.router.visit("/orders/7?tab=items#top"));
      await assertPage(page);
      assert.equal(page.url(), `${url}/orders/7?tab=items#top`);
      await returns(page, application);
      exhibit("@inertiajs/core", versionOf(name), `${client}, a visit`, `the page of that URL: ${MESSAGE}`, "after Retry-After");
    }));

  test(`${client}: a partial reload does too`, () =>
    withOpenPage(script, ORDERS, async (page) => {
      await page.evaluate(() => window.router.reload({ only: ["orders"] }));
      await assertPage(page);
    }));

  test(`${client}: a form that was sent is answered by a dialog, and the page stays`, () =>
    withOpenPage(script, `${ORDERS}<input value=seven>`, async (page, application, url) => {
      await page.evaluate(() => window.router.post("/orders", { item: 7 }));
      await page.frameLocator("iframe").getByText(MESSAGE, { exact: true }).waitFor();
      assert.equal(page.url(), `${url}/orders`);
      assert.equal(await page.locator("input").inputValue(), "seven");
      exhibit("@inertiajs/core", versionOf(name), `${client}, a form`, `a dialog: ${MESSAGE}`);
    }));
}

// ------------------------------------------------------------------ Live Component

test("Live Component: an action opens a dialog with the message, and the page stays", async () => {
  const script = `import { Application } from "@hotwired/stimulus";
    import LiveController from "@symfony/ux-live-component";
    Application.start().register("live", LiveController); window.started = true;`;
  const body = `${ORDERS}<div data-controller="live" data-live-name-value="Cart" data-live-url-value="/_components/Cart"
    data-live-props-value="{}"><button data-action="live#action" data-live-action-param="add">Add</button></div>`;
  await withOpenPage(script, body, async (page, application, url) => {
    await page.waitForSelector("[data-live-id], [data-controller=live]");
    await page.click("button");
    await page.frameLocator("iframe").getByText(MESSAGE, { exact: true }).waitFor();
    assert.ok(application.heard.includes("POST /_components/Cart/add"), application.heard.join("\n"));
    assert.equal(page.url(), `${url}/orders`);
  });
  exhibit("@symfony/ux-live-component", versionOf("@symfony/ux-live-component"), "Live Component, an action", `a dialog: ${MESSAGE}`);
});

// ------------------------------------------------------------------ React Router

// What its server would have put into the page: three routes, of which one asks the server for its data.
const reactRouter = `import { createElement as h } from "react";
  import { hydrateRoot } from "react-dom/client";
  import { Link, Outlet, isRouteErrorResponse, useNavigate, useRouteError } from "react-router";
  import { HydratedRouter } from "react-router/dom";
  const Orders = () => { window.go = useNavigate(); return h("h1", null, "Orders of today"); };
  function ErrorBoundary() {
    const error = useRouteError();
    return h("main", null, isRouteErrorResponse(error)
      ? [h("h1", { key: 1 }, error.status + " " + error.statusText), h("p", { key: 2 }, error.data)] : String(error));
  }
  const route = (id, more) => ({ id, parentId: "root", module: "/app.js", imports: [], hasErrorBoundary: false, hasLoader: false,
    hasAction: false, hasClientLoader: false, hasClientAction: false, hasClientMiddleware: false, ...more });
  window.__reactRouterManifest = { version: "1", url: "/manifest.js", entry: { module: "/app.js", imports: [] }, routes: {
    root: route("root", { parentId: undefined, path: "", hasErrorBoundary: true }),
    orders: route("orders", { path: "orders" }),
    order: route("order", { path: "orders/7", hasLoader: true }),
  } };
  window.__reactRouterRouteModules = { root: { default: Outlet, ErrorBoundary }, orders: { default: Orders }, order: { default: Outlet } };
  window.__reactRouterContext = { basename: "/", future: {}, ssr: true, isSpaMode: false, routeDiscovery: { mode: "initial" },
    stream: new Blob(['[{"_1":2,"_3":-5,"_4":-5},"loaderData",{},"actionData","errors"]\\n']).stream() };
  hydrateRoot(document.getElementById("app"), h(HydratedRouter));
  window.started = true;`;

test("React Router: the application's own error page shows the message", async () => {
  await withOpenPage(reactRouter, `<div id=app></div>`, async (page, application, url) => {
    await page.waitForFunction(() => window.go);
    await page.evaluate(() => window.go("/orders/7"));
    await page.locator("main p").getByText(MESSAGE).waitFor();
    assert.ok(application.heard.some((line) => line.startsWith("GET /orders/7.data")), application.heard.join("\n"));
    assert.match(await page.locator("main h1").textContent(), /^503 Service Unavailable/);
    assert.equal(page.url(), `${url}/orders/7`);
    exhibit("react-router", versionOf("react-router"), "React Router, a page's data",
      `the application's error page: ${await page.locator("main").innerText()}`.replace(/\s+/g, " "));
  });
});

// ------------------------------------------------------------------ Turbo and Turbolinks

const turbo = 'import * as Turbo from "@hotwired/turbo"; window.Turbo = Turbo; window.started = true;';

test("Turbo: a link, a frame and a form all end at the maintenance page", async () => {
  const body = `${ORDERS}<a id=link href="/orders/7">Seven</a>
    <turbo-frame id=frame><a id=framed href="/orders/8">Eight</a></turbo-frame>
    <form method=post action="/orders"><button id=form>Send</button></form>`;
  for (const [button, path] of [["#link", "/orders/7"], ["#framed", "/orders/8"], ["#form", "/orders"]]) {
    await withOpenPage(turbo, body, async (page, application, url) => {
      await page.click(button);
      await page.getByText(MESSAGE, { exact: true }).waitFor();
      assert.equal(await page.getByText("Orders of today").count(), 0, button);
      assert.equal(page.url(), `${url}${path}`);
      await returns(page, application);
    });
  }
  exhibit("@hotwired/turbo", versionOf("@hotwired/turbo"), "Turbo: links, frames, forms", `the page: ${MESSAGE}`);
});

test("Turbolinks: a link ends at the maintenance page", () =>
  withOpenPage('import Turbolinks from "turbolinks"; Turbolinks.start(); window.started = true;',
    `${ORDERS}<a href="/orders/7">Seven</a>`, async (page, application) => {
      await page.click("a");
      await page.getByText(MESSAGE, { exact: true }).waitFor();
      assert.equal(await page.getByText("Orders of today").count(), 0);
      await returns(page, application);
      exhibit("turbolinks", versionOf("turbolinks"), "Turbolinks", `the page: ${MESSAGE}`);
    }));

// ------------------------------------------------------------------ Jakarta Faces

test("Jakarta Faces: a form that its script sends ends at the maintenance page of its view", async () => {
  const body = `<script src="/faces.js"></script><form id=form method=post action="/orders.xhtml">${ORDERS}
    <input type=hidden id="jakarta.faces.ViewState" name="jakarta.faces.ViewState" value=1>
    <button type=button id="form:send" onclick="faces.ajax.request(this, event, { execute: '@form', render: '@form' })">Send</button></form>`;
  const faces = readFileSync(new URL("node_modules/jsf.js_next_gen/dist/window/faces.js", import.meta.url), "utf8");
  await withOpenPage("window.started = true;", body, async (page, application, url) => {
    await page.click("button");
    await assertPage(page);
    assert.ok(application.heard.includes("POST /orders.xhtml"), application.heard.join("; "));
    assert.equal(page.url(), `${url}/orders.xhtml`);
    await returns(page, application);
  }, { "/faces.js": faces });
  exhibit("jsf.js_next_gen", versionOf("jsf.js_next_gen"), "Jakarta Faces", `the page of the view: ${MESSAGE}`, "after Retry-After");
});

// ------------------------------------------------------------------ Phoenix

for (const transport of ["WebSocket", "LongPoll"]) {
  test(`Phoenix LiveView by ${transport}: a link ends at the maintenance page, and an open page connects again`, async () => {
    const script = `import { LongPoll, Socket } from "phoenix"; import { LiveSocket } from "phoenix_live_view";
      new LiveSocket("/live", Socket, { transport: { WebSocket, LongPoll }["${transport}"], params: { _csrf_token: "x" },
        reconnectAfterMs: () => 100 }).connect(); window.started = true;`;
    const body = `<div data-phx-main data-phx-session=s data-phx-static=t id=phx-1>${ORDERS}
      <a href="/orders/7" data-phx-link=redirect data-phx-link-state=push>Seven</a></div>`;
    const asked = (application) => application.heard.filter((line) => line.includes("/live/")).length;
    const refused = (request, response) => response.writeHead(200, { "Content-Type": "application/json" }).end('{"status":410,"token":"t"}');
    await withOpenPage(script, body, async (page, application, url) => {
      const errors = [];
      page.on("pageerror", (error) => errors.push(error.message));
      const before = asked(application);
      for (let tries = 0; asked(application) < before + 4 && tries < 100; ++tries) await page.waitForTimeout(50);
      assert.ok(asked(application) >= before + 4, `it asks no more: ${application.heard.join("; ")}`);
      assert.deepEqual(errors, []);
      await page.click("a");
      await assertPage(page);
      assert.equal(page.url(), `${url}/orders/7`);
      await returns(page, application);
    }, { "/live/longpoll": refused });
    exhibit("phoenix_live_view", versionOf("phoenix_live_view"), `Phoenix LiveView, ${transport}`,
      `a link ends at the page: ${MESSAGE}; an open page connects again`, "before the wait");
  });
}

// ------------------------------------------------------------------ others

test("Unpoly: a link and a form show the message in place of the page", async () => {
  const body = `<main>${ORDERS}<a href="/orders/7" up-follow>Seven</a>
    <form method=post action="/orders" up-submit><button>Send</button></form></main>`;
  for (const element of ["a", "button"]) {
    await withOpenPage('import up from "unpoly"; window.started = true;', body, async (page, application) => {
      await page.click(element);
      await page.getByText(MESSAGE, { exact: true }).waitFor();
      assert.equal(await page.getByText("Orders of today").count(), 0);
      await returns(page, application);
    });
  }
  exhibit("unpoly", versionOf("unpoly"), "Unpoly", `in place of the page: ${MESSAGE}`);
});

test("Datastar: the message takes the place of the page, which is loaded anew after the wait", () =>
  withOpenPage('import "@starfederation/datastar/bundles/datastar"; window.started = true;',
    `${ORDERS}<button data-on-click="@get('/orders/7')">Show</button>`, async (page, application) => {
      await page.click("button");
      await page.getByText(MESSAGE).waitFor();
      assert.equal(await page.getByText("Orders of today").count(), 0);
      application.held = false;
      await page.getByText("Orders of today").waitFor();
      exhibit("@starfederation/datastar", versionOf("@starfederation/datastar"), "Datastar",
        `in place of the page: ${MESSAGE}`, "after Retry-After");
    }));

test("fixi: the message stands in place of an element", () =>
  withOpenPage('import "fixi-js"; window.started = true;',
    `${ORDERS}<button fx-action="/orders/7" fx-target="#part" fx-swap=innerHTML>Show</button><div id=part></div>`, async (page, application) => {
      await page.click("button");
      await page.locator("#part").getByText(MESSAGE).waitFor();
      exhibit("fixi-js", versionOf("fixi-js"), "fixi", `in place of an element: ${MESSAGE}`);
      await returns(page, application);
    }));

test("Flamethrower: the message takes the place of the page", () =>
  withOpenPage('import flamethrower from "flamethrower-router"; flamethrower({ prefetch: false }); window.started = true;',
    `${ORDERS}<a href="/orders/7">Seven</a>`, async (page, application, url) => {
      await page.click("a");
      await page.getByText(MESSAGE, { exact: true }).waitFor();
      assert.equal(await page.getByText("Orders of today").count(), 0);
      assert.equal(page.url(), `${url}/orders/7`);
      await returns(page, application);
      exhibit("flamethrower-router", versionOf("flamethrower-router"), "Flamethrower", `in place of the page: ${MESSAGE}`);
    }));

const hard = {
  "jquery-pjax": {
    script: 'import $ from "jquery"; window.jQuery = window.$ = $; import("jquery-pjax").then(() => { $(document).pjax("a", "#part"); window.started = true; });',
    body: `${ORDERS}<a href="/orders/7">Seven</a><div id=part></div>`,
  },
  swup: {
    script: 'import Swup from "swup"; new Swup({ containers: ["#swup"] }); window.started = true;',
    body: `<div id=swup class=transition-main>${ORDERS}<a href="/orders/7">Seven</a></div>`,
  },
  "@imacrayon/alpine-ajax": {
    script: 'import Alpine from "alpinejs"; import ajax from "@imacrayon/alpine-ajax"; Alpine.plugin(ajax); Alpine.start(); window.started = true;',
    body: `<main x-data>${ORDERS}<a href="/orders/7" x-target=part>Seven</a><div id=part></div></main>`,
  },
  pjax: {
    script: 'import Pjax from "pjax"; new Pjax({ selectors: ["title", "#part"], cacheBust: false }); window.started = true;',
    body: `<div id=part>${ORDERS}<a href="/orders/7">Seven</a></div>`,
  },
  "@barba/core": {
    script: 'import barba from "@barba/core"; barba.init({ transitions: [{ leave() {}, enter() {} }] }); window.started = true;',
    body: `<div data-barba=wrapper><div data-barba=container data-barba-namespace=orders>${ORDERS}<a href="/orders/7">Seven</a></div></div>`,
  },
};
for (const [name, { script, body }] of Object.entries(hard)) {
  test(`${name} loads the page whole`, () => withOpenPage(script, body, async (page, application, url) => {
    await page.click("a");
    await assertPage(page);
    assert.equal(page.url(), `${url}/orders/7`);
    await returns(page, application);
    exhibit(name, versionOf(name), "pages by script", `the page: ${MESSAGE}`, "after Retry-After");
  }));
}

// Its scripts are resources of Mono's assembly, each behind its length.
function scriptOfAspNet(name) {
  const assembly = readFileSync("/usr/lib/mono/4.5/System.Web.Extensions.dll");
  const head = `// Copyright (C) Microsoft Corporation. All rights reserved.\r\n//----------------------------------------------------------\r\n// ${name}\r\n`;
  const start = assembly.lastIndexOf("\u{feff}", assembly.indexOf(head));
  return assembly.subarray(start, start + assembly.readUInt32LE(start - 4)).toString();
}

test("ASP.NET AJAX: an update panel ends at the page", () =>
  withOpenPage(["MicrosoftAjax.js", "MicrosoftAjaxWebForms.js"].map((name) => `(0, eval)(${JSON.stringify(scriptOfAspNet(name))});`).join("\n") +
    `const { PageRequestManager } = Sys.WebForms;
    PageRequestManager._initialize("Manager", document.getElementById("form"));
    PageRequestManager.getInstance()._updateControls(["tPanel"], [], [], 90);
    Sys.Application.initialize();
    window.started = true;`,
  `<form id=form method=post action="/Orders.aspx?id=7"><div id=Panel>${ORDERS}<input type=submit id=Send name=Send value=Send></div></form>`,
  async (page, application, url) => {
    await page.click("#Send");
    await assertPage(page);
    assert.equal(page.url(), `${url}/Orders.aspx?id=7`);
    await returns(page, application);
    exhibit("ASP.NET AJAX", "4.0", "update panels (ASP.NET AJAX)", `the page: ${MESSAGE}`, "after Retry-After");
  }));

// ------------------------------------------------------------------ uploads

const file = 'new File(["seven"], "seven.txt", { type: "text/plain" })';

test("Dropzone: the message stands beside the file", () =>
  withOpenPage(`import Dropzone from "dropzone"; window.dropzone = new Dropzone("#files"); window.started = true;`,
    `${ORDERS}<form id=files action="/receipts"></form>`, async (page) => {
      await page.evaluate(`window.dropzone.addFile(${file})`);
      const shown = page.locator("[data-dz-errormessage]");
      await shown.filter({ hasText: MESSAGE }).waitFor({ state: "attached" });
      exhibit("dropzone", versionOf("dropzone"), "uploads (Dropzone)", await shown.textContent());
    }));

test("Fine Uploader: the reason is the message", () =>
  withOpenPage(`import qq from "fine-uploader/lib/core";
    window.reason = new Promise((resolve) => {
      window.uploader = new qq.FineUploaderBasic({
        request: { endpoint: "/receipts" }, callbacks: { onError: (id, name, reason) => resolve(reason) } });
    });
    window.started = true;`, ORDERS, async (page) => {
    const reason = await page.evaluate(`window.uploader.addFiles([${file}]); window.reason`);
    assert.ok(reason.includes(MESSAGE), reason);
    exhibit("fine-uploader", versionOf("fine-uploader"), "uploads (Fine Uploader)", reason);
  }));
