// Every page, in both themes, on a phone and on a desk: nothing that axe-core
// calls serious, nothing to scroll sideways, and no complaint by the browser.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { findings } from "./lib/axe.js";
import { THEMES, WIDTHS, complaints, openWindow } from "./lib/browser.js";
import { House } from "./lib/house.js";
import { VIEWS, rows } from "./pages.js";

let house;
before(async () => { house = await House.open(); });
after(() => house?.close());

test("every page of the gateway's table is looked at, and no other", async () => {
  const listed = await rows(house.gateway);
  const seen = new Set(VIEWS.filter((it) => !it.unlisted).map((it) => it.route));
  assert.deepEqual([...seen].sort(), listed.sort());
  const names = VIEWS.map((it) => it.name);
  assert.equal(new Set(names).size, names.length, "two views have one name");
});

test("a page that keeps somebody out is noticed", async () => {
  const { context, page } = await openWindow(house.browser);
  await page.setContent("<html lang=en><title>A · B</title><main><img src=x><p style='color:#ccc;background:#fff'>faint");
  const found = (await findings(page)).map((it) => it.split(":")[0]);
  assert.deepEqual(found.sort(), ["color-contrast", "image-alt"]);
  await context.close();
});

for (const theme of THEMES) {
  for (const width of WIDTHS) {
    describe(`${theme}, ${width} pixels`, () => {
      for (const view of VIEWS) {
        test(view.name, async () => {
          const { context, page } = await openWindow(house.browser, { theme, width });
          const heard = complaints(page);
          await view.open(house, page);
          assert.deepEqual(await findings(page), []);
          const beyond = await page.evaluate(() => {
            const { scrollWidth, clientWidth } = document.documentElement;
            return scrollWidth - clientWidth;
          });
          assert.equal(beyond, 0, `it is ${beyond} pixels too wide`);
          assert.match(await page.title(), /\S · \S/, "its title does not say what it is");
          assert.deepEqual(heard, []);
          await context.close();
        });
      }
    });
  }
}
