// The task's page: naming people in comments, sending by keyboard, saying that one types; every part of it works without.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // --- Ctrl+Enter sends the form of a text
  function sendByKey(area) {
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); area.form.requestSubmit(); }
    });
  }

  // --- @ offers the people who may see the task: a listbox that follows the text (ARIA 1.2, combobox pattern)
  function offerPeople(area) {
    let people = [], asked = false;
    async function ask() {  // a company has more people than a page should carry: they come with the first @
      asked = true;
      try {
        const answer = await fetch(area.dataset.mentions, { headers: { Accept: "application/json" } });
        asked = answer.ok;
        if (answer.ok) people = await answer.json();
      } catch { asked = false; }
      if (people.length && document.activeElement === area) offer();
    }
    const list = document.createElement("div");
    Object.assign(list, { id: area.id + "-people", className: "mention-list", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "People");
    area.after(list);
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", list.id);
    let chosen = 0;
    const begun = () => /(^|[\s(])@([^\s@]*)$/.exec(area.value.slice(0, area.selectionStart));
    const options = () => all("[role=option]", list);
    function close() { list.hidden = true; list.replaceChildren(); area.removeAttribute("aria-activedescendant"); }
    function mark(at) {
      const rows = options();
      chosen = (at + rows.length) % rows.length;
      rows.forEach((row, number) => row.setAttribute("aria-selected", number === chosen));
      area.setAttribute("aria-activedescendant", rows[chosen].id);
      rows[chosen].scrollIntoView({ block: "nearest" });
    }
    function take(username) {
      const found = begun(), at = area.selectionStart, start = at - found[2].length;
      area.setRangeText(username + " ", start, at, "end");
      close();
      area.focus();
    }
    function offer() {
      const found = begun(), wanted = found?.[2].toLowerCase();
      if (found && !asked) ask();
      const fitting = !found ? [] : people.filter(([username, name]) =>
        username.toLowerCase().startsWith(wanted) || name.toLowerCase().includes(wanted)).slice(0, 8);
      if (!fitting.length) return close();
      list.replaceChildren(...fitting.map(([username, name], number) => {
        const row = document.createElement("div");
        row.id = list.id + "-" + number;
        row.setAttribute("role", "option");
        row.textContent = name + " @" + username;
        row.dataset.username = username;
        row.addEventListener("mousedown", (event) => { event.preventDefault(); take(username); });
        return row;
      }));
      list.hidden = false;
      mark(0);
    }
    area.addEventListener("input", offer);
    area.addEventListener("blur", close);
    area.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const act = {
        ArrowDown: () => mark(chosen + 1), ArrowUp: () => mark(chosen - 1), Escape: close,
        Enter: () => take(options()[chosen].dataset.username), Tab: () => take(options()[chosen].dataset.username),
      }[event.key];
      if (act && !event.ctrlKey && !event.metaKey) { event.preventDefault(); event.stopPropagation(); act(); }
    });
  }

  // --- colleagues at the same task read that somebody types here, as long as they do
  function sayTyping(others) {
    const RESTS = 15_000;
    let typed = -Infinity;
    document.addEventListener("input", (event) => {
      if (!event.target.closest?.("form[data-keep], .talk form")) return;
      const began = Date.now() - typed > RESTS;
      typed = Date.now();
      if (began) window.htmx?.trigger(document.getElementById("others"), "typed");
    });
    document.addEventListener("htmx:configRequest", (event) => {
      if (event.detail.elt?.id === others.id && Date.now() - typed <= RESTS) event.detail.parameters.types = "1";
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const others = document.getElementById("others");
    if (others) sayTyping(others);
    all("textarea[data-send]").forEach(sendByKey);
    all("textarea[data-mentions]").forEach(offerPeople);
  });
})();
