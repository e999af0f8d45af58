// A developer, from signing up to the first read; and the end of the app, which
// is the end of its tokens.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";

import { App } from "./lib/app.js";
import { complaints, openBrowser, openWindow } from "./lib/browser.js";
import { Gateway } from "./lib/gateway.js";
import { box } from "./lib/house.js";
import { Integrator } from "./lib/integrator.js";

let gateway, integrator, browser;

before(async () => {
  gateway = await Gateway.start();
  integrator = await Integrator.open();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await integrator?.close();
  await gateway?.stop();
});

/** Opens an account and leaves the browser on the dashboard. */
async function signUp(page, email) {
  await page.goto(`${gateway.url}/app/signup`);
  await page.getByLabel("Organisation").fill("College of Tea");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill("three quiet words");
  await page.getByRole("button", { name: "Create the account" }).click();
  await page.getByRole("heading", { name: "Apps and usage" }).waitFor();
}

test("from signing up to the first read, and back to nothing", async () => {
  const { context, page } = await openWindow(browser);
  const heard = complaints(page);
  await signUp(page, "ada@example.com");

  const redirectUri = `http://127.0.0.1:${integrator.port}/callback`;
  await page.getByRole("link", { name: "Make the first one" }).click();
  await page.getByLabel("Name").fill("Tea Insights");
  await page.getByLabel("Redirect URIs").fill(redirectUri);
  await page.getByRole("button", { name: "Make the app" }).click();
  await page.getByRole("heading", { name: "The secret of Tea Insights" }).waitFor();
  const [secret, id] = await page.locator("code.secret").allTextContents();
  assert.match(secret, /^sggcs_/);
  await page.getByRole("link", { name: "I have kept it" }).click();
  await page.getByRole("heading", { name: "Tea Insights", exact: true }).waitFor();
  assert.ok(!(await page.content()).includes(secret), "the secret is shown twice");

  // The app's own server invites with the app's credentials.
  const verifier = randomBytes(32).toString("base64url");
  const invited = await gateway.ask("POST", `/v1/developer/apps/${id}/connect-sessions`, {
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` },
    json: {
      customerRef: "library",
      permissions: ["read:repositories", "read:commits"],
      codeChallenge: createHash("sha256").update(verifier).digest("base64url"),
    },
  });
  assert.equal(invited.status, 201);
  const { url } = await invited.json();
  const customer = await openWindow(browser);
  await customer.page.goto(url);
  await box(customer.page, "tea/webshop").check();
  await customer.page.getByRole("button", { name: "Approve" }).click();
  await customer.page.getByText("Your answer has arrived.").waitFor();
  await customer.context.close();

  const app = Object.assign(new App(), { gateway, id, secret, redirectUri });
  const { access_token: bearer } = await app.exchange(integrator.answer.code, verifier);
  const read = await gateway.ask("GET", "/v1/repositories", { bearer });
  assert.equal(read.status, 200);
  const requestId = read.headers.get("x-request-id");

  // The journal writes in batches, a moment later.
  await page.waitForTimeout(1_500);
  await page.goto(`${gateway.url}/app/requests?requestId=${requestId}`);
  await page.getByText(requestId).first().waitFor();

  await page.goto(`${gateway.url}/app/developer/apps/${id}`);
  await page.getByLabel(/to delete it/).fill("Tea Insights");
  await page.getByRole("button", { name: "Delete the app" }).click();
  await page.getByText("No app yet.").waitFor();
  assert.equal((await gateway.ask("GET", "/v1/repositories", { bearer })).status, 401);
  assert.deepEqual(heard, []);
  await context.close();
});

test("who signs out is out, and comes back to where they were", async () => {
  const { context, page } = await openWindow(browser);
  await signUp(page, "grace@example.com");
  const [cookie] = await context.cookies();
  assert.ok(cookie.httpOnly && cookie.sameSite === "Lax", JSON.stringify(cookie));
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForLoadState();
  await context.addCookies([cookie]);
  await page.goto(`${gateway.url}/app/requests`);
  assert.equal(new URL(page.url()).pathname, "/app/login", "an ended session is taken");

  await page.getByLabel("E-mail address").fill("grace@example.com");
  await page.getByLabel("Password").fill("three quiet words");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/app/requests");
  await context.close();
});

test("a forged place to come back to leads nowhere else", async () => {
  for (const place of ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/%2f/evil.example"]) {
    const { context, page } = await openWindow(browser);
    await page.goto(`${gateway.url}/app/login?returnTo=${encodeURIComponent(place)}`);
    await page.getByLabel("E-mail address").fill("grace@example.com");
    await page.getByLabel("Password").fill("three quiet words");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL((url) => url.pathname !== "/app/login");
    assert.equal(new URL(page.url()).origin, gateway.url, place);
    await context.close();
  }
});

test("one organisation sees nothing of another", async () => {
  const { context, page } = await openWindow(browser);
  await signUp(page, "mallory@example.com");
  const app = await App.register(gateway, { redirectUri: "http://localhost:9/", email: "victim@example.com" });
  const answer = await page.goto(`${gateway.url}/app/developer/apps/${app.id}`);
  assert.equal(answer.status(), 404);
  assert.ok(!(await page.content()).includes("Tea Insights"));
  await context.close();
});
