// Widgets in pages, as their packages bring them, in Debian's Chromium: what the person in front of them
// sees when the service behind the page is in maintenance.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { withApplication } from "./application.mjs";
import { launch } from "./chromium.mjs";
import { exhibit, versionOf } from "./museum.mjs";

const { MESSAGE } = process.env;

const browser = await launch();
test.after(() => browser.close());

const file = (path) => readFileSync(new URL(`node_modules/${path}`, import.meta.url), "utf8");
const JQUERY = "jquery/dist/jquery.js";
const PICTURE = `new File([Uint8Array.from(atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),
  (c) => c.charCodeAt(0))], "a.png", { type: "image/png" })`;

/** Opens a page with these files of packages and this body; then the gateway answers everything. */
async function withWidget(paths, body, use) {
  const scripts = paths.filter((path) => path.endsWith(".js"));
  const names = scripts.map((_, i) => `/script-${i}.js`);
  const styles = paths.filter((path) => path.endsWith(".css")).map((path) => `<style>${file(path)}</style>`).join("");
  const tags = styles + names.map((name) => `<script src="${name}"></script>`).join("");
  const files = Object.fromEntries(names.map((name, i) => [name, file(scripts[i])]));
  files["*"] = `<!doctype html><meta charset=utf-8><title>Orders</title>${tags}<body>${body}</body>`;
  await withApplication(files, async (url, application) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${url}/orders`);
    application.held = true;
    application.heard.length = 0;
    await use(page, application);
    await context.close();
  });
}

/** What a dialog of the browser says while `act` runs. */
async function saidInDialog(page, act) {
  const dialog = page.waitForEvent("dialog");
  const done = page.evaluate(act);
  const said = await dialog;
  const message = said.message();
  await said.accept();
  await done;
  return message;
}

function shows(name, speaks, seen) {
  assert.ok(seen.includes(MESSAGE), seen);
  exhibit(name, versionOf(name), speaks, seen);
}

test("DataTables: a dialog says the message, and the table is empty", () =>
  withWidget([JQUERY, "datatables.net/js/dataTables.js"], "<table id=parts><thead><tr><th>Name</th></tr></thead></table>", async (page) => {
    shows("datatables.net", "tables in pages (DataTables)",
      await saidInDialog(page, `new DataTable("#parts", { ajax: "/parts", serverSide: true, columns: [{ data: "name" }] }); 0`));
    await page.getByText("No data available in table").waitFor();
  }));

test("Select2: its list holds the message, which cannot be chosen", () =>
  withWidget([JQUERY, "select2/dist/js/select2.full.js"], "<select id=part style='width: 20em'></select>", async (page) => {
    await page.evaluate(`$("#part").select2({ ajax: { url: "/parts", dataType: "json" } }).select2("open"); 0`);
    const item = page.locator("li.select2-results__option[aria-disabled=true]").filter({ hasText: MESSAGE });
    await item.waitFor();
    shows("select2", "lists in pages (Select2)", await item.innerText());
    await item.click({ force: true });
    assert.equal(await page.evaluate(`$("#part").val()`), null);
  }));

test("jQuery UI's Autocomplete: its list holds the message, and choosing it enters no text", () =>
  withWidget([JQUERY, "jquery-ui-dist/jquery-ui.js"], "<input id=part>", async (page) => {
    await page.evaluate(`$("#part").autocomplete({ source: "/parts", minLength: 1, delay: 0 }).autocomplete("search", "ab"); 0`);
    const item = page.locator(".ui-menu-item").filter({ hasText: MESSAGE });
    await item.waitFor();
    shows("jquery-ui-dist", "lists in pages (jQuery UI)", await item.innerText());
    await item.click();
    assert.equal((await page.inputValue("#part")).trim(), "");
  }));

test("jsTree: a node that cannot be chosen holds the message", () =>
  withWidget([JQUERY, "jstree/dist/jstree.js"], "<div id=parts></div>", async (page) => {
    await page.evaluate(`$("#parts").jstree({ core: { data: { url: "/parts", dataType: "json", data: (node) => ({ id: node.id }) } } }); 0`);
    const node = page.locator(".jstree-anchor.jstree-disabled").filter({ hasText: MESSAGE });
    await node.waitFor();
    shows("jstree", "trees in pages", (await node.innerText()).trim());
    await node.click({ force: true });
    assert.deepEqual(await page.evaluate(`$("#parts").jstree("get_selected")`), []);
  }));

test("w2ui: the grid says the message", () =>
  withWidget(["w2ui/w2ui-2.0.css", "w2ui/w2ui-2.0.js"], "<div id=parts style='width: 700px; height: 300px'></div>", async (page) => {
    await page.evaluate(`new w2grid({ name: "parts", box: "#parts", url: "/parts", columns: [{ field: "name", text: "Name" }] }); 0`);
    await page.waitForFunction((message) => document.body.innerText.includes(message), MESSAGE);
    const [said] = (await page.innerText("body")).split("\nOk");
    shows("w2ui", "tables in pages (w2ui)", said);
  }));

test("Resumable.js: the upload fails at once, with the message", () =>
  withWidget(["resumablejs/resumable.js"], "", async (page, application) => {
    const seen = await page.evaluate(`new Promise((told) => {
      const upload = new Resumable({ target: "/files" });
      upload.on("fileError", (_, message) => told(message));
      upload.on("fileSuccess", () => told("success"));
      upload.on("fileAdded", () => upload.upload());
      upload.addFile(new File(["x"], "a.txt", { type: "text/plain" }));
    })`);
    shows("resumablejs", "uploads in pages", seen);
    assert.equal(application.heard.filter((one) => one.startsWith("POST")).length, 1);
  }));

test("EasyMDE: a dialog says the message", () =>
  withWidget(["easymde/dist/easymde.min.js"], "<textarea id=text></textarea>", async (page) => {
    shows("easymde", "uploads in pages (editor)", await saidInDialog(page, `new EasyMDE({ element: document.getElementById("text"), uploadImage: true,
      imageUploadEndpoint: "/images", autoDownloadFontAwesome: false, spellChecker: false }).uploadImage(${PICTURE})`));
  }));

for (const mode of ["REST", "REST-JSON", "POST"]) {
  test(`dhtmlxGantt, ${mode}: the change is not taken for saved, and its error holds the message`, () =>
    withWidget(["dhtmlx-gantt/codebase/dhtmlxgantt.js"], "<div id=plan style='width: 800px; height: 300px'></div>", async (page) => {
      const { action, told, pending } = await page.evaluate(`new Promise((resolve) => {
        gantt.init("plan");
        gantt.parse({ data: [{ id: 1, text: "Old", start_date: "01-04-2026", duration: 3 }], links: [] });
        const changes = gantt.createDataProcessor({ url: "/plan", mode: ${JSON.stringify(mode)} });
        changes.attachEvent("onAfterUpdate", (id, action, tid, response) =>
          resolve({ action, told: response?.message ?? "", pending: changes.updatedRows.length }));
        gantt.getTask(1).text = "New";
        gantt.updateTask(1);
      })`);
      assert.equal(action, "error");
      assert.equal(pending, 1);
      if (mode === "REST") shows("dhtmlx-gantt", "plans in pages", told);
      else assert.ok(told.includes(MESSAGE), told);
    }));
}

test("October: a dialog says the message", () =>
  withWidget([JQUERY, "octobercms/dist/framework.js"], "<form data-request=onSave><input name=item value=7></form>", async (page) => {
    shows("octobercms", "pages with October CMS", await saidInDialog(page, `$("form").request("onSave"); 0`));
  }));
