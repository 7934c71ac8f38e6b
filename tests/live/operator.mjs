// An operator in front of the dashboard: how to log in, and where things are.

export async function logIn(page, token, name = "Zoë") {
  await page.getByLabel("Token").fill(token);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { level: 1, name: /in maintenance|open/ }).waitFor();
}

export const card = (page, name) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 3, name, exact: true }) });
export const button = (where, name) => where.getByRole("button", { name });
