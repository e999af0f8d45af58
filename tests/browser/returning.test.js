// A customer who comes back: sees what is shared, changes it, and takes it back.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { complaints, openWindow } from "./lib/browser.js";
import { House, box } from "./lib/house.js";

let house;

before(async () => { house = await House.open(); });
after(() => house?.close());

test("what was approved is seen, changed and taken back, and the app reads accordingly", async () => {
  const customer = "library";
  const { context, page, verifier } = await house.customer({}, { customer });
  const heard = complaints(page);
  await page.goto(house.integrator.invitation);
  await box(page, "tea/webshop").check();
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByText("Your answer has arrived.").waitFor();
  const before = await house.read(verifier);
  assert.deepEqual(before.names, ["tea/webshop"]);

  await page.goto(await house.app.accessPage(customer));
  await page.getByRole("heading", { name: "What Tea Insights may read" }).waitFor();
  assert.ok(!page.url().includes("connect_token"), "the proof stays in the address");
  await page.getByText("tea/webshop").first().waitFor();

  await page.getByRole("button", { name: "Change repositories, permissions or the end" }).click();
  await box(page, "tea/handbook").check();
  await page.locator("[data-approve]").click();
  await page.getByRole("heading", { name: "What Tea Insights may read" }).waitFor();
  await page.getByText("tea/handbook").first().waitFor();

  await page.locator("section[aria-labelledby=end] summary").click();
  await page.locator("section[aria-labelledby=end] button.danger").click();
  await page.getByText("Nothing is shared.").waitFor();
  const bearer = before.tokens.access_token;
  const refused = await house.gateway.ask("GET", "/v1/repositories", { bearer });
  assert.equal(refused.status, 401, "a token outlived its approval");
  assert.deepEqual(heard, []);
  await context.close();
});
