// The theme that somebody chose, before anything is painted. Without this
// script, and until somebody chooses, it is the system's.
(() => {
  "use strict";

  const NAME = "gitlodge-theme";
  const root = document.documentElement;
  const remembered = () => {
    try {
      return localStorage.getItem(NAME);
    } catch {
      return null; // A frame of another site may be without storage.
    }
  };
  const wear = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  wear(remembered());

  document.addEventListener("DOMContentLoaded", () => {
    const dark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      const tell = () => {
        button.textContent = dark() ? "Light theme" : "Dark theme";
      };
      button.hidden = false;
      tell();
      button.addEventListener("click", () => {
        const theme = dark() ? "light" : "dark";
        wear(theme);
        try {
          localStorage.setItem(NAME, theme);
        } catch {
          // It lasts as long as the page, then.
        }
        tell();
      });
    }
  });
})();
