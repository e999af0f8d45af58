// What nearly every journey needs: a gateway, an integrator, an app, a browser.

import { App } from "./app.js";
import { openBrowser, openWindow } from "./browser.js";
import { Gateway } from "./gateway.js";
import { Integrator } from "./integrator.js";

/** All of it, running. */
export class House {
  gateway;
  integrator;
  app;
  /** The app of the sandbox, once a view has asked for it. */
  sandbox;
  /** A read that is in the journal, once a view has asked for it. */
  requestId;
  browser;

  static async open() {
    const house = new House();
    house.gateway = await Gateway.start();
    house.integrator = await Integrator.open();
    house.app = await App.register(house.gateway, {
      redirectUri: `http://127.0.0.1:${house.integrator.port}/callback`,
    });
    house.browser = await openBrowser();
    return house;
  }

  /** A new person at the integrator's page, invited. */
  async customer(settings = {}, invitation = {}) {
    const invited = await this.app.invite(invitation);
    this.integrator.invitation = invited.url;
    this.integrator.answers.length = 0;
    const window = await openWindow(this.browser, settings);
    await window.page.goto(`http://127.0.0.1:${this.integrator.port}/`);
    return { ...window, verifier: invited.verifier };
  }

  /** What an app can read with the code that has arrived. */
  async read(verifier) {
    const tokens = await this.app.exchange(this.integrator.answer.code, verifier);
    const bearer = tokens.access_token;
    const first = await this.gateway.ask("GET", "/v1/repositories", { bearer });
    const names = [];
    for (const provider of ["azure", "bitbucket", "gitea", "github", "gitlab", "local"]) {
      names.push(...await this.#approved(provider, bearer));
    }
    return { status: first.status, tokens, names: names.sort() };
  }

  /** What was approved at one host: a page of it may be empty and have a next one. */
  async #approved(provider, bearer) {
    const names = [];
    for (let cursor = ""; cursor !== null;) {
      const path = `/v1/repositories?provider=${provider}&limit=100${cursor && `&cursor=${cursor}`}`;
      const answer = await this.gateway.ask("GET", path, { bearer });
      // No account is connected there.
      if (answer.status === 403) return [];
      const { data, page_info: page } = await answer.json();
      names.push(...data.map((it) => it.full_name));
      cursor = page.next_cursor;
    }
    return names;
  }

  async close() {
    await this.browser?.close();
    await this.integrator?.close();
    await this.gateway?.stop();
  }
}

/** The box of the repository of this name at this account. */
export const box = (page, name) =>
  page.locator("[data-repository]", { has: page.getByText(name, { exact: true }) })
    .locator("input[name=repository]");
