// The npm package `openid-client`, as it comes: what it needs of an OAuth 2.0
// server, from discovery to revocation.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as oauth from "openid-client";

import { approve } from "../lib/customer.js";
import { House } from "../lib/house.js";

const SCOPE = "read:profile read:repositories read:commits";

let house;
before(async () => { house = await House.open(); });
after(() => house?.close());

/** What the library learns about the gateway by itself. */
const discover = (authentication) => oauth.discovery(
  new URL(house.gateway.url), house.app.id, undefined, authentication,
  // Plain http is for this machine only.
  { algorithm: "oauth2", execute: [oauth.allowInsecureRequests] },
);

/** The parameters of the authorize URL, and what is checked when the answer comes. */
async function begin() {
  const pkceCodeVerifier = oauth.randomPKCECodeVerifier();
  const expectedState = oauth.randomState();
  const parameters = {
    redirect_uri: house.app.redirectUri,
    scope: SCOPE,
    state: expectedState,
    code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  };
  return { parameters, checks: { pkceCodeVerifier, expectedState } };
}

/** The status of a read with this token. */
async function read(config, token) {
  const url = new URL("/v1/repositories", house.gateway.url);
  return oauth.fetchProtectedResource(config, token, url, "GET").then(
    (answer) => answer.status,
    (refusal) => refusal.status,
  );
}

for (const [name, authentication] of [
  ["client_secret_basic", oauth.ClientSecretBasic],
  ["client_secret_post", oauth.ClientSecretPost],
]) {
  test(`code with PKCE, refresh, introspection and revocation, by ${name}`, async () => {
    const config = await discover(authentication(house.app.secret));
    const server = config.serverMetadata();
    assert.ok(server.supportsPKCE());
    assert.ok(server.token_endpoint_auth_methods_supported.includes(name));

    const { parameters, checks } = await begin();
    const url = oauth.buildAuthorizationUrl(config, parameters);
    const place = new URL(await approve(house.browser, url.href));
    const first = await oauth.authorizationCodeGrant(config, place, checks);
    assert.equal(first.token_type, "bearer");
    assert.equal(first.scope.split(" ").sort().join(" "), SCOPE.split(" ").sort().join(" "));
    assert.ok(first.expiresIn() > 3_000);
    assert.equal(await read(config, first.access_token), 200);

    const second = await oauth.refreshTokenGrant(config, first.refresh_token);
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal(await read(config, second.access_token), 200);

    const told = await oauth.tokenIntrospection(config, second.access_token);
    assert.equal(told.active, true);
    assert.equal(told.client_id, house.app.id);

    await oauth.tokenRevocation(config, second.refresh_token);
    assert.equal((await oauth.tokenIntrospection(config, second.access_token)).active, false);
    assert.equal(await read(config, second.access_token), 401);
    await assert.rejects(
      oauth.refreshTokenGrant(config, second.refresh_token),
      (error) => error.error === "invalid_grant" && error.status === 400,
    );
  });
}

test("a pushed authorization request is taken, and its code is good once", async () => {
  const config = await discover(oauth.ClientSecretBasic(house.app.secret));
  const { parameters, checks } = await begin();
  const url = await oauth.buildAuthorizationUrlWithPAR(config, parameters);
  assert.deepEqual([...url.searchParams.keys()].sort(), ["client_id", "request_uri"]);
  const place = new URL(await approve(house.browser, url.href));
  const issued = await oauth.authorizationCodeGrant(config, place, checks);
  assert.equal(await read(config, issued.access_token), 200);

  await assert.rejects(
    oauth.authorizationCodeGrant(config, place, checks),
    (error) => error.error === "invalid_grant",
  );
  assert.equal(await read(config, issued.access_token), 401);
});

test("the library understands every refusal", async () => {
  // HTTP has a 401 say how to authenticate (RFC 9110, 11.6.1), and the library
  // tells of that first, however the secret was sent.
  for (const authentication of [oauth.ClientSecretBasic, oauth.ClientSecretPost]) {
    const stranger = await discover(authentication("sggcs_not-the-secret"));
    await assert.rejects(
      oauth.refreshTokenGrant(stranger, "sggrt_whatever"),
      (error) => error.status === 401 && error.cause[0].scheme === "basic",
    );
  }
  const config = await discover(oauth.ClientSecretBasic(house.app.secret));
  await assert.rejects(
    oauth.genericGrantRequest(config, "password", { username: "ada", password: "x" }),
    (error) => error.error === "unsupported_grant_type" && error.status === 400,
  );
  const { parameters, checks } = await begin();
  const place = await approve(house.browser, oauth.buildAuthorizationUrl(config, parameters).href);
  await assert.rejects(
    oauth.authorizationCodeGrant(config, new URL(place), {
      ...checks, pkceCodeVerifier: oauth.randomPKCECodeVerifier(),
    }),
    (error) => error.error === "invalid_grant" && error.status === 400,
  );
});
