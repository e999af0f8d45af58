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
  #options;
  #variables;

  /** Where apps and browsers reach it. */
  url;
  /** Where it listens; differs from `url` when something stands in front. */
  listening;
  /** Where only the operator reaches it. */
  adminUrl;
  /** Where the simulated hosts stand. */
  hosts;

  /** Starts one, and waits until its demo is ready. `variables` are set in its environment. */
  static async start({ publicUrl, port = 0, options = [], variables = {} } = {}) {
    const gateway = new Gateway();
    gateway.#data = await mkdtemp(join(tmpdir(), "gitlodge-browser-"));
    gateway.#options = [...(publicUrl ? ["--public-url", publicUrl] : []), ...options];
    gateway.#variables = variables;
    await gateway.#begin(port);
    gateway.url = publicUrl ?? gateway.listening;
    return gateway;
  }

  /** Starts the program over the data that is there. */
  async #begin(port) {
    this.#said = "";
    const child = spawn(
      binary,
      [
        "serve", "--demo", "--simulate=all", `--listen=127.0.0.1:${port}`, "--admin-listen=127.0.0.1:0",
        // A journey is one address that does much in little time.
        "--oauth-rate-limit=0", "--data", this.#data, ...this.#options,
      ],
      { env: { ...environment, ...this.#variables }, stdio: ["ignore", "pipe", "pipe"] },
    );
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => { this.#said += text; });
    }
    await this.said(/^Sandbox: /m);
    [, this.listening] = await this.said(/^listening on (\S+)$/m);
    [, this.adminUrl] = await this.said(/^admin on (\S+)$/m);
    [, this.hosts] = await this.said(/^simulated hosts on (\S+)$/m);
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

  /** Ends it at once, whatever it is doing. Its data stay. */
  async kill() {
    await this.#end("SIGKILL");
  }

  /** Starts it anew where it was: at the same address, over the same data. */
  async again() {
    await this.#begin(new URL(this.listening).port);
  }

  /** Stops it, and removes its data. */
  async stop() {
    await this.#end("SIGTERM");
    await rm(this.#data, { recursive: true, force: true });
  }

  async #end(signal) {
    // One that a signal ended has no code.
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => { this.#child.once("exit", resolve); });
    this.#child.kill(signal);
    await ended;
  }
}
