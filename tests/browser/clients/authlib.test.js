// The Python package Authlib, as it comes, in a process of its own.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { approve } from "../lib/customer.js";
import { House } from "../lib/house.js";

const python = process.env.GITLODGE_TEST_PYTHON;
if (!python) throw new Error("GITLODGE_TEST_PYTHON names no Python with Authlib; `cargo xtask browser` sets it");

let house;
before(async () => { house = await House.open(); });
after(() => house?.close());

for (const method of ["client_secret_basic", "client_secret_post"]) {
  test(`code with PKCE, refresh, introspection and revocation, by ${method}`, async () => {
    const program = spawn(python, [fileURLToPath(new URL("authlib_client.py", import.meta.url))], {
      stdio: ["pipe", "pipe", "inherit"],
      env: {
        PATH: process.env.PATH,
        GATEWAY: house.gateway.url,
        CLIENT_ID: house.app.id,
        CLIENT_SECRET: house.app.secret,
        REDIRECT_URI: house.app.redirectUri,
        AUTH_METHOD: method,
        // Plain http is for this machine only.
        AUTHLIB_INSECURE_TRANSPORT: "1",
      },
    });
    const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
    const { value: url } = await lines.next();
    assert.match(url ?? "", /code_challenge_method=S256/);
    program.stdin.end(`${await approve(house.browser, url)}\n`);
    const { value } = await lines.next();
    const seen = JSON.parse(value);

    assert.deepEqual(seen.first, { type: "Bearer", expires_in: 3600, read: 200 });
    assert.deepEqual(seen.second, { rotated: true, read: 200 });
    assert.equal(seen.introspection.status, 200);
    assert.equal(seen.introspection.active, true);
    assert.equal(seen.introspection.client_id, house.app.id);
    assert.deepEqual(seen.revocation, { status: 200, read: 401 });
    assert.equal(seen.refusal, "invalid_grant");
  });
}
