// What a customer does on the consent page, as a library's authorize URL leads
// there: nobody vouches for them, so they connect an account first.

import { openWindow } from "./browser.js";
import { box } from "./house.js";

/** Opens `url`, connects GitHub, and approves `tea/webshop`; gives where that leads. */
export async function approve(browser, url) {
  const { context, page } = await openWindow(browser);
  await page.goto(url);
  await page.getByRole("link", { name: /Connect GitHub/ }).click();
  await page.getByRole("status").getByText("is connected").waitFor();
  await box(page, "tea/webshop").check();
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByText("Your answer has arrived.").waitFor();
  const place = page.url();
  await context.close();
  return place;
}
