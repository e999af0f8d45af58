// Makes the consent page easier. Without it, the page works all the same.
(() => {
  "use strict";
  const form = document.querySelector("[data-consent]");
  if (!form) return;

  document.querySelector("[data-focus]")?.focus();
  for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;

  for (const account of form.querySelectorAll("[data-account]")) {
    const rows = [...account.querySelectorAll("[data-repository]")].map((row) => ({
      row,
      box: row.querySelector("input[name=repository]"),
      name: row.querySelector("[data-name]").textContent.toLowerCase(),
    }));
    const search = account.querySelector("[data-search]");
    const count = account.querySelector("[data-count]");
    if (!search) continue;

    const tell = () => {
      const shown = rows.filter((it) => !it.row.hidden).length;
      const ticked = rows.filter((it) => it.box.checked).length;
      count.textContent = `${ticked} of ${rows.length} ticked` +
        (shown < rows.length ? `, ${shown} shown` : "");
    };
    const filter = () => {
      const words = search.value.toLowerCase().split(/\s+/);
      for (const it of rows) it.row.hidden = !words.every((word) => it.name.includes(word));
      tell();
    };
    const tick = (checked) => {
      for (const it of rows) if (!it.row.hidden) it.box.checked = checked;
      tell();
    };
    search.addEventListener("input", filter);
    search.addEventListener("keydown", (event) => {
      // Enter would send the form.
      if (event.key === "Enter") event.preventDefault();
    });
    account.querySelector("[data-all]").addEventListener("click", () => tick(true));
    account.querySelector("[data-none]").addEventListener("click", () => tick(false));
    account.addEventListener("change", tell);
    filter();
  }

  // A second click must not send the answer again: the first one's redirect, and
  // the code in it, would be lost. Coming back by the browser's history counts anew.
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });

  // Whoever writes a number means it.
  const custom = form.querySelector("[data-custom]");
  custom?.addEventListener("input", () => {
    form.querySelector("#days-custom").checked = true;
  });

  // A page that frames us must not bring us under a click that was meant for
  // something else: approving waits until we were in sight for 600 ms.
  const approve = form.querySelector("[data-approve]");
  if (approve && window.self !== window.top) {
    let timer;
    const wait = () => {
      clearTimeout(timer);
      approve.disabled = true;
      if (document.visibilityState === "visible") {
        timer = setTimeout(() => { approve.disabled = false; }, 600);
      }
    };
    document.addEventListener("visibilitychange", wait);
    wait();
  }
})();
