// Every page that people see, and how one comes to it. `route` is its row in
// the gateway's own table (/openapi.json): a row without a view here fails.

import { App } from "./lib/app.js";
import { openWindow } from "./lib/browser.js";
import { box } from "./lib/house.js";
import { connectSandbox } from "./lib/sandbox.js";

/** Opens the consent page of a new customer, in this window. */
async function consent(house, page, invitation) {
  const { url } = await house.app.invite(invitation);
  await page.goto(url);
}

/** The browser of the app's developer. */
async function signIn(house, page) {
  const cookie = { name: "sid", value: house.app.session, url: house.gateway.url };
  await page.context().addCookies([cookie]);
}

/** A page for who is signed in. `{clientId}` is the app. */
const inside = (route, name) => ({
  route,
  name,
  async open(house, page) {
    await signIn(house, page);
    const path = route.replace("{clientId}", house.app.id);
    await page.goto(house.gateway.url + path);
    const { pathname } = new URL(page.url());
    if (pathname !== path) throw new Error(`${path} led to ${pathname}`);
  },
});

/** Something that an app has read, so that there is something to show. */
async function read(house, browser) {
  if (house.requestId) return;
  const { url, verifier } = await house.app.invite();
  const { context, page } = await openWindow(browser);
  await page.goto(url);
  await box(page, "tea/webshop").check();
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByText("Your answer has arrived.").waitFor();
  const code = new URL(page.url()).searchParams.get("code");
  await context.close();
  const { access_token: bearer } = await house.app.exchange(code, verifier);
  const answer = await house.gateway.ask("GET", "/v1/repositories", { bearer });
  house.requestId = answer.headers.get("x-request-id");
}

/** A customer who has approved a repository, on the access page; `then` leads on from there. */
const returned = (route, name, then) => ({
  route,
  name,
  async open(house, page) {
    const customer = `returning-${Date.now()}-${Math.random()}`;
    const { url } = await house.app.invite({ customer });
    await page.goto(url);
    await box(page, "tea/webshop").check();
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("Your answer has arrived.").waitFor();
    await page.goto(await house.app.accessPage(customer));
    await then?.(house, page);
  },
});

/** Makes an invitation to the organisation, and gives its address. */
async function invitation(house, page) {
  await signIn(house, page);
  await page.goto(`${house.gateway.url}/app/members`);
  await page.getByLabel("E-mail address").fill(`bob-${Date.now()}@example.com`);
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByText("/app/join/").first().textContent();
  return new URL(/\S*(\/app\/join\/\S+)/.exec(link)[1], house.gateway.url).href;
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
  plain("/docs", "docs"),
  returned("/app/company/apps/{clientId}", "access"),
  {
    route: "/app/company/apps/{clientId}",
    name: "access-stranger",
    open: (house, page) => page.goto(`${house.gateway.url}/app/company/apps/${house.app.id}`),
  },
  returned("/app/company/apps/{clientId}/journal", "access-journal", (house, page) =>
    page.goto(`${house.gateway.url}/app/company/apps/${house.app.id}/journal`)),
  returned("/app/company/apps/{clientId}/receipts/{receiptId}", "access-receipt", (_, page) =>
    page.locator("a[href*='/receipts/']").first().click()),
  plain("/docs/consent", "docs-consent"),
  plain("/docs/reading", "docs-reading"),
  plain("/docs/errors", "docs-errors"),
  plain("/docs/firewall", "docs-firewall"),
  plain("/docs/events", "docs-events"),
  plain("/docs/hosts", "docs-hosts"),
  plain("/docs/signed-customers", "docs-signed-customers"),
  plain("/zero-trust", "zero-trust"),
  plain("/app/signup", "sign-up"),
  {
    route: "/app/signup",
    name: "sign-up-refused",
    async open(house, page) {
      await page.goto(`${house.gateway.url}/app/signup`);
      await page.getByLabel("Organisation").fill("College");
      await page.getByLabel("E-mail address").fill("eve@example.com");
      await page.getByLabel("Password").fill("password1234");
      await page.locator("form").evaluate((it) => { it.noValidate = true; });
      await page.getByLabel("Password").fill("short");
      await page.getByRole("button", { name: "Create the account" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  plain("/app/developer/signup", "sign-up-developer"),
  plain("/app/customer/signup", "sign-up-retired"),
  plain("/app/login", "log-in"),
  {
    route: "/app/login",
    name: "log-in-refused",
    async open(house, page) {
      await page.goto(`${house.gateway.url}/app/login`);
      await page.getByLabel("E-mail address").fill("nobody@example.com");
      await page.getByLabel("Password").fill("not the right words");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  plain("/app/developer/login", "log-in-developer"),
  plain("/app/customer/login", "log-in-retired"),
  {
    // From a page of somebody else, it asks first.
    route: "/app/logout",
    name: "log-out",
    async open(house, page) {
      await signIn(house, page);
      house.integrator.invitation = `${house.gateway.url}/app/logout`;
      await page.goto(`http://127.0.0.1:${house.integrator.port}/`);
      await page.getByRole("link").click();
      await page.getByRole("heading", { name: "Sign out?" }).waitFor();
    },
  },
  inside("/app/account", "account"),
  inside("/app/members", "members"),
  {
    route: "/app/join/{token}",
    name: "join",
    async open(house, page) {
      const place = await invitation(house, page);
      await page.context().clearCookies();
      await page.goto(place);
    },
  },
  {
    route: "/app/password/{token}",
    name: "set-password",
    open: (house, page) => page.goto(house.gateway.url + house.app.passwordPage),
  },
  inside("/app/dashboard", "dashboard"),
  inside("/app/connections", "connections"),
  inside("/app/developer/apps/new", "app-new"),
  inside("/app/developer/apps/{clientId}", "app"),
  {
    route: "/app/developer/apps/{clientId}",
    name: "app-unknown",
    async open(house, page) {
      await signIn(house, page);
      await page.goto(`${house.gateway.url}/app/developer/apps/client_${"0".repeat(32)}`);
    },
  },
  {
    route: "/app/requests",
    name: "requests",
    async open(house, page) {
      await read(house, house.browser);
      await signIn(house, page);
      await page.goto(`${house.gateway.url}/app/requests`);
    },
  },
  {
    route: "/app/requests",
    name: "requests-none",
    async open(house, page) {
      await signIn(house, page);
      await page.goto(`${house.gateway.url}/app/requests?endpointKey=tags.list`);
    },
  },
  {
    route: "/app/requests/{requestId}",
    name: "request",
    async open(house, page) {
      await read(house, house.browser);
      await signIn(house, page);
      await page.goto(`${house.gateway.url}/app/requests/${house.requestId}`);
    },
  },
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
  const isFile = (path) => path.startsWith("/assets/") || /\.\w+$/.test(path);
  return Object.keys(paths).filter(
    (path) => paths[path].get?.tags.includes("Pages") && !isFile(path),
  );
}
