// From a booking to a crewed boat: the dispatcher at a desk, the crew on phones; with script, and without any.
import { check, link, main, open, phone } from "./browser.mjs";

async function crew(browser, charter, script) {
  const office = await open(browser, `/charters/${charter}`, { script });
  await office.getByRole("button", { name: "Start the call" }).click();
  await office.getByRole("button", { name: "Start calling" }).click();
  check((await office.locator("main").innerText()).includes("Dana Reyes"), `${charter}: Dana is asked`);
  const answered = [];
  for (let asked = 0; asked < 12; asked += 1) {
    await office.goto(new URL(`/charters/${charter}`, office.url()).href);
    const seats = (await office.locator("main .now").allInnerTexts()).join("; ");
    if (!/asked|on its way|after the captain/.test(seats)) break;
    const name = seats.match(/… ([A-Z][a-z]+ [A-Z][a-z]+), asked/)?.[1];
    if (!name) { await office.waitForTimeout(300); continue; }
    const mail = await open(browser, "/demo/mail", { script });
    const page = await open(browser, await link(mail, name.toLowerCase().replace(" ", "-"), charter), { viewport: phone, script });
    const accept = page.getByRole("button", { name: "Accept" });
    const box = await accept.boundingBox();
    check(box.height >= 56 && box.y + box.height <= phone.height, `${name}: Accept is out of reach: ${JSON.stringify(box)}`);
    await accept.click();
    check((await page.locator("h1").innerText()) === "You're on", `${name}: ${await page.locator("h1").innerText()}`);
    answered.push(name);
    await page.context().close();
    await mail.context().close();
  }
  await office.goto(new URL(`/charters/${charter}`, office.url()).href);
  check((await office.locator("h1").innerText()).includes("crewed"), `${charter} is crewed by ${answered.join(", ")}`);
}

await main(async (browser) => {
  await crew(browser, "charter_5681", true);
  await crew(browser, "charter_5702", false);
});
