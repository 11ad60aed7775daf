// Whoever works in the office: the first user by the setup link, others by links that are mailed to them; to do
// everything, or to look only; and how browsers are signed out. Given the setup link, and the directory of the mails.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { check, desktop, lookOver, main, open, origin, phone } from "./browser.mjs";

const [, , , setup, mails] = process.argv;

// The newest sign-in link to an address, as its reader presses it.
async function mailed(page, to) {
  for (let tries = 0; tries < 50; tries += 1) {
    const files = (existsSync(mails) ? readdirSync(mails) : []).filter((name) => name.endsWith(".eml")).sort();
    const texts = files.map((name) => readFileSync(`${mails}/${name}`, "latin1"));
    const decoded = texts.map((text) => text.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))));
    const link = decoded.filter((text) => text.includes(`<${to}>`)).map((text) => text.match(/\/signin\/link\?token=[\w.-]+/)?.[0]).filter(Boolean);
    if (link.length > 0) return link;
    await page.waitForTimeout(200);
  }
  throw new Error(`no sign-in link was mailed to ${to}`);
}

async function look(page, what, fresh = true) {
  for (const viewport of [desktop, phone]) {
    await page.setViewportSize(viewport);
    // As it comes to such a screen, and not as it was resized; what came of a form is not sent again.
    if (fresh) await page.reload();
    else if (viewport === phone) break;
    await lookOver(page, `${what} at ${viewport.width} px`, fresh);
  }
  await page.setViewportSize(desktop);
}

// By the keyboard alone: to a field or a button, in the order of the page.
async function tab(page, name) {
  for (let steps = 0; steps < 40; steps += 1) {
    await page.keyboard.press("Tab");
    const said = await page.evaluate(() => {
      const here = document.activeElement;
      return here.labels?.[0]?.innerText ?? here.innerText ?? "";
    });
    if (said.trim().startsWith(name)) return;
  }
  throw new Error(`the keyboard does not reach "${name}"`);
}

async function sign_in(page, email, name, script) {
  const links = await mailed(page, email);
  const link = links.at(-1);
  await page.goto(origin + link);
  check((await page.locator("h1").innerText()) === `Sign in as ${name}?`, `${email} opened the link`);
  if (script) await look(page, "a mailed link");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/signin"));
  return link;
}

await main(async (browser) => {
  const page = await open(browser, new URL(setup).pathname + new URL(setup).search);
  await look(page, "the setup link");
  await tab(page, "Your name");
  await page.keyboard.type("Pat Lane");
  await tab(page, "Your e-mail address");
  await page.keyboard.type("pat@example.com");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${origin}/`);
  check(await page.locator("h1").innerText() === "Board", "the first user is in");

  await page.goto(`${origin}/users`);
  await look(page, "users");
  const add = page.locator("form", { has: page.getByRole("button", { name: "Add" }) });
  await add.getByLabel("Name").fill("Kim Ono");
  await add.getByLabel("E-mail address").fill("kim@example.com");
  await add.getByLabel("May").selectOption({ label: "look only" });
  await add.getByRole("button", { name: "Add" }).click();
  check((await page.locator("main").innerText()).includes("kim@example.com"), "Kim is a user");

  // Kim, without script, on a phone.
  const kim = await open(browser, "/roster", { viewport: phone, script: false });
  check(kim.url().includes("/signin"), "whoever is not signed in signs in first");
  await kim.getByLabel("Your e-mail address at the office").fill("kim@example.com");
  await kim.getByRole("button", { name: "Mail me a link" }).click();
  check((await kim.locator("h1").innerText()) === "Look into your mail", "the link is mailed");
  const used = await sign_in(kim, "kim@example.com", "Kim Ono", false);
  await kim.goto(`${origin}/users`);
  check(await kim.getByRole("button", { name: "Add" }).isDisabled(), "who looks only adds nobody");
  const refused = await kim.request.post(`${origin}/users`, { form: { name: "X", email: "x@example.com", role: "office" }, headers: { origin } });
  check(refused.status() === 403, `a form of theirs was answered with ${refused.status()}`);
  await kim.goto(`${origin}/?q=nothing`);
  check(await kim.getByLabel("Search").isEnabled(), "who looks only can search");
  // What Kim sees of everything, with script.
  await page.goto(`${origin}/`);
  const charters = await page.locator("table.board a.open").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  check(charters.length > 0, "there is no charter");
  const cookies = await kim.context().cookies();
  const watching = await open(browser, "/signin");
  await watching.context().addCookies(cookies);
  for (const path of ["/", charters[0], `${charters[0]}/start`, `${charters[0]}/change?what=cancel`, "/roster", "/roster/days", "/roster/new", "/roster/import", "/new-charter", "/needs-you", "/statements", "/users", "/account"]) {
    await watching.goto(origin + path);
    check(!watching.url().includes("/signin"), `${path} leads Kim to ${watching.url()}`);
    await look(watching, `${path}, to look only`);
  }
  await watching.context().close();
  // A link works once.
  const other = await open(browser, used);
  check((await other.locator("h1").innerText()) === "This link no longer works", "a link that was used");
  await look(other, "a link that no longer works");

  // Pat signs in elsewhere as well, and ends that one from here.
  await other.goto(`${origin}/signin`);
  await look(other, "signing in");
  await other.getByLabel("Your e-mail address at the office").fill("pat@example.com");
  await other.getByRole("button", { name: "Mail me a link" }).click();
  await look(other, "look into your mail", false);
  await sign_in(other, "pat@example.com", "Pat Lane", true);
  await page.goto(`${origin}/account`);
  await look(page, "the own sessions");
  const rows = page.locator("main tbody tr");
  check(await rows.count() === 2, `${await rows.count()} sessions`);
  await rows.filter({ hasNotText: "this one" }).getByRole("button").click();
  check(await rows.count() === 1, "the other session is ended");
  await other.goto(`${origin}/`);
  check(other.url().includes("/signin"), "the other browser is signed out");

  // Kim may do everything from now on, and is removed then.
  await page.goto(`${origin}/users`);
  const row = page.locator("main tbody tr", { hasText: "kim@example.com" });
  await row.locator("summary").click();
  await row.getByLabel("May").selectOption({ label: "look and change" });
  await row.getByRole("button", { name: "Save" }).click();
  await kim.goto(`${origin}/users`);
  check(await kim.getByRole("button", { name: "Add" }).isEnabled(), "Kim may change things now");
  await row.locator("summary").click();
  await row.getByRole("button", { name: "Remove Kim Ono" }).click();
  await kim.goto(`${origin}/users`);
  check(kim.url().includes("/signin"), "whoever is removed is out at once");

  await page.goto(`${origin}/`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto(`${origin}/`);
  check(page.url().includes("/signin"), "signed out");

  // Whoever tries one link after the other is told to wait; the browser complains of that, too.
  for (const viewport of [desktop, phone]) {
    const context = await browser.newContext({ viewport, colorScheme: "light" });
    const guesser = await context.newPage();
    let answer = await guesser.goto(`${origin}/crew/accept?token=a`);
    for (let tries = 0; answer.status() !== 429 && tries < 200; tries += 1) answer = await guesser.request.get(`${origin}/crew/accept?token=a${tries}`);
    answer = await guesser.goto(`${origin}/crew/accept?token=b`);
    check(answer.status() === 429, `a guesser is answered with ${answer.status()}`);
    await lookOver(guesser, `too often at ${viewport.width} px`);
    await context.close();
  }
});
