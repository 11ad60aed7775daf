// The roster as the dispatcher keeps it: the days of a month by keyboard, a person, and a file.
import { check, desktop, lookOver, main, open, phone } from "./browser.mjs";

const value = (page) => page.evaluate(() => [document.activeElement.name, document.activeElement.value]);

await main(async (browser) => {
  // The month after, of which no day is over.
  const month = await open(browser, "/roster/days");
  await month.getByRole("link", { name: "→" }).click();
  const cell = (name, day) => month.getByRole("combobox", { name: new RegExp(`^${name} \\w+ ${day}$`) });
  await cell("Zoe Tan", 20).click();
  await month.keyboard.press("ControlOrMeta+a");
  await month.keyboard.type("from 14:00");
  await month.keyboard.press("ArrowRight");
  await month.keyboard.type("no");
  check((await value(month))[0].endsWith(".21"), `the arrow led to ${await value(month)}`);
  await month.keyboard.press("Enter");
  check((await value(month))[0].endsWith(".21"), "the return key goes down");
  check(await cell("Max Feld", 21).evaluate((input) => input === document.activeElement), "to the next of the crew");
  // Whoever goes elsewhere with something unsaved is asked first.
  let asked = false;
  month.once("dialog", async (dialog) => { asked = true; await dialog.dismiss(); });
  await month.getByRole("link", { name: "Everyone" }).click().catch(() => {});
  await month.waitForTimeout(300);
  check(asked, "nobody asked before what was written was lost");
  await month.getByRole("button", { name: "Save" }).click();
  await month.getByText("Saved: 2 days.").waitFor();
  check(await cell("Zoe Tan", 20).inputValue() === "from 14:00", "the day is saved");
  check(await cell("Zoe Tan", 21).inputValue() === "no", "and the one after");

  // On a phone the names stay while the days scroll by, and what has the focus is not behind them.
  const small = await open(browser, new URL(month.url()).pathname + new URL(month.url()).search, { viewport: phone });
  const last = small.getByRole("combobox", { name: /^Zoe Tan \w+ 28$/ });
  await last.focus();
  const name = await small.getByRole("link", { name: "Zoe Tan" }).boundingBox();
  check(name && name.x >= 0 && name.x < 40, `the name is at ${name?.x}`);
  for (let day = 0; day < 12; day += 1) await small.keyboard.press("Shift+Tab");
  const [box, header] = [await small.locator(":focus").boundingBox(), await small.getByRole("rowheader", { name: /Zoe Tan/ }).boundingBox()];
  check(box.x >= header.x + header.width - 1, `the focus is at ${box.x}, behind the name that ends at ${header.x + header.width}`);

  // What has faults says so beside them, and keeps what was written.
  for (const viewport of [desktop, phone]) {
    const days = await open(browser, new URL(month.url()).pathname + new URL(month.url()).search, { viewport });
    const wrong = days.getByRole("combobox", { name: /^Max Feld \w+ 22$/ });
    await wrong.fill("on a whim");
    await days.getByRole("button", { name: "Save" }).click();
    await days.locator("[aria-invalid=true]").first().waitFor();
    check(await wrong.inputValue() === "on a whim", "what was written is there still");
    await lookOver(days, `days with a fault at ${viewport.width} px`, false);
    await days.context().close();
    const person = await open(browser, "/roster/new", { viewport });
    await person.getByLabel("Name", { exact: true }).fill("Bo Sample");
    await person.getByLabel("Phone").fill("ring twice");
    await person.getByRole("button", { name: "Add", exact: true }).click();
    await person.locator("[aria-invalid=true]").first().waitFor();
    await lookOver(person, `a person with a fault at ${viewport.width} px`, false);
    await person.context().close();
  }

  // Without script a day, a person and a file all the same.
  const plain = await open(browser, "/roster", { script: false });
  await plain.getByRole("button", { name: "Ask Gene Holt earlier" }).click();
  const captains = await plain.locator("table.people").first().locator("tbody tr").allInnerTexts();
  check(captains[0].includes("Gene Holt") && captains[1].includes("Dana Reyes"), `asked first: ${captains[0]}`);
  await plain.getByRole("link", { name: "Add a person" }).click();
  await plain.getByLabel("Name", { exact: true }).fill("Ada Sample");
  await plain.getByLabel("E-mail address").fill("ada@example.com");
  await plain.getByLabel("Rank").selectOption("host");
  await plain.getByRole("button", { name: "Add", exact: true }).click();
  await plain.getByRole("heading", { name: "Ada Sample" }).waitFor();
  await plain.getByRole("link", { name: "Import" }).click();
  const csv = "crew_id,phone\nada-sample,+1-619-555-0199\n";
  await plain.getByLabel(/^File/).setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await plain.getByRole("button", { name: "See what would change" }).click();
  check((await plain.getByRole("region", { name: "Changed" }).innerText()).includes("+1-619-555-0199"), "the change is shown");
  await plain.getByRole("button", { name: "Take it over" }).click();
  await plain.getByText("Taken over: 0 added, 1 changed.").waitFor();
});
