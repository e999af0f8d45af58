// Every page that people see, and how one comes to it. `route` is its row in
// the gateway's own table (/openapi.json): a row without a view here fails.

import { App } from "./lib/app.js";
import { box } from "./lib/house.js";
import { connectSandbox } from "./lib/sandbox.js";

/** Opens the consent page of a new customer, in this window. */
async function consent(house, page, invitation) {
  const { url } = await house.app.invite(invitation);
  await page.goto(url);
}

/** Connects the sandbox with an app of its own. */
async function sandbox(house, page) {
  house.sandbox ??= await App.register(house.gateway, {
    redirectUri: `${house.gateway.url}/testapp/callback`, email: "sandbox@example.com",
  });
  await connectSandbox(page, house.sandbox);
}

/** A page that needs nothing but its address. */
const plain = (route, name) => ({
  route, name, open: (house, page) => page.goto(house.gateway.url + route),
});

/** @type {{route: string, name: string, open: (house, page) => Promise<unknown>}[]} */
export const VIEWS = [
  plain("/", "home"),
  plain("/docs/api", "reference"),
  {
    route: "/oauth/authorize",
    name: "consent",
    open: (house, page) => consent(house, page),
  },
  {
    route: "/oauth/authorize",
    name: "consent-nothing-ticked",
    async open(house, page) {
      await consent(house, page, { scopes: ["read:repositories"] });
      await page.getByRole("button", { name: "Approve" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  {
    route: "/oauth/authorize",
    name: "consent-connected",
    async open(house, page) {
      await consent(house, page);
      await page.getByRole("link", { name: /Connect GitLab/ }).click();
      await page.getByRole("status").getByText("is connected").waitFor();
      const first = page.locator("[data-repository]").first();
      await first.locator("summary").click();
      await box(page, "tea/webshop").first().check();
    },
  },
  {
    // A bare label proves nothing: there is nobody's account to show.
    route: "/oauth/authorize",
    name: "consent-empty",
    async open(house, page) {
      const url = new URL("/oauth/authorize", house.gateway.url);
      url.search = new URLSearchParams({
        response_type: "code",
        client_id: house.app.id,
        redirect_uri: house.app.redirectUri,
        scope: "read:repositories",
        customer_ref: "somebody",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        code_challenge_method: "S256",
      });
      await page.goto(url.href);
    },
  },
  {
    route: "/oauth/authorize",
    name: "consent-answered",
    async open(house, page) {
      await consent(house, page);
      const visit = page.url();
      await page.getByRole("button", { name: "Deny" }).click();
      await page.getByText("Your answer has arrived.").waitFor();
      await page.goto(visit);
    },
  },
  plain("/oauth/authorize", "consent-unknown"),
  {
    route: "/oauth/authorize/deny",
    name: "deny-unknown",
    open: (house, page) => page.goto(`${house.gateway.url}/oauth/authorize/deny`),
  },
  {
    route: "/oauth/login",
    name: "login-ended",
    open: (house, page) => page.goto(`${house.gateway.url}/oauth/login?provider=github&login=access_denied`),
  },
  { ...plain("/demo/callback", "demo-callback"), unlisted: "only the demo has it" },
  { ...plain("/testapp", "sandbox"), unlisted: "served where it is switched on" },
  {
    route: "/testapp",
    name: "sandbox-connected",
    unlisted: "as above",
    open: (house, page) => sandbox(house, page),
  },
  {
    route: "/testapp/live/endpoint-suite",
    name: "sandbox-report",
    unlisted: "as above",
    async open(house, page) {
      await sandbox(house, page);
      await page.goto(`${house.gateway.url}/testapp/live/endpoint-suite`);
    },
  },
];

/** The rows of the gateway's table that show something to a person. */
export async function rows(gateway) {
  const { paths } = await (await gateway.ask("GET", "/openapi.json")).json();
  return Object.keys(paths).filter(
    (path) => paths[path].get?.tags.includes("Pages") && !path.startsWith("/assets/"),
  );
}
