// An integrator's own site: a page that leads to the gateway or frames it, and
// the address that receives codes.

import { createServer } from "node:http";

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** A page; it never needs more than a heading and one thing. */
const page = (heading, inside) =>
  `<!doctype html><html lang="en"><title>${heading}</title><h1>${heading}</h1>${inside}</html>`;

/** The site. `invitation` is the address that its pages lead to. */
export class Integrator {
  #server;
  /** The port on which it listens, on the loopback address. */
  port;
  /** Where its customers are sent. */
  invitation = "about:blank";
  /** What its redirect URI was told, in the order in which it came. */
  answers = [];

  static async open() {
    const site = new Integrator();
    site.#server = createServer((request, response) => site.#answer(request, response));
    await new Promise((resolve) => { site.#server.listen(0, "127.0.0.1", resolve); });
    site.port = site.#server.address().port;
    return site;
  }

  #answer(request, response) {
    const url = new URL(request.url, "http://integrator");
    const send = (text) => response.writeHead(200, { "content-type": "text/html" }).end(text);
    const link = escape(this.invitation);
    switch (url.pathname) {
      case "/":
        return send(page("Tea Insights", `<a href="${link}">Connect your repositories</a>`));
      case "/frame":
        return send(page("Tea Insights", `<iframe title="Gitlodge" width="1000" height="760" src="${link}"></iframe>`));
      case "/callback":
        this.answers.push(Object.fromEntries(url.searchParams));
        return send(page("Welcome back", "<p>Your answer has arrived.</p>"));
      default:
        return response.writeHead(404).end();
    }
  }

  /** The last answer; the one and only, unless something is wrong. */
  get answer() {
    if (this.answers.length !== 1) throw new Error(`${this.answers.length} answers came`);
    return this.answers[0];
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => { this.#server.close(resolve); });
  }
}
