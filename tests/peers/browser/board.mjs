// The board as the dispatcher has it open all day.
import { check, desktop, main, open } from "./browser.mjs";

await main(async (browser) => {
  const board = await open(browser, "/");
  const row = (id) => board.locator(`#charter-${id}`);
  check((await row("charter_5681").innerText()).includes("not started"), "charter_5681 is not started");

  // Somebody else starts a call: nobody reloads the board.
  const other = await open(browser, "/charters/charter_5681");
  await board.evaluate(() => { window.notReloaded = true; });
  await other.getByRole("button", { name: "Start the call" }).click();
  await other.getByRole("button", { name: "Start calling" }).click();
  await board.waitForFunction(() => /asked|on its way/.test(document.getElementById("charter-charter_5681").textContent));
  check(await board.evaluate(() => window.notReloaded), "the board was loaded anew");

  // The keyboard alone.
  await board.locator("body").press("j");
  const first = await board.evaluate(() => document.activeElement.closest("tr")?.id);
  check(first === await board.locator("table.board tbody tr").first().getAttribute("id"), `j goes to ${first}`);
  await board.keyboard.press("j");
  await board.keyboard.press("k");
  check(await board.evaluate(() => document.activeElement.closest("tr")?.id) === first, "k goes back");
  await board.keyboard.press("/");
  await board.keyboard.type("jada");
  const shown = await board.locator("table.board tbody tr:visible").count();
  check(shown > 0 && shown < await board.locator("table.board tbody tr").count(), `${shown} rows are like "jada"`);
  await board.keyboard.press("Escape");
  await board.keyboard.press("?");
  check(await board.getByRole("dialog").isVisible(), "? shows the keys");
  // Whoever cannot use single keys switches them off (WCAG 2.1.4).
  await board.getByLabel("These keys are on").uncheck();
  await board.getByRole("button", { name: "Close" }).click();
  await board.evaluate(() => document.activeElement.blur());
  await board.keyboard.press("/");
  check(await board.evaluate(() => document.activeElement.id) !== "search", "the keys are off");
  await board.keyboard.press("?");
  await board.getByLabel("These keys are on").check();
  await board.keyboard.press("Escape");
  await board.getByLabel("Search").fill("");
  await board.evaluate(() => document.activeElement.blur());
  await board.keyboard.press("j");
  await board.keyboard.press("Enter");
  await board.waitForURL(/\/charters\//);
  check(true, "Enter opens it");

  // Without script the same filters and the same search.
  const plain = await open(browser, "/", { script: false });
  await plain.getByRole("link", { name: "Uncrewed" }).click();
  check(!(await plain.locator("table.board").innerText()).includes("charter_5662"), "a crewed charter is among the uncrewed");
  await plain.getByLabel("Search").fill("jada");
  await plain.getByRole("button", { name: "Search" }).click();
  check((await plain.locator("table.board tbody tr").count()) === 2, "two sails of the Jada are uncrewed");

  // On one page of paper.
  const paper = await open(browser, "/", { viewport: desktop });
  const pdf = (await paper.pdf({ preferCSSPageSize: true })).toString("latin1");
  check((pdf.match(/\/Type\s*\/Page[^s]/g) ?? []).length === 1, "the board does not print on one page");
});
