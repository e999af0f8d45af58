// A browser, and what people set in theirs.

import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

/** How long anything on a page may take on a busy machine, in milliseconds. */
const PATIENCE = 30_000;

const places = [
  process.env.GITLODGE_TEST_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser",
];

/** The themes in which every page is looked at. */
export const THEMES = ["light", "dark"];

/** Widths in CSS pixels: a phone and a desk. */
export const WIDTHS = [390, 1280];

/** Starts the browser. */
export async function openBrowser() {
  const executablePath = places.find((it) => it && existsSync(it));
  if (!executablePath) throw new Error("there is no chromium: set GITLODGE_TEST_CHROMIUM");
  return chromium.launch({
    executablePath,
    // The sandbox of Chromium cannot be used by root, as whom CI often runs.
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
  });
}

/** A person's window: their theme, their width, and no cookies yet. */
export async function openWindow(browser, { theme = "light", width = 1280, ...more } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 844 : 900 },
    colorScheme: theme,
    reducedMotion: "reduce",
    ...(width < 600 && { hasTouch: true, isMobile: true }),
    ...more,
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  return { context, page };
}

/**
 * What the browser complained about: scripts that failed, and what a content
 * security policy refused. A refusal by the server (a 4xx) is no complaint.
 */
export function complaints(page) {
  const heard = [];
  page.on("pageerror", (error) => heard.push(`script: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !text.startsWith("Failed to load resource")) heard.push(text);
  });
  return heard;
}
