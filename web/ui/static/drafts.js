// What is typed into a task's form stays in this browser until the server has it: offline, and over a closed window.
// The server's draft is the truth: what is kept here is offered, never put back by itself.
(() => {
  "use strict";
  const DAYS_KEPT = 7, MARK = "earshot draft ", SENT = "earshot sent";
  const form = () => document.querySelector("form[data-keep]");
  // storage may be switched off, or full: then nothing is kept, and typing goes on
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const drop = (key) => { try { localStorage.removeItem(key); } catch { /* as above */ } };
  const keys = () => { try { return Object.keys(localStorage).filter((key) => key.startsWith(MARK)); } catch { return []; } };
  function keep(key, values) {
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), values })); return true; } catch { return false; }
  }

  function entered(of) {
    return [...new FormData(of)].filter(([name, value]) => typeof value === "string" && name !== "csrf_token" && name !== "command_key");
  }
  function putBack(of, values) {
    const named = (name) => [...of.elements].filter((field) => field.name === name);
    const names = new Set([...of.elements].map((field) => field.name).filter((name) => name && name !== "csrf_token" && name !== "command_key"));
    for (const name of names) {
      const kept = values.filter(([each]) => each === name).map(([, value]) => value);
      named(name).forEach((field, at) => {
        if (field.type === "checkbox" || field.type === "radio") field.checked = kept.includes(field.value);
        else if (field.type !== "submit" && field.type !== "file" && kept[at] !== undefined) field.value = kept[at];
      });
    }
    of.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function say(of, text) {
    const line = of.querySelector("[data-kept-state]");
    if (line) line.textContent = text;
  }
  function offer(of, key, kept) {
    const box = of.querySelector("[data-kept-offer]");
    if (!box) return;
    box.hidden = false;
    box.querySelector("time").textContent = new Date(kept.at).toLocaleString();
    box.querySelector("[data-take]").addEventListener("click", () => { putBack(of, kept.values); box.hidden = true; });
    box.querySelector("[data-drop]").addEventListener("click", () => { drop(key); box.hidden = true; });
  }

  function watch(of) {
    const key = MARK + of.dataset.keep, kept = read(key), words = of.dataset;
    const drawn = JSON.stringify(entered(of));
    if (kept && JSON.stringify(kept.values) !== drawn) offer(of, key, kept);
    else drop(key);
    of.addEventListener("input", () => {
      const held = keep(key, entered(of));
      if (!navigator.onLine) say(of, held ? words.keptOffline : "");
    });
    of.addEventListener("submit", () => {
      keep(key, entered(of));
      try { sessionStorage.setItem(SENT, key); } catch { /* it is offered again */ }
    });
    addEventListener("offline", () => say(of, words.keptOffline));
    addEventListener("online", () => {
      say(of, "");
      if (read(key)) of.dispatchEvent(new Event("input", { bubbles: true }));
    });
    if (!navigator.onLine) say(of, words.keptOffline);
  }

  // a form that was sent and answered with a word of success is done with
  function settle() {
    let sent = null;
    try { sent = sessionStorage.getItem(SENT); } catch { /* nothing was sent */ }
    if (!sent) return;
    const taken = document.querySelector(".person") && document.querySelector("#messages .message");
    if (taken) drop(sent);
    try { sessionStorage.removeItem(SENT); } catch { /* as above */ }
  }

  document.addEventListener("DOMContentLoaded", () => {
    settle();
    keys().filter((key) => Date.now() - (read(key)?.at ?? 0) > DAYS_KEPT * 86400000).forEach(drop);
    document.querySelector(".person form")?.addEventListener("submit", () => keys().forEach(drop));
    const of = form();
    if (of) watch(of);
  });
})();
