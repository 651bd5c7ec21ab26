// Keys, live blocks, drafts and dropped files; every page works without it.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const isTyping = () => /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");

  // --- keys: j/k move over .row or table rows that hold a link .open, and open the row where one is open beside the list
  const rows = () => all("[data-rows] .row, [data-rows] tbody tr").filter((row) => row.querySelector(".open"));
  const current = () => rows().find((row) => row.contains(document.activeElement) || row.classList.contains("at"));
  function move(step) {
    const list = rows();
    const shown = list.findIndex((row) => row.matches("[aria-current]"));
    const at = current() ? list.indexOf(current()) : shown;
    const next = list[Math.min(list.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    list.forEach((row) => row.classList.toggle("at", row === next));
    next.querySelector(".open").focus();
    if (shown >= 0 && !next.matches("[aria-current]")) next.querySelector(".open").click();
  }
  document.addEventListener("focusin", () =>
    all(".at").forEach((row) => row.contains(document.activeElement) || row.classList.remove("at")));
  const tick = () => current()?.querySelector("input[type=checkbox]");
  const undo = () => document.querySelector(".message form button");
  const field = () => document.querySelector("main form[method=post] :is(input:not([type=hidden], [type=file]), select, textarea)");
  // one list: it is what the keys do, and what the dialog of keys says of this page
  const KEYS = {
    j: { on: () => rows().length, act: () => move(1) },
    k: { on: () => rows().length, act: () => move(-1) },
    x: { on: () => rows().some((row) => row.querySelector("input[type=checkbox]")), act: () => tick()?.click() },
    e: { on: field, act: () => field().focus() },
    z: { on: undo, act: () => undo().click() },
    "/": { on: () => document.querySelector("[data-key='/']"), act: () => document.querySelector("[data-key='/']").focus() },
    g: { on: () => document.querySelector(".rail .rooms a"), act: () => document.querySelector(".rail .rooms a").focus() },
    "?": { on: () => document.getElementById("keys"), act: showKeys },
  };
  const own = () => all("[data-key]").filter((it) => !KEYS[it.dataset.key]);
  function showKeys() {
    const dialog = document.getElementById("keys");
    all("[data-of]", dialog).forEach((line) => { line.hidden = !KEYS[line.dataset.of]?.on(); });
    all("[data-own]", dialog).forEach((line) => line.remove());
    own().forEach((it) => {
      const line = document.createElement("div"), key = document.createElement("dt"), does = document.createElement("dd");
      line.dataset.own = "";
      key.append(Object.assign(document.createElement("kbd"), { textContent: it.dataset.key }));
      does.textContent = (it.getAttribute("aria-label") ?? it.textContent).trim();
      line.append(key, does);
      dialog.querySelector("dl").append(line);
    });
    dialog.showModal();
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && isTyping()) return document.activeElement.blur();
    if (isTyping() || document.querySelector("dialog[open]")) return;
    const known = KEYS[event.key], mine = own().find((it) => it.dataset.key === event.key);
    const action = known?.on() ? known.act : mine && (() => mine.click());
    if (action) { event.preventDefault(); action(); }
  });

  // --- shift and a click choose all rows from the last one that was chosen
  const TICKS = "input[type=checkbox]:is([name=task], [name=case])";
  let lastTick = null;
  document.addEventListener("click", (event) => {
    const tick = event.target.closest?.(TICKS);
    if (!tick) return;
    const ticks = all(TICKS), [from, to] = [ticks.indexOf(lastTick), ticks.indexOf(tick)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) ticks.slice(from, to + 1).forEach((each) => { each.checked = tick.checked; });
    lastTick = tick;
  });

  // --- live: blocks with data-live="topic" look again when the topic changed
  const topics = () => [...new Set(all("[data-live]").flatMap((el) => el.dataset.live.split(" ")))];
  // a block that cannot look now (its look is under way, someone types or ticks in it) looks as soon as it can
  const behind = new Set(), looking = new Set();
  const isWritten = (el) => el.type === "checkbox" ? el.checked !== el.defaultChecked : el.value !== el.defaultValue;
  const isBusy = (block) => (block.contains(document.activeElement) && isTyping())
    || all("textarea, input:not([type=hidden], [type=file], [type=radio])", block).some(isWritten);
  function catchUp() {
    for (const id of [...behind].filter((each) => !looking.has(each))) {
      const block = document.getElementById(id);
      if (block && isBusy(block)) continue;
      behind.delete(id);
      if (block) look(id, block);
    }
  }
  function look(id, block) {
    looking.add(id);
    htmx.ajax("GET", block.dataset.url || location.href, { source: block, target: block, swap: "outerHTML" })
      .then(() => setTimeout(catchUp, SOON), () => behind.add(id))  // when the network is away: with the next mark
      .finally(() => looking.delete(id));
  }
  ["focusout", "change"].forEach((left) => document.addEventListener(left, () => setTimeout(catchUp, SOON)));
  const SOON = 200, known = {};
  function compare(marks) {
    for (const [topic, mark] of Object.entries(marks)) {
      const before = known[topic];
      known[topic] = mark;
      if (before === undefined || before === mark) continue;
      all("[data-live][id]").filter((el) => el.dataset.live.split(" ").includes(topic)).forEach((el) => behind.add(el.id));
    }
    catchUp();
  }
  // A browser keeps six connections to a site: so few of its windows hold a stream, by a lock that all of them share;
  // the others ask every few seconds, and so do all where there are no locks (plain http from another machine).
  const STREAMS = 3, ASK_EVERY = 4000;
  let stream = null, asking = null, letGo = null, wanted = 0;
  function takeLock(number) {
    return new Promise((resolve) => navigator.locks.request("earshot live " + number, { ifAvailable: true },
      (lock) => lock ? new Promise((release) => resolve(release)) : resolve(null)));
  }
  async function takePlace() {
    for (let number = 0; navigator.locks && number < STREAMS; number++) {
      const release = await takeLock(number);
      if (release) return release;
    }
    return null;
  }
  async function listen() {
    const names = encodeURIComponent(topics().join(","));
    hush();
    if (!names || document.hidden) return;
    const turn = wanted;
    const place = await takePlace();
    if (turn !== wanted) return place?.();
    if (!place) return ask(names);
    letGo = place;
    stream = new EventSource("/live?topics=" + names);
    stream.addEventListener("marks", (event) => compare(JSON.parse(event.data)));
    stream.onerror = () => { if (stream?.readyState === EventSource.CLOSED) { hush(); ask(names); } };
  }
  // a hidden page gives its stream back and asks for nothing
  function hush() {
    wanted++;
    stream?.close();
    letGo?.();
    clearTimeout(asking);
    stream = letGo = asking = null;
  }
  // a script's question that came after the session ended: a way back in, once; it goes when an answer comes again
  function heed(answer) {
    const notice = document.getElementById("notice");
    const said = notice?.querySelector("[data-session-ended]");
    if (answer?.status === 401 && notice && !said) notice.replaceChildren(document.getElementById("session-ended").content.cloneNode(true));
    if (answer?.ok) said?.remove();
    return answer;
  }
  async function ask(names) {
    const turn = wanted;
    try {
      const answer = heed(await fetch("/live/marks?topics=" + names, { credentials: "same-origin" }));
      if (answer.ok) compare(await answer.json());
    } catch { /* the network is away: ask again */ }
    if (turn === wanted) asking = setTimeout(() => ask(names), ASK_EVERY);
  }
  function startLive() {
    all("[data-live][data-mark]").forEach((el) => {
      const marks = el.dataset.mark.split(" ");
      el.dataset.live.split(" ").forEach((topic, at) => { known[topic] = marks[at]; });
    });
    listen();
    document.addEventListener("visibilitychange", listen);
    window.addEventListener("pagehide", hush);
    window.addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
  }

  // --- drafts: a form with data-draft="url" is saved while typing
  function keepDrafts(form) {
    let timer = null;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const said = form.querySelector("[data-draft-state]");
        const answer = heed(await fetch(form.dataset.draft, { method: "POST", body: new FormData(form), credentials: "same-origin" }).catch(() => null));
        if (said) said.textContent = answer?.ok ? "Draft saved" : "Draft not saved; it stays here in the page";
      }, 800);
    });
  }

  // --- files and folders dropped anywhere go into the page's upload form; a folder's go with their paths
  const MOST_DROPPED = 200, NEVER_WALKED = /^(\.git|\.svn|\.hg|node_modules|__MACOSX)$/;
  const asked = (object, verb) => new Promise((resolve, reject) => object[verb](resolve, reject));
  async function filesIn(entries) {
    const found = [], left = entries.map((entry) => [entry, entry.name]);
    while (left.length && found.length <= MOST_DROPPED) {
      const [entry, path] = left.shift();
      if (entry.isFile) found.push([path, await asked(entry, "file")]);
      else if (NEVER_WALKED.test(entry.name)) found.push([path, new File([], entry.name)]);  // the server names what it leaves out
      else {
        const reader = entry.createReader();
        for (let some; (some = await asked(reader, "readEntries")).length;) left.push(...some.map((each) => [each, path + "/" + each.name]));
      }
    }
    return found;
  }
  function takeDrops(form) {
    const input = form.querySelector("input[type=file]"), folder = form.querySelector("input[webkitdirectory]");
    const forget = () => all("input[name=path]", form).forEach((each) => each.remove());
    const tell = (words) => { const said = form.querySelector("[data-drop-said]"); if (said) { said.textContent = words; said.hidden = !words; } };
    form.addEventListener("change", () => { forget(); tell(""); });
    function send(files, paths) {
      forget();
      if (folder) folder.value = "";
      const chosen = new DataTransfer();
      files.forEach((file) => chosen.items.add(file));
      input.files = chosen.files;
      form.append(...paths.map((path) => Object.assign(document.createElement("input"), { type: "hidden", name: "path", value: path })));
      form.requestSubmit();
    }
    async function takeFolders(entries) {
      const found = await filesIn(entries).catch(() => null);
      const why = !found ? "dropUnread" : !found.length ? "dropEmpty" : found.length > MOST_DROPPED ? "dropMany" : "";
      tell(why && form.dataset[why]);
      if (!why) send(found.map((each) => each[1]), found.map((each) => each[0]));
    }
    addEventListener("dragover", (event) => { event.preventDefault(); document.body.classList.add("dropping"); });
    addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dropping"); });
    addEventListener("drop", (event) => {
      event.preventDefault();
      document.body.classList.remove("dropping");
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
      if (folder && entries.some((entry) => entry.isDirectory)) takeFolders(entries);
      else if (event.dataTransfer.files.length) send([...event.dataTransfer.files], []);
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    startLive();
    all("form[data-draft]").forEach(keepDrafts);
    all("form[data-drop]").forEach(takeDrops);
  });
})();
