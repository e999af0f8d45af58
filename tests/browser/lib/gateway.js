// The real binary, in a process of its own.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** How long a start may take on a busy machine, in milliseconds. */
const PATIENCE = 60_000;

const binary = process.env.GITLODGE_TEST_BINARY;
if (!binary) throw new Error("GITLODGE_TEST_BINARY names no binary; `cargo xtask browser` sets it");

/** The environment without settings that this process happens to have. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith("GITLODGE")),
);

/** A running gateway with the demo's repositories and every simulated host. */
export class Gateway {
  #child;
  #said = "";
  #data;

  /** Where apps and browsers reach it. */
  url;
  /** Where it listens; differs from `url` when something stands in front. */
  listening;
  /** Where only the operator reaches it. */
  adminUrl;
  /** Where the simulated hosts stand. */
  hosts;

  /** Starts one, and waits until its demo is ready. */
  static async start({ publicUrl, port = 0, options = [] } = {}) {
    const gateway = new Gateway();
    gateway.#data = await mkdtemp(join(tmpdir(), "gitlodge-browser-"));
    const front = publicUrl ? ["--public-url", publicUrl] : [];
    const child = spawn(
      binary,
      [
        "serve", "--demo", "--simulate=all", `--listen=127.0.0.1:${port}`, "--admin-listen=127.0.0.1:0",
        // A journey is one address that does much in little time.
        "--oauth-rate-limit=0", "--data", gateway.#data, ...front, ...options,
      ],
      { env: environment, stdio: ["ignore", "pipe", "pipe"] },
    );
    gateway.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => { gateway.#said += text; });
    }
    await gateway.said(/^Sandbox: /m);
    [, gateway.listening] = await gateway.said(/^listening on (\S+)$/m);
    [, gateway.adminUrl] = await gateway.said(/^admin on (\S+)$/m);
    [, gateway.hosts] = await gateway.said(/^simulated hosts on (\S+)$/m);
    gateway.url = publicUrl ?? gateway.listening;
    return gateway;
  }

  /** Waits until it has printed what fits `pattern`. */
  async said(pattern) {
    const until = Date.now() + PATIENCE;
    for (;;) {
      const found = pattern.exec(this.#said);
      if (found) return found;
      if (this.#child.exitCode !== null || Date.now() > until) {
        throw new Error(`the gateway did not say ${pattern}:\n${this.#said}`);
      }
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
  }

  /** Runs `gitlodge` with these words over the same data; gives what it printed. */
  async run(...words) {
    const { stdout } = await promisify(execFile)(
      binary, [...words, "--data", this.#data], { env: environment },
    );
    return stdout;
  }

  /** Asks the public listener as a program does; gives the whole answer. */
  async ask(method, path, { bearer, json, form, headers = {} } = {}) {
    const body = json === undefined ? form && new URLSearchParams(form) : JSON.stringify(json);
    return fetch(new URL(path, this.listening), {
      method,
      body,
      redirect: "manual",
      headers: {
        ...(bearer && { authorization: `Bearer ${bearer}` }),
        ...(json !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
    });
  }

  /** Stops it, and removes its data. */
  async stop() {
    if (this.#child.exitCode === null) {
      const ended = new Promise((resolve) => { this.#child.once("exit", resolve); });
      this.#child.kill("SIGTERM");
      await ended;
    }
    await rm(this.#data, { recursive: true, force: true });
  }
}
