// Every page, on a phone and on a desk, by day and by night: nobody is kept out by how it is made.
import { check, desktop, lookOver, main, open, phone } from "./browser.mjs";

async function paths(browser) {
  const found = ["/", "/?show=past", "/needs-you", "/?by=crew", "/?show=uncrewed", "/?q=nothing+is+like+that", "/roster", "/roster/people/dana-reyes", "/roster/new", "/roster/days", "/roster/import", "/new-charter", "/statements", "/demo/mail", "/signin", "/nowhere"];
  const page = await open(browser, "/");
  const charters = await page.locator("table.board a.open").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  check(charters.length > 4, `only ${charters.length} charters on the board`);
  // A month of pay and somebody's statement; what is refused, and what is done.
  const pay = await open(browser, "/statements");
  const months = [new URL(pay.url()).pathname, `${new URL(pay.url()).pathname}/crew/dana-reyes`];
  await pay.context().close();
  found.push(...months, `${charters[0]}?done=pause`, `${charters[0]}/change?what=skip&crew=dana-reyes`, "/roster/people/nobody");
  found.push(...charters, `${charters[0]}/change?what=cancel`, `${charters[0]}/reschedule?dock=Pier+9`, "/charters/charter_5681/start");
  // What the links of all mails lead to, in every state that the season has.
  const mails = await open(browser, "/demo/mail");
  const numbers = await mails.locator("a[href*='/demo/mail/']").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  for (const number of new Set(numbers.map((href) => href.match(/mail\/(\d+)/)?.[1]).filter(Boolean))) {
    const text = await (await mails.request.get(new URL(`/demo/mail/${number}/html`, mails.url()).href)).text();
    for (const [, link] of text.matchAll(/href="[^"]*?(\/crew\/[^"]+)"/g)) found.push(link.replaceAll("&amp;", "&"));
  }
  await page.context().close();
  await mails.context().close();
  return [...new Set(found)];
}

await main(async (browser) => {
  const all = await paths(browser);
  check(all.some((path) => path.startsWith("/crew/accept")), "no page behind a crew link was found");
  for (const viewport of [desktop, phone]) {
    for (const path of all) {
      const page = await open(browser, path, { viewport }).catch((error) => { check(false, `${path}: ${error.message}`); });
      if (!page) continue;
      const what = `${path} at ${viewport.width} px`;
      await lookOver(page, what);
      await page.context().close();
    }
  }
});
