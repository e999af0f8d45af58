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

  // On a long list, what can be left out of one repository is made when somebody
  // looks: ten boxes for each of a thousand would make the page slow.
  const less = form.querySelector("[data-less]");
  form.addEventListener("toggle", (event) => {
    const inside = event.target.querySelector(".inside");
    if (!less || !inside || inside.querySelector("[name=less]")) return;
    const boxes = less.content.cloneNode(true);
    const number = event.target.closest("[data-repository]").dataset.repository;
    for (const box of boxes.querySelectorAll("input")) box.value = `${number} ${box.value}`;
    inside.append(boxes);
  }, true);

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

  if (window.self === window.top) return;

  // Only pages of the app can frame us; which one, the browser may know.
  const framed = document.querySelector("[data-framed]");
  const opener = window.location.ancestorOrigins?.[0];
  if (framed.hidden && opener) framed.querySelector("[data-opener]").textContent = opener;
  framed.hidden = false;

  // A page that frames us must not bring us under a click that was meant for
  // something else: approving waits until we were in sight for 600 ms, and with
  // nothing above us where the browser can tell.
  const approve = form.querySelector("[data-approve]");
  if (!approve) return;
  const hint = form.querySelector("[data-wait]");
  let timer;
  let uncovered = true;
  const wait = () => {
    clearTimeout(timer);
    const inSight = uncovered && document.visibilityState === "visible";
    approve.disabled = true;
    hint.hidden = inSight;
    if (inSight) timer = setTimeout(() => { approve.disabled = false; }, 600);
  };
  document.addEventListener("visibilitychange", wait);
  if ("isVisible" in (window.IntersectionObserverEntry?.prototype ?? {})) {
    uncovered = false;
    // The buttons' own room is watched: a button that sleeps is half transparent,
    // which counts as hidden.
    new IntersectionObserver((entries) => {
      const seen = entries.at(-1).isVisible;
      if (seen === uncovered) return;
      uncovered = seen;
      wait();
    }, { trackVisibility: true, delay: 100 }).observe(form.querySelector("[data-answer]"));
  }
  wait();
})();
