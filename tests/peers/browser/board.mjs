// The board as the dispatcher has it open all day.
import { check, desktop, main, open, origin } from "./browser.mjs";

// Whoever reads the crew by days stays where they are, whatever happens meanwhile.
async function whileOthersWork(browser) {
  const crew = await open(browser, "/?by=crew", { viewport: { width: 700, height: 900 } });
  const place = crew.locator(".scroll").first();
  await place.evaluate((element) => { element.scrollLeft = 120; });
  const scrolled = await place.evaluate((element) => element.scrollLeft);
  check(scrolled > 0, "the days are wider than the window");
  await crew.locator("table.crew a.chip").first().focus();
  const focused = await crew.evaluate(() => document.activeElement.textContent);
  await place.evaluate((element, left) => { element.scrollLeft = left; }, scrolled);
  const other = await open(browser, "/charters/charter_5702");
  await other.getByRole("button", { name: "Start the call" }).click();
  await other.getByRole("button", { name: "Start calling" }).click();
  await crew.waitForFunction(() => /is asked/.test(document.getElementById("crew-dana-reyes").textContent));
  check(await place.evaluate((element) => element.scrollLeft) === scrolled, "the table moved");
  check(await crew.evaluate(() => document.activeElement.textContent) === focused, "the focus is lost");
}

// A charter's page is shown anew when something changes, unless somebody is writing there.
async function pagesFollow(browser) {
  const [reader, writer] = [await open(browser, "/charters/charter_5702"), await open(browser, "/charters/charter_5702")];
  for (const page of [reader, writer]) await page.evaluate(() => { window.notReloaded = true; });
  await writer.getByLabel("Write to everyone aboard, or a note").or(writer.getByLabel("A note for the office")).fill("Half a note");
  check(/paused/.test(await reader.locator("h1").innerText()), "the call rests");
  const other = await open(browser, "/charters/charter_5702");
  await other.getByRole("button", { name: "Go on", exact: true }).click();
  await other.locator("main form[method=post] button").first().click();
  await reader.waitForFunction(() => /asking/.test(document.querySelector("h1").textContent));
  check(await reader.evaluate(() => window.notReloaded), "the page was loaded anew");
  await writer.getByText("This has changed meanwhile.").waitFor();
  check(await writer.locator("#text").inputValue() === "Half a note", "what was written is lost");
  // What a server that is gone leaves behind is not taken for the present.
  await reader.clock.install();
  await reader.route("**/*", (route) => route.abort());
  await reader.evaluate(() => heard(false));
  await reader.clock.fastForward(60_000);
  await reader.getByText("The server has not answered since").waitFor();
  check(true, "a server that is gone is noticed");
}

// A stream that is refused, as while the server starts anew, is asked for again.
async function comesBack(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.clock.install();
  let refused = 0;
  await page.route("**/live?*", (route) => { refused += 1; return route.fulfill({ status: 502, body: "" }); });
  await page.goto(`${origin}/`);
  for (let tries = 0; tries < 50 && refused === 0; tries += 1) await page.waitForTimeout(100);
  check(refused === 1, `the stream was asked for ${refused} times`);
  await page.unroute("**/live?*");
  const again = page.waitForRequest((request) => request.url().includes("/live?"));
  await page.clock.fastForward(61_000);
  await again;
  const other = await open(browser, "/charters/charter_5702");
  await other.getByRole("button", { name: "Pause the call" }).click();
  await other.locator("main form[method=post] button").first().click();
  await page.waitForFunction(() => /paused/.test(document.getElementById("charter-charter_5702").textContent));
  check(true, "and tells what happens");
}

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
  // By the dock, which no row shows, as the server finds it.
  await board.getByLabel("Search").fill("shelter island");
  check(await board.locator("table.board tbody tr:visible").count() === await board.locator("table.board tbody tr").count(), "all leave from there");
  await board.getByLabel("Search").fill("nothing is like that");
  check(await board.locator("table.board tbody tr:visible").count() === 0, "nothing is like that");
  check(await board.getByText("No charter here is like that.").isVisible(), "and that is said");
  await board.getByLabel("Search").fill("jada");
  check(await board.getByText("No charter here is like that.").isHidden(), "it is said no more");
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

  await whileOthersWork(browser);
  await comesBack(browser);
  await pagesFollow(browser);

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
