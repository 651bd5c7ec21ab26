// The shell beyond plain pages: the palette, rows that are clicked as a whole, what is said while a page loads or fails.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const element = (tag, props = {}) => Object.assign(document.createElement(tag), props);

  // --- the palette: pages come from the server, verbs are the buttons of this very page, the rest is searched
  const MOST = 14, REST = 250;
  function startPalette(dialog) {
    const input = dialog.querySelector("input"), list = dialog.querySelector("[role=listbox]");
    let found = [], at = 0, timer = null, turn = 0;
    const pages = all("[data-pages] a", dialog).map((link) => ({ label: link.textContent.trim(), kind: "page", run: () => location.assign(link.href) }));
    const verbs = () => all("main button, main a.button, main .tabs a").filter((it) => it.checkVisibility() && !it.disabled && !it.closest(".diagram"))
      .map((it) => ({ label: (it.getAttribute("aria-label") ?? it.textContent).trim(), kind: "here", run: () => it.click() })).filter((each) => each.label);
    const fits = (each) => input.value.toLowerCase().split(/\s+/).every((word) => each.label.toLowerCase().includes(word));
    function show(more = []) {
      found = [...[...verbs(), ...pages].filter(fits), ...more].slice(0, MOST);
      at = 0;
      list.replaceChildren(...found.map((each, number) => {
        const option = element("li", { id: "palette-" + number, textContent: each.label });
        option.setAttribute("role", "option");
        option.append(element("span", { className: "soft", textContent: " " + each.kind }));
        option.addEventListener("click", () => run(number));
        return option;
      }));
      mark();
    }
    function mark() {
      all("[role=option]", list).forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
      input.setAttribute("aria-activedescendant", found.length ? "palette-" + at : "");
      list.children[at]?.scrollIntoView({ block: "nearest" });
    }
    function run(number) {
      dialog.close();
      found[number]?.run();
    }
    async function search() {
      const asked = ++turn, answer = await fetch("/search?q=" + encodeURIComponent(input.value), { credentials: "same-origin" }).catch(() => null);
      if (!answer?.ok || asked !== turn || !dialog.open) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      show(all("main .open", page).map((link) => ({ label: link.textContent.trim().replace(/\s+/g, " "), kind: "found", run: () => location.assign(link.getAttribute("href")) })));
    }
    input.addEventListener("input", () => {
      show();
      clearTimeout(timer);
      if (input.value.trim().length > 1) timer = setTimeout(search, REST);
    });
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && found.length) { event.preventDefault(); at = (at + step + found.length) % found.length; mark(); }
      if (event.key === "Enter" && found.length) { event.preventDefault(); run(at); }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      if (dialog.open) return dialog.close();
      input.value = "";
      dialog.showModal();
      show();
    });
  }

  // --- a row is opened by a click anywhere on it; links, buttons and marked words stay what they are
  function openRow(event) {
    const row = event.target.closest("[data-rows] .row, [data-rows] tbody tr");
    const link = row?.querySelector("a.open");
    if (!link || event.target.closest("a, button, input, select, textarea, label, summary, details") || String(getSelection())) return;
    if (event.ctrlKey || event.metaKey || event.button === 1) return void window.open(link.href, "_blank", "noopener");
    link.click();
  }
  document.addEventListener("click", openRow);
  document.addEventListener("auxclick", (event) => event.button === 1 && openRow(event));

  // --- loading: a line on top after 300 ms; failing: a line in place that says what is kept
  let loading = 0, wait = null;
  function begin() {
    if (!loading++) wait = setTimeout(() => document.body.classList.add("loading"), 300);
  }
  function end() {
    if (loading > 0 && --loading) return;
    clearTimeout(wait);
    document.body.classList.remove("loading");
  }
  const texts = () => document.getElementById("state-texts")?.dataset ?? {};
  function sayOffline() {
    const notice = document.getElementById("notice");
    if (!notice || notice.querySelector("[data-offline]")) return;
    const line = element("p", { className: "problem", textContent: texts().offline });
    line.dataset.offline = "";
    notice.replaceChildren(line);
  }
  const sayOnline = () => document.querySelector("#notice [data-offline]")?.remove();
  // by the request itself: who asked may be swapped away meanwhile, and its events then reach nobody
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.defaultPrevented) return;
    begin();
    event.detail.xhr.addEventListener("loadend", end);
  });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) sayOnline(); });
  document.addEventListener("htmx:sendError", sayOffline);
  addEventListener("offline", sayOffline);
  addEventListener("online", sayOnline);
  addEventListener("beforeunload", begin);
  addEventListener("pageshow", () => { loading = 0; end(); });

  document.addEventListener("DOMContentLoaded", () => {
    const dialog = document.getElementById("palette");
    if (dialog && document.querySelector(".rail .rooms")) startPalette(dialog);
    document.querySelector(".rail .rooms [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" }); // on a phone there may be more rooms than fit
  });
})();
