// The consent page on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { House, box } from "./lib/house.js";

let house;
before(async () => { house = await House.open(); });
after(() => house?.close());

test("a customer approves with a thumb", async () => {
  const { context, page, verifier } = await house.customer({ width: 390 });
  await page.getByRole("link").tap();
  await page.getByRole("heading", { level: 1, name: /asks to read/ }).waitFor();
  // What can be pressed is 24 pixels high and wide, or its label is
  // (WCAG 2.2, 2.5.8).
  const small = await page.locator("button, label.tick, summary, a.button").evaluateAll((all) =>
    all.filter((it) => it.checkVisibility()).flatMap((it) => {
      const { width, height } = it.getBoundingClientRect();
      return width < 24 || height < 24 ? [`${it.textContent.trim()}: ${width} × ${height}`] : [];
    }));
  assert.deepEqual(small, []);

  await box(page, "tea/webshop").tap();
  await page.getByRole("button", { name: "Approve" }).tap();
  await page.getByText("Your answer has arrived.").waitFor();
  assert.deepEqual((await house.read(verifier)).names, ["tea/webshop"]);
  await context.close();
});
