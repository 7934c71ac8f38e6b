// One step of an operator's night on the dashboard of a phone, or of a visitor in a browser:
//
//   node night_dashboard.mjs plan | extend | let-in | callers | off     prints what the operator sees
//   node night_dashboard.mjs visit URL                                  prints where it leads, and the text
//
// INTERMISSION_CONTROL_URL and INTERMISSION_TOKEN are the operator's; SITE_PORT is where
// https://payments.example.com is on this machine.
import { launch, FLAGS } from "./chromium.mjs";
import { button, card, logIn } from "./operator.mjs";

const { INTERMISSION_CONTROL_URL: CONTROL, INTERMISSION_TOKEN: TOKEN, SITE_PORT, PICTURE } = process.env;
const [step, url] = process.argv.slice(2);
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

const rules = `--host-resolver-rules=MAP payments.example.com:443 127.0.0.1:${SITE_PORT}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`;
const browser = await launch({ args: [...FLAGS.filter((flag) => !flag.startsWith("--host-resolver-rules")), rules] });
const context = await browser.newContext({ ...phone, timezoneId: "Europe/Berlin", locale: "en-GB", ignoreHTTPSErrors: true });
const page = await context.newPage();
const deed = (name) => button(card(page, "Payments"), name);
const dialog = () => page.getByRole("dialog");

const steps = {
  async plan() {
    await deed("Plan…").tap();
    await page.getByLabel("Day", { exact: true }).fill("2026-12-06");
    await page.getByLabel("From", { exact: true }).fill("02:00");
    await page.getByLabel("To", { exact: true }).fill("03:00");
    await page.getByLabel("Repeat").selectOption({ label: "every Sunday" });
    await button(page, "Plan window").tap();
    return page.locator("#rules li").first().textContent();
  },
  async extend() {
    const left = card(page, "Payments").locator(".left");
    const before = await left.textContent();
    await deed("+30 min").tap();
    await page.waitForFunction(([text]) => document.querySelector(".closed .left").textContent !== text, [before]);
    return left.textContent();
  },
  async "let-in"() {
    await deed("Link for a tester…").tap();
    await dialog().getByLabel("4 hours").tap();
    await button(dialog(), "Make a link").tap();
    await dialog().getByText("The link is valid until").waitFor();
    return dialog().getByLabel("Link, for a browser").inputValue();
  },
  async callers() {
    const row = page.locator("#caller-rows tr").filter({ hasText: "Zeep/" });
    await row.waitFor();
    return row.locator("td[data-label=Calls]").textContent();
  },
  async off() {
    await deed("End maintenance…").tap();
    await button(dialog(), "End maintenance").tap();
    await card(page, "Payments").getByText("Open", { exact: true }).waitFor();
    return card(page, "Payments").locator(".next").textContent();
  },
};

try {
  if (step === "visit") {
    await page.goto(url);
    console.log(`${page.url()}\n${await page.locator("body").innerText()}`);
  } else {
    await page.goto(CONTROL);
    await logIn(page, TOKEN, "Anna");
    console.log(await steps[step]());
    if (PICTURE) await page.screenshot({ path: PICTURE, fullPage: step === "callers" });
  }
} finally {
  await browser.close();
}
