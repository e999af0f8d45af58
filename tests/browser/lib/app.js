// A developer's app, the way every integrator makes one.

import { createHash, randomBytes } from "node:crypto";

/** What the apps of these tests ask for. */
export const SCOPES = [
  "read:profile", "read:repositories", "read:branches", "read:commits", "read:pull-requests",
  "read:diffs", "read:authors", "read:tags", "read:releases", "read:checks", "read:deployments",
  "read:file-tree",
];

/** The JSON of a good answer. */
export async function good(answer) {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}

/** A registered app with its secret. */
export class App {
  gateway;
  id;
  secret;
  /** The session of its developer. */
  session;
  redirectUri;
  /** The page on which its developer sets a password. */
  passwordPage;

  static async register(gateway, { redirectUri, embedOrigins = [], email = "ada@example.com" }) {
    const app = new App();
    const developer = JSON.parse(
      await gateway.run("admin", "create", `--email=${email}`, `--tenant=${email}`),
    );
    const json = { name: "Tea Insights", description: "Counts what was brewed.", allowedRedirectUris: [redirectUri], embedOrigins };
    const bearer = developer.sessionToken;
    const made = await good(await gateway.ask("POST", "/v1/developer/apps", { bearer, json }));
    return Object.assign(app, {
      gateway, redirectUri, session: bearer,
      passwordPage: new URL(developer.passwordLink).pathname,
      id: made.client.id, secret: made.clientSecret,
    });
  }

  /** Invites a customer, a new one unless named; gives the page to open, and what proves who exchanges the code. */
  async invite({ customer = `customer-${randomBytes(6).toString("hex")}`, scopes = SCOPES } = {}) {
    const verifier = randomBytes(32).toString("base64url");
    const json = {
      customerRef: customer,
      customerName: "The library",
      purpose: "To count what was brewed each week.",
      permissions: scopes,
      state: "as it was & unchanged",
      codeChallenge: createHash("sha256").update(verifier).digest("base64url"),
    };
    const path = `/v1/developer/apps/${this.id}/connect-sessions`;
    const made = await good(await this.gateway.ask("POST", path, { bearer: this.session, json }));
    return { url: made.url, verifier };
  }

  /** Where a customer sees, changes and takes back what is shared. */
  async accessPage(customer) {
    const { url } = await this.invite({ customer });
    const proof = new URL(url).searchParams.get("connect_token");
    const page = new URL(`/app/company/apps/${this.id}`, this.gateway.url);
    page.searchParams.set("connect_token", proof);
    return page.href;
  }

  /** Exchanges a code; gives the tokens. */
  async exchange(code, verifier) {
    const form = {
      grant_type: "authorization_code",
      client_id: this.id,
      client_secret: this.secret,
      code,
      redirect_uri: this.redirectUri,
      code_verifier: verifier,
    };
    return good(await this.gateway.ask("POST", "/oauth/token", { form }));
  }
}
