// What the scripts beside this one have in common: a browser, and checks that are counted.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// Where scripts/peers installs them.
const installed = createRequire(new URL("../../../target/peers/browser/", import.meta.url));
const { chromium } = installed("playwright-core");
const axe = readFileSync(installed.resolve("axe-core/axe.min.js"), "utf8");

export const origin = process.argv[2];
export const phone = { width: 360, height: 740 };
export const desktop = { width: 1280, height: 900 };

let checks = 0;
const failures = [];

export function check(holds, what) {
  checks += 1;
  if (!holds) failures.push(what);
}

// Runs a script to its end, and says what did not hold.
export async function main(script) {
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    await script(browser);
  } catch (error) {
    failures.push(error.stack);
  } finally {
    await browser.close();
  }
  console.log(`checks: ${checks}`);
  for (const failure of failures) console.error(failure);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

// A page in a window of its own. Whatever it complains of fails the script.
export async function open(browser, path, { viewport = desktop, script = true } = {}) {
  const context = await browser.newContext({ viewport, colorScheme: "light", javaScriptEnabled: script });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => failures.push(`${path}: ${error.message}`));
  page.on("console", (message) => {
    // That there is no such page, no such link any more, something wrong in a form or against the rules is what some of
    // them are about.
    if (message.type() === "error" && !/400|404|409|410|422/.test(message.text())) failures.push(`${message.location().url}: ${message.text()}`);
  });
  await page.goto(origin + path);
  return page;
}

// What the newest mail to somebody of the demo leads to, once it is about that charter: mail takes a moment.
export async function link(page, who, charter) {
  for (let tries = 0; tries < 50; tries += 1) {
    await page.goto(new URL(`/demo/mail?who=${who}`, page.url()).href);
    const open = page.getByRole("link", { name: /^Open as / });
    const href = await open.count() > 0 ? await open.first().getAttribute("href") : "";
    if (href.includes(`charter_id=${charter}`)) return new URL(href, page.url()).pathname + new URL(href, page.url()).search;
    await page.waitForTimeout(300);
  }
  throw new Error(`no mail about ${charter} came to ${who}`);
}

// WCAG 2.2, levels A and AA, as far as a program can tell.
export async function accessible(page, what) {
  await page.evaluate(axe);
  const passes = await judged(page, ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], what);
  check(passes > 5, `${what}: axe-core had nothing to look at`);
}

// The same page in its other colours, in which nothing but contrast is different.
export async function accessibleByNight(page, what) {
  await page.emulateMedia({ colorScheme: "dark" });
  const passes = await judged(page, ["color-contrast"], what);
  check(passes === 1, `${what}: axe-core found no text`);
}

// All of that of one page, as it is before somebody. What came of a form is not fetched anew.
export async function lookOver(page, what, fetched = true) {
  await steady(page, what, fetched);
  await accessible(page, what);
  await accessibleByNight(page, `${what}, dark`);
  await page.emulateMedia({ colorScheme: "light" });
}

// How many rules hold; each that does not is a failure.
async function judged(page, runOnly, what) {
  const { violations, passes } = await page.evaluate((rules) => axe.run(document, { runOnly: rules }), runOnly);
  for (const { id, nodes } of violations) {
    const where = nodes.slice(0, 3).map((node) => `${node.html.slice(0, 200)} (${node.failureSummary.split("\n")[1]?.trim()})`);
    check(false, `${what}: ${id}, ${nodes.length} times: ${where.join("; ")}`);
  }
  return passes.length;
}

// Nothing is wider than the window, and nothing moves once it is there; whoever resizes a window moves things.
export async function steady(page, what, stays = true) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(width <= 0, `${what}: ${width} px wider than its window`);
  if (!stays) return;
  let shift = await shifted(page);
  // A machine that is busy paints half of a page, and its tables fit their columns to the rest when that is there. What moves
  // again is the page's own doing.
  if (shift >= 0.01) {
    await page.goto(page.url());
    shift = await shifted(page);
  }
  check(shift < 0.01, `${what}: its layout shifts by ${shift}`);
}

// By how much a page has moved since it was opened (web.dev, "Cumulative Layout Shift").
function shifted(page) {
  return page.evaluate(() => new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(sum), 200);
  }));
}
