// A browser without JavaScript: the same flow, by links and forms.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { House, box } from "./lib/house.js";

let house;
before(async () => { house = await House.open(); });
after(() => house?.close());

test("a customer connects an account, and approves", async () => {
  const { context, page, verifier } = await house.customer({ javaScriptEnabled: false });
  await page.getByRole("link").click();
  await page.getByRole("link", { name: /Connect Bitbucket/ }).click();
  // Where the login ends, a link leads back.
  const back = page.getByRole("link", { name: "Back to the repositories" });
  if (await back.count()) await back.click();
  await page.getByRole("status").getByText("is connected").waitFor();
  assert.ok(!await page.getByRole("searchbox").count(), "a search is shown that cannot search");

  for (const one of await page.getByLabel("tea/webshop").and(page.getByRole("checkbox")).all()) {
    await one.check();
  }
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByText("Your answer has arrived.").waitFor();
  const { names } = await house.read(verifier);
  assert.equal(names.length, 2);
  await context.close();
});

test("less is shared of one repository", async () => {
  const { context, page, verifier } = await house.customer({ javaScriptEnabled: false });
  await page.getByRole("link").click();
  await box(page, "tea/webshop").check();
  const row = page.locator("[data-repository]", { hasText: "tea/webshop" });
  await row.locator("summary").click();
  await row.getByLabel(/diff|changes/i).first().check();
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByText("Your answer has arrived.").waitFor();

  const { tokens } = await house.read(verifier);
  const bearer = tokens.access_token;
  const [{ id, provider }] = (await (await house.gateway.ask("GET", "/v1/repositories", { bearer })).json()).data;
  const path = `/v1/repositories/${provider}/${id}`;
  assert.equal((await house.gateway.ask("GET", `${path}/commits`, { bearer })).status, 200);
  assert.equal((await house.gateway.ask("GET", `${path}/commits/HEAD/diff`, { bearer })).status, 403);
  await context.close();
});
