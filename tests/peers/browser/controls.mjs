// Every control of the office on a charter's page, pressed as the dispatcher does, through the page that shows first
// what it would do; once at a desk, by keyboard and mouse, with script, and once on a phone without any.
import { check, desktop, main, open, phone } from "./browser.mjs";
import { button, others, somebody, text, through } from "./charter.mjs";

async function call(page, script) {
  const charter = new URL(page.url()).pathname;
  await button(page, "Prepare the call", "prepared");
  const before = await others(page, "captain");
  await through(page, () => page.getByRole("link", { name: /^Move .* down$/ }).first().click(), "the order was changed");
  const after = await others(page, "captain");
  check(after[0] === before[1] && after[1] === before[0], `moved down: ${before} became ${after}`);
  if (script) {
    // By mouse: the last one onto the first.
    const rows = page.locator("section[aria-labelledby=position-captain] ol.coming li");
    await through(page, () => rows.last().dragTo(rows.first()), "the order was changed");
    const dragged = await others(page, "captain");
    check(dragged[0] === after.at(-1), `dragged: ${after} became ${dragged}`);
    // By keyboard alone: it goes back up to where it is pressed.
    await page.locator("a.step").first().focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/what=move/);
    await page.getByRole("link", { name: "Leave it as it is" }).click();
    await page.waitForURL(new RegExp(`${charter}$`));
  }
  await button(page, "Go on", "asked, no answer yet");
  await button(page, "One hour more", "was given until");
  await button(page, "Pause the call", "paused");
  await button(page, "Go on", "asking");
  await button(page, "Mail came back", "mail did not arrive");
  const asked = page.locator("section[aria-labelledby=position-captain] .controls").first();
  await asked.getByLabel("Why").fill("on holiday");
  await button(page, "Skip", "skipped by the office: on holiday", asked);
  await button(page, "Said no", "said no");
  await button(page, "Ask again from the top", "the call began");
  await somebody(page, "captain", (await others(page, "captain")).at(-1), "Ask now", "and 1 more asked");
  await button(page, "Stop the call", "taken back: the office stopped the call");
  await button(page, "Go on", "asking");
  await somebody(page, "captain", (await others(page, "captain")).at(-1), "Ask next", "the order was changed");
  await button(page, "Said yes", "said yes");
  const crew = await others(page, "deckhand");
  await somebody(page, "deckhand", crew.at(-1), "Put aboard", "put aboard: rang us", "rang us");
  await somebody(page, "deckhand", crew.at(-2), "Skip", "skipped by the office: has the flu", "has the flu");
  await page.getByText("Who is aboard…").click();
  const aboard = page.locator("details", { hasText: "Who is aboard…" }).locator(".controls").last();
  await aboard.getByLabel("Why").fill("double booked");
  await button(page, "Release", "released: double booked", aboard);
  await page.getByText("Change this charter…").click();
  await page.getByLabel("Dock").fill("Pier 12");
  await through(page, () => page.getByRole("button", { name: "See what that would do" }).click(), "Pier 12");
  await page.getByText("Who is aboard…").click();
  await button(page, "Still sails", "confirmed the change");
  const whoIsAboard = () => page.locator("details", { hasText: "Who is aboard…" });
  await page.getByText("Who is aboard…").click();
  await button(page, "Can't sail", "dropped out", whoIsAboard());
  await page.getByText("Who is aboard…").click();
  await button(page, "Sails after all", "sails after all", whoIsAboard());
  await page.getByText("Who is aboard…").click();
  await button(page, "Mail came back", "mail came back: the office found the mail returned", whoIsAboard());
  await page.getByLabel("Write to everyone aboard").fill("Bring a jacket");
  await page.getByRole("button", { name: "Send to everyone aboard" }).click();
  await page.waitForURL(/#thread$/);
  check((await text(page)).includes("Bring a jacket"), "the message is in the conversation");
  await page.getByLabel("Write to everyone aboard").fill("Owes us a call");
  await page.getByRole("button", { name: "Keep as a note" }).click();
  await page.getByText("Owes us a call").first().waitFor();
  await page.goto(new URL(charter, page.url()).href);
  await button(page, "Cancel this charter…", "cancelled");
  await button(page, "Restore this charter…", "asking");
}

await main(async (browser) => {
  const script = process.argv[3] !== "without-script";
  const viewport = script ? desktop : phone;
  await call(await open(browser, "/charters/charter_5702", { script, viewport }), script);
});
