// What can be pressed on a charter's page, as those do it who work with it.
import { check } from "./browser.mjs";

export const text = (page) => page.locator("main").innerText();

// The same with the log, which is folded away.
async function withLog(page) {
  return `${await text(page)} ${await page.locator("details.log").textContent()}`;
}

// A control leads to a page that says what would happen and has one button that does it.
export async function through(page, press, expected) {
  const charter = new URL(page.url()).pathname;
  await press();
  await page.waitForURL(/change\?|reschedule\?|start\?/);
  const said = await text(page);
  check(said.includes("Nothing is changed yet") || said.includes("Leave it as it is"), `${expected}: the page before it is missing: ${said.slice(0, 500)}`);
  await page.locator("main form[method=post] button").first().click();
  await page.waitForURL((url) => url.pathname === charter);
  // Mail leaves a moment later.
  let after = await withLog(page);
  for (let tries = 0; tries < 10 && !after.includes(expected); tries += 1) {
    await page.waitForTimeout(300);
    await page.reload();
    after = await withLog(page);
  }
  check(after.includes(expected), `"${expected}" is not on the page: ${after.slice(0, 1500)}`);
}

export async function button(page, name, expected, within = page.locator("main")) {
  await through(page, () => within.getByRole("button", { name, exact: true }).first().click(), expected);
}

// Somebody of those who come, by the form that has everyone.
export async function somebody(page, position, crew, name, expected, reason) {
  const form = page.locator("details", { hasText: "Somebody else…" }).locator("form", { has: page.locator(`input[name=position][value=${position}]`) });
  await page.getByText("Somebody else…").click();
  await form.locator("select").selectOption(crew);
  if (reason) await form.getByLabel("Why").fill(reason);
  await through(page, () => form.getByRole("button", { name, exact: true }).click(), expected);
}

export async function others(page, position) {
  return page.locator(`section[aria-labelledby=position-${position}] ol.coming li`).evaluateAll((rows) => rows.map((row) => row.dataset.crew));
}
