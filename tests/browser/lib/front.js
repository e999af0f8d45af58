// What stands in front of a server in production: it ends TLS, and passes on.
// Each name below `localhost` is a site of its own to a browser.

import { request as ask } from "node:http";
import { createServer } from "node:https";
import { selfSigned } from "./certificate.js";

/** A front for several servers, told apart by the name that they are asked under. */
export class Front {
  #server;
  #behind = new Map();
  port;

  /** Opens one for these names, for example `lodge.localhost`. */
  static async open(...names) {
    const front = new Front();
    front.#server = createServer(selfSigned(names), (request, response) => front.#pass(request, response));
    await new Promise((resolve) => { front.#server.listen(0, "127.0.0.1", resolve); });
    front.port = front.#server.address().port;
    return front;
  }

  /** The origin of `name`. */
  origin(name) {
    return `https://${name}:${this.port}`;
  }

  /** Whatever is asked of `name` is answered by the server on `port`. */
  lead(name, port) {
    this.#behind.set(`${name}:${this.port}`, port);
  }

  #pass(request, response) {
    const port = this.#behind.get(request.headers.host);
    if (!port) return response.writeHead(502).end();
    const { method, url: path, headers } = request;
    const passed = ask({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    });
    passed.on("error", () => response.destroy());
    return request.pipe(passed);
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => { this.#server.close(resolve); });
  }
}
