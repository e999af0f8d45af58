// The sandbox for developers: an ordinary app, from credentials to probes and
// back to nothing.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { App } from "./lib/app.js";
import { openBrowser, openWindow } from "./lib/browser.js";
import { Gateway } from "./lib/gateway.js";
import { connectSandbox } from "./lib/sandbox.js";

let gateway, app, browser;

before(async () => {
  gateway = await Gateway.start();
  app = await App.register(gateway, { redirectUri: `${gateway.url}/testapp/callback` });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await gateway?.stop();
});

test("a developer connects, probes everything, and disconnects", async () => {
  const { context, page } = await openWindow(browser, { javaScriptEnabled: false });
  await connectSandbox(page, app);
  await page.getByText("the code was exchanged").waitFor();

  await page.getByRole("link", { name: "Count commits" }).click();
  await page.getByText(/The newest 100 commits of (\d+) of \1 repositories\./).waitFor();
  assert.equal(await page.getByText("Not as it should be").count(), 0);
  await page.goBack();
  await page.getByRole("link", { name: "Try every endpoint" }).click();
  await page.getByRole("heading", { name: "Every endpoint" }).waitFor();
  assert.equal(await page.getByText("Not as it should be").count(), 0);
  assert.ok(await page.getByText("As it should be").count() > 20);
  await page.goBack();
  await page.getByRole("link", { name: "tea/webshop" }).click();
  await page.getByText("Its cursor elsewhere").waitFor();
  assert.equal(await page.getByText("Not as it should be").count(), 0);

  const kept = async () => (await context.cookies()).find((it) => it.name === "lodge-testapp");
  const cookie = await kept();
  assert.ok(cookie.httpOnly && cookie.sameSite === "Lax");
  assert.ok(!cookie.value.includes(app.secret), "the secret can be read in the cookie");
  await page.goto(`${gateway.url}/testapp`);
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByText("The token was revoked").waitFor();
  assert.equal(await kept(), undefined);

  // Who kept the cookie has a token that is good no more.
  await context.addCookies([cookie]);
  const probe = await page.request.get(`${gateway.url}/testapp/live/endpoint-suite`);
  const { data } = await probe.json();
  assert.deepEqual([...new Set(data.checks.map((it) => it.status))], [401]);
  await context.close();
});

test("wrong credentials are said, and nothing is kept", async () => {
  const { context, page } = await openWindow(browser);
  await page.goto(`${gateway.url}/testapp`);
  await page.getByLabel("Client id").fill(app.id);
  await page.getByLabel("Client secret").fill("sggcs_not-the-secret");
  await page.getByRole("button", { name: "Connect a customer" }).click();
  await page.getByRole("alert").waitFor();
  assert.match(await page.getByRole("alert").textContent(), /answered 401/);
  assert.deepEqual(await context.cookies(), []);
  await context.close();
});

test("who has no business there gets nothing", async () => {
  const form = { client_id: app.id, client_secret: app.secret };
  for (const headers of [
    {}, { "sec-fetch-site": "cross-site", origin: gateway.url }, { origin: "https://evil.example" },
  ]) {
    for (const path of ["/testapp/config", "/testapp/disconnect"]) {
      const answer = await gateway.ask("POST", path, { form, headers });
      assert.equal(answer.status, 403, path);
      assert.equal((await answer.json()).error.code, "ACCESS_BLOCKED_BY_POLICY");
    }
  }
  for (const probe of ["commit-metrics", "endpoint-suite", "repository-scenario?provider=local&repoId=x"]) {
    for (const cookie of ["", "lodge-testapp=AAAA", `lodge-testapp=${app.session}`]) {
      const answer = await gateway.ask("GET", `/testapp/live/${probe}`, { headers: { cookie } });
      assert.equal(answer.status, 401, probe);
      assert.equal((await answer.json()).error.code, "AUTH_REQUIRED");
    }
  }
  for (const query of ["", "?code=x&state=y", "?error=access_denied&state="]) {
    const answer = await gateway.ask("GET", `/testapp/callback${query}`);
    assert.equal(answer.headers.get("location"), "/testapp?went=lost");
  }
});

test("a repository's id stays in its segment, and too many probes are refused", async () => {
  const { context, page } = await openWindow(browser);
  await connectSandbox(page, app);
  const odd = encodeURIComponent("../../../metrics?x=");
  const answer = await page.request.get(`${gateway.url}/testapp/live/repository-scenario?provider=local&repoId=${odd}`);
  const { data } = await answer.json();
  assert.ok(data.checks.every((it) => it.path.startsWith("/v1/repositories/local/..%2F..%2F..%2Fmetrics%3Fx%3D")));
  let last;
  for (let n = 0; n < 35; n += 1) {
    last = await page.request.get(`${gateway.url}/testapp/live/repository-scenario`);
    if (last.status() === 429) break;
  }
  assert.equal((await last.json()).error.code, "RATE_LIMITED");
  await context.close();
});
