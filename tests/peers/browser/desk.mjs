// A sail from its booking to its pay, as the dispatcher goes about it: a charter is added, a rule set aside, somebody kept
// aboard whom a day off speaks against, somebody who stood by put aboard; then who did not come, what it came to, and the
// month that is paid.
import { accessible, accessibleByNight, check, desktop, link, main, open, origin, phone, steady } from "./browser.mjs";
import { button, others, somebody, text, through } from "./charter.mjs";

const script = process.argv[3] !== "without-script";

// What only a form or a day that is over leads to is looked over here, at a desk and on a phone.
async function look(page, what) {
  if (!script) return;
  for (const viewport of [desktop, phone]) {
    await page.setViewportSize(viewport);
    await steady(page, what, false);
    await accessible(page, what);
    await accessibleByNight(page, what);
    await page.emulateMedia({ colorScheme: "light" });
  }
  await page.setViewportSize(desktop);
}

// The day of that many days from now where the demo is, as 2026-12-08.
function day(from_now) {
  return new Intl.DateTimeFormat("sv", { timeZone: "America/Los_Angeles" }).format(new Date(Date.now() + from_now * 86_400_000));
}

// What comes of something a moment later.
async function appears(page, expected) {
  for (let tries = 0; tries < 50; tries += 1) {
    if ((await text(page)).includes(expected)) return check(true, expected);
    await page.waitForTimeout(200);
    await page.reload();
  }
  check(false, `"${expected}" is not on ${page.url()}: ${(await text(page)).slice(0, 1500)}`);
}

async function clock(page, move) {
  const answer = await page.request.post(`${origin}/demo/clock`, { form: { move }, headers: { origin }, maxRedirects: 0 });
  check(answer.status() === 303, `the clock: ${answer.status()}`);
}

async function add(page, date) {
  await page.goto(`${origin}/`);
  await page.getByRole("link", { name: "Add a charter" }).click();
  const form = page.locator("form", { has: page.getByRole("button", { name: "Add a charter" }) });
  await form.getByLabel("Boat", { exact: true }).fill("Stars");
  await form.getByRole("button", { name: "Add a charter" }).click();
  const problems = await page.getByRole("alert").innerText();
  check(problems.includes("Nothing is added yet") && problems.includes("The dock is "), `what is wrong is said: ${problems}`);
  check(await form.getByLabel("Boat", { exact: true }).inputValue() === "Stars", "what was typed is kept");
  await look(page, "a charter's form with faults");
  await form.getByLabel("Dock").fill("Pier 9");
  for (const [name, time] of [["Call time", "15:15"], ["Departs", "16:00"], ["Returns", "19:00"]]) {
    await form.getByLabel(name).fill(`${date}T${time}`);
  }
  await form.getByLabel("Guests").fill("6");
  await form.getByLabel("Deckhand").fill("1");
  await form.getByLabel("Revenue").fill("1450");
  await form.getByRole("button", { name: "Add a charter" }).click();
  await page.waitForURL(/\/charters\/charter_\d+$/);
  check((await text(page)).includes("Pier 9"), "the charter is added");
  return new URL(page.url()).pathname;
}

// Without first aid nobody is a deckhand on this boat, unless the office says why.
async function rule(page) {
  await page.getByRole("region", { name: "Deckhand" }).getByText(/^Not asked: /).click();
  check((await text(page)).includes("Sam Ortiz"), "whoever is left out is named");
  await page.getByText("Set a rule aside…").click();
  const form = page.locator("details", { hasText: "Set a rule aside…" }).locator("form");
  await form.locator("select[name=gate]").selectOption("credentials");
  await form.locator("select[name=crew]").selectOption({ label: "Sam Ortiz" });
  await form.getByLabel("Why").fill("papers seen at the dock");
  await through(page, () => form.getByRole("button", { name: "Set aside" }).click(), "credentials is set aside for Sam Ortiz");
  check((await text(page)).includes("papers seen at the dock"), "why is kept");
  check((await others(page, "deckhand")).includes("sam-ortiz"), "Sam comes now");
}

// Somebody who is aboard has that day off, and stays aboard all the same.
async function stays(page, charter, date) {
  await button(page, "Prepare the call", "prepared");
  await somebody(page, "captain", "maya-chen", "Put aboard", "put aboard: asked for", "asked for");
  // Booked days are locked on the page of days, but not in a file that comes from elsewhere.
  await page.goto(`${origin}/roster/import`);
  const csv = `crew_id,${date}\nmaya-chen,no\n`;
  await page.getByLabel(/^File/).setInputFiles({ name: "days.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.getByLabel("what people say of days").check();
  await page.getByRole("button", { name: "See what would change" }).click();
  check((await page.getByRole("region", { name: "Changed" }).innerText()).includes("Maya Chen"), "the change is shown");
  await look(page, "a file before it is taken over");
  await page.getByRole("button", { name: "Take it over" }).click();
  await page.getByText("Taken over").waitFor();
  await page.goto(origin + charter);
  await appears(page, "Maya Chen, aboard as captain 1: unavailable");
  await page.goto(`${origin}/needs-you`);
  check((await text(page)).includes("Maya Chen"), "it needs somebody");
  await page.goto(origin + charter);
  await page.getByText("Who is aboard…").click();
  const form = page.locator("details", { hasText: "Who is aboard…" }).locator("form", { has: page.getByRole("button", { name: "Stays aboard" }) });
  await form.getByLabel("Why").fill("we spoke");
  await through(page, () => form.getByRole("button", { name: "Stays aboard" }).click(), "we spoke");
  check(!(await text(page)).includes("aboard as captain 1: unavailable"), "it needs nobody any more");
  await somebody(page, "deckhand", "sam-ortiz", "Put aboard", "put aboard: rang us", "rang us");
  check((await page.locator("h1").innerText()).includes("crewed"), "it is crewed");
}

// Whoever said no and could after all stands by, and has the seat once it is free.
async function standby(browser) {
  const page = await open(browser, "/charters/charter_5702", { script, viewport: script ? desktop : phone });
  await button(page, "Prepare the call", "prepared");
  await button(page, "Go on", "Dana Reyes, asked");
  const dana = await open(browser, "/demo/mail", { viewport: phone, script });
  const offer = await link(dana, "dana-reyes", "charter_5702");
  await button(page, "Said no", "Gene Holt, asked");
  await button(page, "Said yes", "said yes");
  await dana.goto(origin + offer);
  await dana.getByRole("button", { name: "I can sail" }).click();
  check((await dana.locator("h1").innerText()).includes("you stand by"), await dana.locator("h1").innerText());
  await page.reload();
  await button(page, "Pause the call", "paused");
  await page.getByText("Who is aboard…").click();
  const aboard = page.locator("details", { hasText: "Who is aboard…" }).locator(".controls").first();
  await aboard.getByLabel("Why").fill("the owner sails");
  await button(page, "Release", "released: the owner sails", aboard);
  check((await text(page)).includes("Dana Reyes stands by as captain"), "whoever stands by is shown");
  await button(page, "Put aboard", "put aboard: stood by");
}

async function person(page) {
  await page.goto(`${origin}/roster/people/zoe-tan`);
  await page.getByRole("button", { name: "Mail comes back" }).click();
  await page.goto(`${origin}/roster/people/zoe-tan`);
  check((await text(page)).includes("mail is refused"), "mail does not reach Zoe");
  await page.getByRole("button", { name: "Mail arrives again" }).click();
  await page.goto(`${origin}/roster/people/zoe-tan`);
  check(!(await text(page)).includes("mail is refused"), "mail reaches Zoe");
  await page.getByRole("button", { name: "Mail the link of their own page" }).click();
  check((await text(page)).includes("is on its way to zoe@example.com"), "the link is mailed");
  await page.goto(`${origin}/roster/people/zoe-tan`);
  await page.getByRole("button", { name: "End that link, and mail a new one" }).click();
  check((await text(page)).includes("opens nothing any more"), "the link of before is ended");
  await page.goto(`${origin}/roster/people/zoe-tan`);
  await page.getByRole("button", { name: "Zoe Tan has left" }).click();
  await page.goto(`${origin}/roster/people/zoe-tan`);
  await page.getByRole("button", { name: "Zoe Tan is back" }).click();
  await page.goto(`${origin}/roster/people/zoe-tan`);
  check(await page.getByRole("button", { name: "Zoe Tan has left" }).isVisible(), "Zoe is back");
}

async function afterwards(page, charter) {
  await page.goto(origin + charter);
  const sailed = () => page.locator("details", { hasText: "Who sailed…" });
  await page.getByText("Who sailed…").click();
  const row = sailed().locator(".controls", { hasText: "Sam Ortiz, deckhand 1" });
  await row.getByLabel("Why").fill("overslept");
  await through(page, () => row.getByRole("button", { name: "Did not come" }).click(), "overslept");
  await page.getByText("Who sailed…").click();
  const other = sailed().locator("form", { has: page.getByRole("button", { name: "Sailed", exact: true }) });
  await other.getByLabel("Who", { exact: true }).fill("bo-lindqvist");
  await other.getByLabel("as").selectOption("deckhand");
  await other.getByLabel("Why").fill("was at the dock");
  await through(page, () => other.getByRole("button", { name: "Sailed", exact: true }).click(), "was at the dock");
  const figures = page.locator("form", { has: page.getByRole("button", { name: "Record" }) });
  await figures.getByLabel("Channel fee").fill("2000");
  await figures.getByRole("button", { name: "Record" }).click();
  check((await figures.locator("strong.bad").allInnerTexts()).length === 1, "a fee above the revenue is refused beside its field");
  await page.locator("details").evaluateAll((all) => all.forEach((details) => { details.open = true; }));
  await look(page, "a charter that has left, with faults in its figures");
  await figures.getByLabel("Channel fee").fill("145");
  await figures.getByLabel("Gratuity").fill("100.01");
  await figures.getByLabel("Hours", { exact: true }).fill("3:30");
  await figures.getByLabel("Hours of Bo Lindqvist").fill("2:45");
  await figures.getByRole("button", { name: "Record" }).click();
  await page.waitForURL((url) => url.pathname === charter);
  for (const part of ["100.01", "145.00", "2:45"]) check((await text(page)).includes(part), `${part} is not recorded`);
}

async function pay(page, month) {
  await page.goto(`${origin}/statements/${month}`);
  for (const name of ["Maya Chen", "Bo Lindqvist"]) check((await text(page)).includes(name), `${name} is paid`);
  const form = page.locator("form.entry");
  await form.getByLabel("Person").selectOption({ label: "Maya Chen" });
  await form.getByLabel("Bonus or deduction").selectOption("bonus");
  await form.getByLabel("Amount").fill("25.00");
  await form.getByLabel("Why").fill("Night watch");
  await form.getByRole("button", { name: "Enter it" }).click();
  check((await text(page)).includes("Night watch"), "the bonus is entered");
  await page.getByRole("button", { name: "Take back" }).click();
  check(!(await text(page)).includes("Night watch"), "the bonus is taken back");
  await page.getByRole("button", { name: "Approve this month" }).click();
  check((await page.locator("h1").innerText()).includes("approved"), "the month is approved");
  await look(page, "a month that is approved");
  await page.getByRole("button", { name: /^Send \d+ mails$/ }).click();
  await appears(page, "✓ sent");
  for (const name of ["The owner's workbook", "A table for payroll programs"]) {
    const file = await page.request.get(new URL(await page.getByRole("link", { name }).getAttribute("href"), page.url()).href);
    check(file.status() === 200 && (await file.body()).length > 100, `${name}: ${file.status()}`);
  }
  await page.getByRole("link", { name: "Maya Chen" }).first().click();
  check((await page.locator("h1").innerText()).includes("Maya Chen"), "somebody's statement");
  await look(page, "somebody's statement");
}

await main(async (browser) => {
  const page = await open(browser, "/", { script, viewport: script ? desktop : phone });
  const date = day(8);
  const charter = await add(page, date);
  await rule(page);
  await stays(page, charter, date);
  await standby(browser);
  await person(page);
  for (let days = 0; days < 9; days += 1) await clock(page, "1day");
  await afterwards(page, charter);
  // Until the month is over.
  const month = date.slice(0, 7);
  const rest = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 2)) - Date.parse(day(9));
  for (let days = 0; days < rest / 86_400_000; days += 1) await clock(page, "1day");
  await pay(page, month);
});
