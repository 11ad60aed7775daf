// Signing in at the provider beside this file, as people do it in a browser.
import { accessible, accessibleByNight, check, desktop, main, open, phone, steady } from "../browser/browser.mjs";

async function look(page, what) {
  await steady(page, what);
  await accessible(page, what);
  await accessibleByNight(page, `${what}, dark`);
}

async function heading(page, wanted) {
  await page.getByRole("heading", { level: 1, name: wanted }).waitFor();
  check(true, wanted);
}

// Presses the office's button, and signs in by the provider's pages.
async function signIn(page, login) {
  await page.getByRole("button", { name: "Sign in with Harbor" }).press("Enter");
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill("x");
  await page.locator("input[name=password]").press("Enter");
  await page.getByRole("button", { name: "Continue" }).click();
}

await main(async (browser) => {
  for (const [viewport, script] of [[desktop, true], [phone, true], [desktop, false]]) {
    const page = await open(browser, "/roster", { viewport, script });
    // The provider's pages want a font from elsewhere.
    await page.route((url) => url.hostname !== "127.0.0.1", (route) => route.fulfill({ body: "" }));
    await heading(page, "Sign in");
    if (script) await look(page, `the sign-in at ${viewport.width} px`);
    await signIn(page, "pat");
    await heading(page, "Roster");
    check(new URL(page.url()).pathname === "/roster", `it ends at ${page.url()}`);
    await page.context().close();
  }
  // The browser complains of the answers to what is refused, so these pages are opened without `open`.
  for (const viewport of [desktop, phone]) {
    const context = await browser.newContext({ viewport, colorScheme: "light" });
    const page = await context.newPage();
    await page.goto(new URL("/signin", process.argv[2]).href);
    await signIn(page, "eve");
    await heading(page, "You are not a user here");
    await look(page, `a stranger at ${viewport.width} px`);
    await page.getByRole("link", { name: "Sign in" }).click();
    await heading(page, "Sign in");
    await context.close();
  }
});
