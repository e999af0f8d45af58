// Makes the consent page easier. Without it, the page works all the same.
(() => {
  "use strict";

  // The small window that comes back from a host tells the page that opened it
  // how the login went. A host may have cut the way back (by its
  // Cross-Origin-Opener-Policy); a channel of our own origin is another one.
  const CHANNEL = "gitlodge-login";
  const told = document.body.dataset;
  if ("login" in told) {
    const message = { type: CHANNEL, login: told.login, provider: told.provider, handOver: told.handOver };
    const opener = window.opener;
    opener?.postMessage(message, window.location.origin);
    new BroadcastChannel(CHANNEL).postMessage(message);
    if (opener) window.close();
    return;
  }
  // The answer is told to the page of the app that framed or opened this one, and
  // to no page of another origin.
  if ("message" in told) {
    const framing = window.parent === window ? null : window.parent;
    (window.opener ?? framing)?.postMessage(JSON.parse(told.message), told.target);
    if (window.opener) window.close();
    return;
  }
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

  // Accounts are connected in a small window, so that this page stays as it is
  // behind it: hosts do not let themselves be framed.
  const transaction = form.querySelector("input[name=transaction]").value;
  const ticks = `gitlodge-ticks-${transaction}`;
  const choices = () => [...form.querySelectorAll("input[type=checkbox], input[type=radio]")];
  const name = (box) => `${box.name} ${box.value}`;
  let popup = null;

  const reload = (provider, login) => {
    // The page is made anew, with the account's repositories; what is ticked
    // is ticked again. A browser may forbid the storage: then it is not.
    try {
      sessionStorage.setItem(ticks, JSON.stringify(choices().map((it) => [name(it), it.checked])));
    } catch { /* Nothing is lost but the ticks. */ }
    const query = new URLSearchParams({ transaction, provider, login });
    window.location.assign(`/oauth/authorize?${query}`);
  };
  try {
    const kept = new Map(JSON.parse(sessionStorage.getItem(ticks) ?? "[]"));
    sessionStorage.removeItem(ticks);
    for (const box of choices()) if (kept.has(name(box))) box.checked = kept.get(name(box));
    for (const account of form.querySelectorAll("[data-account]")) {
      account.dispatchEvent(new Event("change"));
    }
  } catch { /* As before. */ }

  const heard = async (data) => {
    if (data?.type !== CHANNEL || typeof data.provider !== "string") return;
    let login = String(data.login);
    if (data.handOver) {
      // This page is in a frame: its cookie, which proves that the login began
      // here, is in no other window. So it finishes the login itself.
      const path = `/v1/auth/${encodeURIComponent(data.provider)}/callback?${data.handOver}`;
      const answer = await fetch(path, { headers: { accept: "application/json" } });
      login = answer.ok ? "connected" : answer.status === 403 ? "access_denied" : "login_not_taken";
    }
    reload(data.provider, login);
  };
  window.addEventListener("message", (event) => {
    if (event.origin === window.location.origin && event.source === popup) heard(event.data);
  });
  new BroadcastChannel(CHANNEL).addEventListener("message", (event) => {
    // What is handed over goes to the page that opened the window, and to no other.
    if (popup && !event.data?.handOver) heard(event.data);
  });

  for (const link of form.querySelectorAll("[data-connect]")) {
    link.addEventListener("click", async (event) => {
      popup = window.open("", "gitlodge-login", "popup,width=760,height=820");
      // Without small windows, the link leads there and back.
      if (!popup) return;
      event.preventDefault();
      try {
        const url = new URL(link.href);
        url.searchParams.delete("redirect");
        url.searchParams.set("popup", "1");
        const answer = await fetch(url, { headers: { accept: "application/json" } });
        if (!answer.ok) throw new Error(`status ${answer.status}`);
        popup.location = (await answer.json()).data.authorizationUrl;
      } catch {
        popup.close();
        popup = null;
        window.location.assign(link.href);
      }
    });
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
