// Everything on the consent page with the keyboard alone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { House } from "./lib/house.js";

let house;
before(async () => { house = await House.open(); });
after(() => house?.close());

/** What has the focus, and whether a person sees that it has. */
const focused = (page) => page.evaluate(() => {
  const it = document.activeElement;
  const style = getComputedStyle(it);
  const { width, height } = it.getBoundingClientRect();
  const label = it.labels?.[0]?.textContent ?? it.textContent;
  return {
    name: `${it.tagName.toLowerCase()} ${(it.getAttribute("aria-label") ?? label).trim().replace(/\s+/g, " ")}`,
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: width > 0 && height > 0,
    // A tag inside a group of radio buttons is one stop.
    type: it.type,
  };
});

/** Presses Tab until what has the focus fits; gives every stop on the way. */
async function tabTo(page, pattern) {
  const stops = [];
  for (let step = 0; step < 400; step += 1) {
    await page.keyboard.press("Tab");
    const stop = await focused(page);
    stops.push(stop);
    if (pattern.test(stop.name)) return stops;
  }
  throw new Error(`Tab never comes to ${pattern}: ${stops.map((it) => it.name).join("; ")}`);
}

test("a customer approves without a mouse, and always sees where they are", async () => {
  const { context, page, verifier } = await house.customer();
  await tabTo(page, /^a Connect your repositories/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: /asks to read/ }).waitFor();

  const stops = await tabTo(page, /^input tea\/webshop/);
  await page.keyboard.press("Space");
  // The details of a repository open and close by the keyboard, too.
  stops.push(...await tabTo(page, /^summary Details of tea\/webshop/));
  await page.keyboard.press("Enter");
  assert.ok(await page.locator("details[open]").count());
  stops.push(...await tabTo(page, /^button Approve/));
  for (const stop of stops) {
    assert.ok(stop.seen, `${stop.name} has the focus, and is not to be seen`);
    assert.ok(stop.marked, `${stop.name} has the focus, and nothing shows it`);
  }
  await page.keyboard.press("Enter");
  await page.getByText("Your answer has arrived.").waitFor();
  assert.deepEqual((await house.read(verifier)).names, ["tea/webshop"]);
  await context.close();
});

test("an account is connected without a mouse", async () => {
  const { context, page } = await house.customer();
  await page.getByRole("link").click();
  await page.getByRole("heading", { level: 1, name: /asks to read/ }).waitFor();
  await tabTo(page, /^a Connect Gitea/);
  await page.keyboard.press("Enter");
  const status = page.getByRole("status").getByText("is connected");
  await status.waitFor();
  assert.ok(await status.evaluate((it) => it === document.activeElement), "the news has no focus");
  await context.close();
});
