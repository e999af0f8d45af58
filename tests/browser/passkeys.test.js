// Passkeys, with a device that Chromium imitates.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, before, test } from "node:test";

import { findings } from "./lib/axe.js";
import { THEMES, WIDTHS, complaints, openBrowser, openWindow } from "./lib/browser.js";
import { Gateway } from "./lib/gateway.js";

const PASSWORD = "three quiet words";

let gateway, browser;

/** A port that nobody listens on: the public address must be known before the start. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

before(async () => {
  const port = await freePort();
  // Browsers use passkeys under a name only, and count this one as secure.
  const publicUrl = `http://localhost:${port}`;
  gateway = await Gateway.start({ publicUrl, port, options: ["--signup=open"] });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await gateway?.stop();
});

/** A window with a device in it that verifies its person, unless `more` says otherwise. */
async function openWithDevice(settings = {}, more = {}) {
  const window = await openWindow(browser, settings);
  const cdp = await window.context.newCDPSession(window.page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true, ...more,
    },
  });
  return { ...window, cdp, authenticatorId };
}

async function signUp(page, email) {
  await page.goto(`${gateway.url}/app/signup`);
  await page.getByLabel("Organisation").fill("College of Tea");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create the account" }).click();
  await page.getByRole("heading", { name: "Apps and usage" }).waitFor();
}

async function addPasskey(page, name) {
  await page.goto(`${gateway.url}/app/account`);
  const section = page.getByRole("region", { name: "Passkeys" });
  await section.locator("form[action='/app/account/passkeys']").getByLabel("Password").fill(PASSWORD);
  await section.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Ask my device" }).click();
}

async function signOut(page) {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/app/login");
}

async function givePassword(page, email) {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "One more proof" }).waitFor();
}

test("a passkey is added, opens the account alone and after the password, and is removed", async () => {
  const { context, page } = await openWithDevice();
  const heard = complaints(page);
  await signUp(page, "ada@example.com");
  await addPasskey(page, "My laptop");
  await page.getByRole("heading", { name: "Your recovery codes" }).waitFor();
  assert.equal(await page.locator("ul.secret li").count(), 10);

  await signOut(page);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByRole("heading", { name: "Apps and usage" }).waitFor();

  await signOut(page);
  await givePassword(page, "ada@example.com");
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByRole("heading", { name: "Apps and usage" }).waitFor();

  // One device has one passkey for one account.
  await addPasskey(page, "Again");
  await page.getByRole("alert").getByText("has a passkey for your account already").waitFor();

  await page.goto(`${gateway.url}/app/account`);
  await page.getByText("Rename or remove").click();
  await page.getByLabel("Name", { exact: true }).fill("The old laptop");
  await page.getByRole("button", { name: "Rename it" }).click();
  await page.getByText("The passkey has its new name.").waitFor();
  await page.getByText("Rename or remove").click();
  await page.getByText("It is your last second proof").waitFor();
  await page.locator("form[action$='/remove']").getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Remove it" }).click();
  await page.getByText("your password alone opens your account").waitFor();
  assert.deepEqual(heard, []);
  await context.close();
});

test("a device that does not verify its person opens nothing alone", async () => {
  const { context, page, cdp, authenticatorId } = await openWithDevice();
  await signUp(page, "bob@example.com");
  await addPasskey(page, "Key");
  await page.getByRole("heading", { name: "Your recovery codes" }).waitFor();
  await signOut(page);
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByRole("alert").getByText("You can try again").waitFor();
  assert.equal(new URL(page.url()).pathname, "/app/login");
  await context.close();
});

test("a passkey that somebody has copied is refused", async () => {
  const { context, page, cdp, authenticatorId } = await openWithDevice();
  await signUp(page, "carol@example.com");
  await addPasskey(page, "Key");
  await page.getByRole("heading", { name: "Your recovery codes" }).waitFor();
  const { credentials: [copy] } = await cdp.send("WebAuthn.getCredentials", { authenticatorId });
  await signOut(page);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByRole("heading", { name: "Apps and usage" }).waitFor();
  await signOut(page);
  await cdp.send("WebAuthn.clearCredentials", { authenticatorId });
  await cdp.send("WebAuthn.addCredential", { authenticatorId, credential: { ...copy, signCount: 0 } });
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByRole("alert").getByText("the passkey was not taken").waitFor();
  await context.close();
});

test("without JavaScript, a recovery code follows the password", async () => {
  const { context, page } = await openWithDevice();
  await signUp(page, "dan@example.com");
  await addPasskey(page, "Key");
  const code = await page.locator("ul.secret code").first().textContent();
  await context.close();
  const plain = await openWindow(browser, { javaScriptEnabled: false });
  await plain.page.goto(`${gateway.url}/app/login`);
  assert.equal(await plain.page.getByRole("button", { name: "Sign in with a passkey" }).count(), 0);
  await givePassword(plain.page, "dan@example.com");
  await plain.page.getByLabel("Code").fill(code);
  await plain.page.getByRole("button", { name: "Go on" }).click();
  await plain.page.getByRole("heading", { name: "Apps and usage" }).waitFor();
  await plain.context.close();
});

for (const theme of THEMES) {
  for (const width of WIDTHS) {
    test(`the pages keep nobody out: ${theme}, ${width} pixels`, async () => {
      const { context, page } = await openWithDevice({ theme, width });
      const email = `${theme}-${width}@example.com`;
      const look = async (what) => {
        assert.deepEqual(await findings(page), [], what);
        const beyond = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          return scrollWidth - clientWidth;
        });
        assert.equal(beyond, 0, `${what} is ${beyond} pixels too wide`);
      };
      await signUp(page, email);
      await addPasskey(page, "My laptop");
      await page.getByRole("heading", { name: "Your recovery codes" }).waitFor();
      await page.goto(`${gateway.url}/app/account`);
      await page.getByText("Rename or remove").click();
      await look("the account");
      await addPasskey(page, "Again");
      await page.getByRole("alert").waitFor();
      await look("the page that asks a device");
      await signOut(page);
      await look("the page to sign in");
      await givePassword(page, email);
      await look("the second step");
      await context.close();
    });
  }
}
