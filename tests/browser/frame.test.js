// The consent page inside an integrator's page, on another site: each has a
// name of its own, so that cookies inside the frame are a third party's.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { App } from "./lib/app.js";
import { openBrowser, openWindow } from "./lib/browser.js";
import { Front } from "./lib/front.js";
import { Gateway } from "./lib/gateway.js";
import { box } from "./lib/house.js";
import { Integrator } from "./lib/integrator.js";

const [LODGE, TEA, STRANGER] = ["lodge.localhost", "tea.localhost", "stranger.localhost"];

let front, gateway, integrator, app, browser;

before(async () => {
  front = await Front.open(LODGE, TEA, STRANGER);
  gateway = await Gateway.start({ publicUrl: front.origin(LODGE) });
  integrator = await Integrator.open();
  front.lead(LODGE, new URL(gateway.listening).port);
  front.lead(TEA, integrator.port);
  front.lead(STRANGER, integrator.port);
  app = await App.register(gateway, {
    redirectUri: `${front.origin(TEA)}/callback`,
    embedOrigins: [front.origin(TEA)],
  });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await front?.close();
  await integrator?.close();
  await gateway?.stop();
});

/** A page of `site` that frames an invitation. */
async function framed(site) {
  const { url, verifier } = await app.invite();
  integrator.invitation = url;
  integrator.answers.length = 0;
  const { context, page } = await openWindow(browser, { ignoreHTTPSErrors: true });
  await page.goto(`${front.origin(site)}/frame`);
  return { context, page, verifier, frame: page.frameLocator("iframe") };
}

test("the whole consent happens inside the integrator's page", async () => {
  const { context, page, verifier, frame } = await framed(TEA);
  await frame.getByText("You are granting").waitFor();
  assert.equal(await frame.locator("[data-opener]").textContent(), front.origin(TEA));

  const popup = page.waitForEvent("popup");
  await frame.getByRole("link", { name: /Connect GitHub/ }).click();
  const small = await popup;
  await frame.getByRole("status").getByText("is connected").waitFor();
  if (!small.isClosed()) await small.waitForEvent("close");

  await box(frame, "tea/webshop").first().check();
  await frame.getByRole("button", { name: "Approve" }).click();
  await frame.getByText("Your answer has arrived.").waitFor();
  assert.equal(page.url(), `${front.origin(TEA)}/frame`);

  const tokens = await app.exchange(integrator.answer.code, verifier);
  const read = await gateway.ask("GET", "/v1/repositories", { bearer: tokens.access_token });
  assert.equal((await read.json()).data.length, 1);
  await context.close();
});

test("approving waits until the page has been in plain sight", async () => {
  const { context, page, frame } = await framed(TEA);
  const approve = frame.getByRole("button", { name: "Approve" });
  await approve.waitFor();
  // Something is laid over the frame, as who hides it under a click would.
  await page.evaluate(() => {
    const cover = document.createElement("div");
    cover.id = "cover";
    cover.style.cssText = "position:fixed;inset:0;background:rgb(255 255 255 / 0.99)";
    document.body.append(cover);
  });
  await approve.evaluate((it) => it.scrollIntoView());
  await page.waitForTimeout(1_500);
  assert.ok(await approve.isDisabled(), "it can be approved under a cover");
  assert.ok(await frame.locator("[data-wait]").isVisible());

  await page.evaluate(() => document.getElementById("cover").remove());
  await frame.locator("[data-approve]:enabled").waitFor();
  await context.close();
});

test("a site that the app did not name cannot frame the page", async () => {
  const { context, page, frame } = await framed(STRANGER);
  const refusals = [];
  page.on("console", (message) => refusals.push(message.text()));
  await page.reload();
  await page.waitForLoadState("networkidle");
  assert.equal(await frame.getByRole("button", { name: "Approve" }).count(), 0);
  assert.ok(refusals.some((it) => it.includes("frame-ancestors")), refusals.join("\n"));
  assert.deepEqual(integrator.answers, []);
  await context.close();
});

test("no other page can be framed, not even by the app's own site", async () => {
  const { paths } = await (await gateway.ask("GET", "/openapi.json")).json();
  const pages = Object.keys(paths).filter(
    (path) => paths[path].get?.tags.includes("Pages") && !/^\/(assets|oauth\/authorize)/.test(path),
  );
  assert.ok(pages.includes("/docs/api"));
  for (const path of pages) {
    const answer = await gateway.ask("GET", path.replace(/[{].*?[}]/g, "x"), { headers: { accept: "text/html" } });
    if (!answer.headers.get("content-type")?.startsWith("text/html")) continue;
    assert.match(answer.headers.get("content-security-policy") ?? "", /frame-ancestors 'none'/, path);
  }
});
