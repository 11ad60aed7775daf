// Every state of the page behind an offer's link, on a phone: reached as people reach it, by its own buttons, those of
// the office and the clock. Each is looked over, by day and by night, and fits on the screen and in 20 KB.
import { accessible, accessibleByNight, check, link, main, open, origin, phone, steady } from "./browser.mjs";

const charter = "charter_5702";
const seen = new Set();

await main(async (browser) => {
  const script = process.argv[3] !== "without-script";
  const office = await open(browser, `/charters/${charter}`, { script });
  const page = await open(browser, "/demo/mail", { viewport: phone, script });

  async function post(path, form) {
    const answer = await office.request.post(origin + path, { form, headers: { origin }, maxRedirects: 0 });
    check(answer.status() === 303, `${path} ${JSON.stringify(form)}: ${answer.status()} ${(await answer.text()).slice(-600)}`);
  }
  const change = (what, more) => post(`/charters/${charter}/change`, { what, ...more });
  const clock = (move) => post("/demo/clock", { move });
  // Whoever is asked for a position now, as the office sees it.
  async function asked(position, of = charter) {
    for (let tries = 0; tries < 50; tries += 1) {
      await office.goto(`${origin}/charters/${of}`);
      const now = await office.locator(`section[aria-labelledby=position-${position}] .now`).innerText();
      const name = now.match(/… ([A-Z][a-z]+ [A-Z][a-z]+), asked/)?.[1];
      if (name) return name.toLowerCase().replace(" ", "-");
      await office.waitForTimeout(300);
    }
    throw new Error(`nobody is asked as ${position} of ${of}`);
  }
  async function look(state) {
    const heading = await page.locator("h1").innerText();
    check(heading.includes(state), `"${heading}" where "${state}" should stand`);
    seen.add(state);
    const what = `offer: ${state}`;
    if (!script) return;
    await steady(page, what);
    await accessible(page, what);
    await accessibleByNight(page, what);
    await page.emulateMedia({ colorScheme: "light" });
  }
  async function opened(path, state) {
    await page.goto(origin + path);
    await look(state);
    const style = await page.locator("link[rel=stylesheet]").first().getAttribute("href");
    let bytes = (await page.content()).length;
    bytes += (await (await page.request.get(origin + style)).body()).length;
    check(bytes < 20_480, `${state}: ${bytes} bytes`);
    check(await page.locator("script").count() === 0, `${state} has a script`);
  }
  async function press(name, state) {
    const button = page.getByRole("button", { name, exact: true });
    const { height } = await button.boundingBox();
    check(height >= 44, `${name} is ${height} px high`);
    await button.click();
    await look(state);
  }

  await post(`/charters/${charter}/start`, {});
  const first = await asked("captain");
  const theirs = await link(page, first, charter);
  await opened(theirs, "can you sail?");
  await press("Accept", "You're on");
  check((await page.content()).includes("/crew/calendar"), "the sail can be put into a calendar");
  await press("Undo", "can you sail?");
  await page.getByLabel("A word to the office").fill("A wedding");
  await page.getByLabel(/mark me off/).check();
  await press("Can't do it", "You said you can't do it");
  await press("I can sail", "you stand by");
  await opened("/crew/accept?token=nonsense", "link");

  // The next one lets the time go by.
  const second = await asked("captain");
  const late = await link(page, second, charter);
  await clock("1h"); await clock("1h"); await clock("15min");
  await opened(late, "The time to answer is over");
  // Two at once: one of them has the seat then.
  const third = await asked("captain");
  const slower = await link(page, third, charter);
  const rows = office.locator("section[aria-labelledby=position-captain] ol.coming li");
  const fourth = await rows.last().getAttribute("data-crew");
  await change("now", { crew: fourth });
  const faster = await link(page, fourth, charter);
  await opened(faster, "can you sail?");
  check((await page.locator("main").innerText()).includes("Others are asked for this seat"), "both know of it");
  await press("Accept", "You're on");
  await opened(slower, "The seat is taken");

  // The sail changes for whoever is aboard.
  await post(`/charters/${charter}/reschedule`, { dock: "Pier 12" });
  await opened(faster, "can you still sail?");
  await press("I still sail", "You're on");
  await clock("15min");
  await opened(faster, "You're on");
  await page.getByText("Can't make it any more?").click();
  await press("I can't make it", "You said you can't make it");
  await press("I can sail after all", "You're on");
  await change("release", { crew: fourth, reason: "the owner sails" });
  await opened(faster, "You are free");

  // The office stops, and begins again.
  const again = await asked("captain");
  const stopped = await link(page, again, charter);
  await change("stop", {});
  await opened(stopped, "You are not needed at present");
  await change("again", {});
  const asked_again = await asked("captain");
  const old = { [first]: theirs, [second]: late, [third]: slower, [again]: stopped }[asked_again];
  await opened(old, "You were asked again");

  // Somebody is at sea; somebody else's link is from before.
  const aboard = await link(page, asked_again, charter);
  await opened(aboard, "can you sail?");
  await press("Accept", "You're on");
  // Another sail is off.
  await post("/charters/charter_5681/start", {});
  const off = await link(page, await asked("captain", "charter_5681"), "charter_5681");
  await post("/charters/charter_5681/change", { what: "cancel" });
  await opened(off, "This sail is cancelled");
  for (let days = 0; days < 7; days += 1) await clock("1day");
  await opened(slower === old ? late : slower, "This sail has left");
  await opened(aboard, "This sail has left");
  check((await page.locator("main").innerText()).includes("You are on its crew list"), "whoever sails is told so");
  check(seen.size === 14, `these states were seen: ${[...seen].join("; ")}`);
});
