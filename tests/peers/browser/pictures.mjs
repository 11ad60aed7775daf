// The pictures that README shows, of a demo that has just begun: into a directory.
import { check, link, main, open } from "./browser.mjs";

const directory = process.argv[3];

async function picture(page, name, viewport) {
  await page.setViewportSize(viewport);
  // Without the bar of the demo, and what its last button has told.
  await page.evaluate(() => document.querySelector("div.demo").remove());
  await page.waitForTimeout(200);
  await page.screenshot({ path: `${directory}/${name}.png` });
  check(true, name);
}

await main(async (browser) => {
  const board = await open(browser, "/");
  await picture(board, "board", { width: 1280, height: 720 });
  await picture(await open(browser, "/charters/charter_5678"), "charter", { width: 1280, height: 1150 });
  const days = await open(browser, "/roster/days");
  // The month after, of which no day is over.
  await days.getByRole("link", { name: "→" }).click();
  await picture(days, "days", { width: 1280, height: 760 });
  const mail = await open(browser, "/demo/mail");
  await picture(await open(browser, await link(mail, "dana-reyes", "charter_5678")), "offer", { width: 390, height: 844 });
});
