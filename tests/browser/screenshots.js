// A picture of every view, in both themes, on a phone and on a desk.
// `cargo xtask screenshots` says where they go; words choose views by name.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { THEMES, WIDTHS, openWindow } from "./lib/browser.js";
import { House } from "./lib/house.js";
import { VIEWS } from "./pages.js";

const folder = process.env.GITLODGE_SCREENSHOTS;
if (!folder) throw new Error("GITLODGE_SCREENSHOTS names no folder; `cargo xtask screenshots` sets it");
const words = process.argv.slice(2);
const chosen = VIEWS.filter((it) => words.length === 0 || words.some((word) => it.name.includes(word)));

await mkdir(folder, { recursive: true });
const house = await House.open();
try {
  for (const view of chosen) {
    for (const theme of THEMES) {
      for (const width of WIDTHS) {
        const { context, page } = await openWindow(house.browser, { theme, width });
        await view.open(house, page);
        const path = join(folder, `${view.name}-${theme}-${width}.png`);
        await page.screenshot({ path, fullPage: true });
        await context.close();
      }
    }
  }
} finally {
  await house.close();
}
process.stdout.write(`${chosen.length} views in ${folder}\n`);
