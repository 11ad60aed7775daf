// Signing in at the provider beside this file, as people do it in a browser; or, `without-provider`, once it is gone.
import { check, desktop, lookOver, main, open, phone } from "../browser/browser.mjs";

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

async function withProvider(browser) {
  for (const [viewport, script] of [[desktop, true], [phone, true], [desktop, false]]) {
    const page = await open(browser, "/roster", { viewport, script });
    // The provider's pages want a font from elsewhere.
    await page.route((url) => url.hostname !== "127.0.0.1", (route) => route.fulfill({ body: "" }));
    await heading(page, "Sign in");
    if (script) await lookOver(page, `the sign-in at ${viewport.width} px`);
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
    const width = `at ${viewport.width} px`;
    await signIn(page, "eve");
    await heading(page, "You are not a user here");
    await lookOver(page, `a stranger ${width}`, false);
    await page.getByRole("link", { name: "Sign in" }).click();
    await heading(page, "Sign in");
    // The way back works once.
    await page.goto(new URL("/signin/google/callback?state=x&code=y", process.argv[2]).href);
    await heading(page, "This sign-in is over");
    await lookOver(page, `a sign-in that is over ${width}`);
    await context.close();
    // Kim's address is not checked by the provider; and whoever thinks better of it there is led back as well.
    for (const [login, wanted] of [["kim", "Harbor does not vouch for your address"], ["", "Harbor did not sign you in"]]) {
      const other = await browser.newContext({ viewport, colorScheme: "light" });
      const page = await other.newPage();
      await page.goto(new URL("/signin", process.argv[2]).href);
      if (login) await signIn(page, login);
      else {
        await page.getByRole("button", { name: "Sign in with Harbor" }).press("Enter");
        await page.getByRole("link", { name: "Cancel" }).click();
      }
      await heading(page, wanted);
      await lookOver(page, `${wanted} ${width}`, false);
      await other.close();
    }
  }
}

async function withoutProvider(browser) {
  for (const viewport of [desktop, phone]) {
    const context = await browser.newContext({ viewport, colorScheme: "light" });
    const page = await context.newPage();
    await page.goto(new URL("/signin", process.argv[2]).href);
    await page.getByRole("button", { name: "Sign in with Harbor" }).click();
    await heading(page, "Harbor does not answer just now");
    await lookOver(page, `without the provider at ${viewport.width} px`, false);
    await context.close();
  }
}

await main(process.argv[3] === "without-provider" ? withoutProvider : withProvider);
