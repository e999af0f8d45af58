// A customer gives an app some repositories: by redirect, and with an account
// that is connected in a small window on the way.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { complaints } from "./lib/browser.js";
import { House, box } from "./lib/house.js";

let house;
before(async () => { house = await House.open(); });
after(() => house?.close());

test("an app reads what was ticked, and nothing else", async () => {
  const { context, page, verifier } = await house.customer();
  const heard = complaints(page);
  await page.getByRole("link", { name: "Connect your repositories" }).click();
  await page.getByRole("heading", { name: "Tea Insights asks to read your repositories" }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("connect_token"), null);

  await box(page, "tea/webshop").check();
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByText("Your answer has arrived.").waitFor();

  const { answer } = house.integrator;
  assert.equal(answer.state, "as it was & unchanged");
  assert.equal(answer.iss, house.gateway.url);
  assert.deepEqual((await house.read(verifier)).names, ["tea/webshop"]);
  assert.deepEqual(heard, []);
  await context.close();
});

test("who denies goes back, and gives nothing", async () => {
  const { context, page } = await house.customer();
  await page.getByRole("link").click();
  await box(page, "tea/webshop").check();
  await page.getByRole("button", { name: "Deny" }).click();
  await page.getByText("Your answer has arrived.").waitFor();
  assert.equal(house.integrator.answer.error, "access_denied");
  assert.equal(house.integrator.answer.code, undefined);
  await context.close();
});

test("who approves nothing is told, and keeps what was chosen", async () => {
  const { context, page } = await house.customer({}, { scopes: ["read:repositories"] });
  await page.getByRole("link").click();
  await page.getByRole("spinbutton", { name: "Number of days" }).fill("12");
  await page.getByRole("button", { name: "Approve" }).click();
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.match(await alert.textContent(), /Nothing was shared/);
  assert.ok(await alert.evaluate((it) => it === document.activeElement), "the alert has no focus");
  assert.equal(await page.getByRole("spinbutton", { name: "Number of days" }).inputValue(), "12");
  await context.close();
});

test("an account is connected in a small window, and what was ticked stays ticked", async () => {
  const { context, page, verifier } = await house.customer();
  const heard = complaints(page);
  await page.getByRole("link").click();
  await box(page, "tea/webshop").check();
  const popup = page.waitForEvent("popup");
  await page.getByRole("link", { name: /Connect GitLab/ }).click();
  const small = await popup;
  await page.getByRole("status").getByText("is connected").waitFor();
  if (!small.isClosed()) await small.waitForEvent("close");

  assert.ok(await box(page, "tea/webshop").first().isChecked());
  const gitlab = page.getByRole("group", { name: /GitLab/ }).first();
  await gitlab.locator("input[name=repository]").first().check();
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByText("Your answer has arrived.").waitFor();

  const { tokens, names } = await house.read(verifier);
  assert.equal(names.length, 2);
  assert.equal(tokens.connectionIds.length, 2);
  assert.deepEqual(heard, []);
  await context.close();
});

test("a search narrows a list, and ticks only what it shows", async () => {
  const { context, page, verifier } = await house.customer();
  await page.getByRole("link").click();
  const account = page.locator("[data-account]").first();
  await account.getByRole("searchbox").fill("webshop");
  await account.getByRole("button", { name: "Tick all shown", exact: true }).click();
  assert.match(await account.locator("[data-count]").textContent(), /^1 of \d+ ticked, 1 shown$/);
  await account.getByRole("searchbox").fill("");
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByText("Your answer has arrived.").waitFor();
  assert.deepEqual((await house.read(verifier)).names, ["tea/webshop"]);
  await context.close();
});

test("a page that was answered says so when it is answered again", async () => {
  const { context, page } = await house.customer();
  await page.getByRole("link").click();
  await box(page, "tea/webshop").check();
  await page.getByRole("button", { name: "Deny" }).click();
  await page.getByText("Your answer has arrived.").waitFor();
  await page.goBack();
  await page.reload();
  await page.getByText(/denied/).first().waitFor();
  assert.equal(await page.getByRole("button", { name: "Approve" }).count(), 0);
  await context.close();
});
