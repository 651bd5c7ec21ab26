// The diagram island over bpmn-js: draws a file and lays pins, marks, figures and a selection on it.
// Whatever is clicked - a pin, a row, an element - answers beside the drawing; the page stays where it is.
(() => {
  "use strict";
  const { load, mainDiagrams, withFolded, tone } = window.earshotFile;
  const element = (tag, props = {}) => Object.assign(document.createElement(tag), props);
  // names are written in 11 px or more: the smallest words of a drawing have 11 px at a zoom of 1
  const LEGIBLE = 1, LARGEST = 1.3, STEP = 60;
  const COLOURS = { defaultFillColor: "var(--draw-fill)", defaultStrokeColor: "var(--draw-ink)", defaultLabelColor: "var(--draw-ink)" };

  async function draw(box) {
    const config = JSON.parse(box.dataset.diagram);
    const waiting = box.querySelector(".waiting");
    waiting.textContent = "Drawing …";
    // rows answer from the start: a click before the drawing is there is done once it is
    let ready = false, pending = null;
    const whenReady = (act) => ready ? act() : (pending = act);
    config.rows.forEach((each) => document.getElementById(each.row)?.addEventListener("click", (event) => {
      if (event.target.closest("[data-show]") || !event.target.closest("a, button, summary, pre")) whenReady(() => show(each));
    }));
    config.pins.forEach((pin) => document.getElementById(pin.row)?.addEventListener("click", (event) => {
      if (!event.target.closest("a, button, summary")) whenReady(() => toElement(pin));
    }));
    const viewer = new BpmnJS({ container: box, bpmnRenderer: COLOURS });
    let diagrams = [], chosen = 0;
    viewer.on("import.parse.complete", 2000, ({ definitions }) => {
      if (!definitions) return;
      tone(definitions);
      diagrams = mainDiagrams(definitions, config);
      definitions.diagrams = diagrams.length ? withFolded(diagrams[chosen], definitions) : [];
    });
    let text;
    try {
      text = await load(config.source);
      await viewer.importXML(text);
    } catch (error) {
      viewer.destroy();
      waiting.dataset.why = error.message;
      waiting.textContent = /no diagram/i.test(error.message)
        ? "This file carries no drawing; its elements are listed in the tables of this page."
        : "The drawing could not be shown: " + error.message;
      return;
    }
    waiting.remove();
    const canvas = viewer.get("canvas"), registry = viewer.get("elementRegistry"), overlays = viewer.get("overlays");
    const has = (id) => Boolean(registry.get(id));
    const isSmall = box.classList.contains("small");
    let atElement = {}, standing = [], isPlacing = false, wasMoved = false;
    // one box, two drawings: the newer one, and where there is one the older
    const sides = { after: { source: config.source, marks: config.marks, text } };
    if (config.before) sides.before = { ...config.before };
    let side = "after", selected = fromAddress() || config.selected;
    decorate();
    addTools();
    addKeys();
    viewer.on("element.click", ({ element: shape }) => {
      const id = shape.labelTarget?.id ?? shape.id;
      const pin = config.pins.find((each) => each.element === id);
      if (pin) light(pin);
      const row = config.rows.find((each) => each[side] === id);
      if (row) lightRow(row.row);
      if (shape.parent) select(id);
    });
    addEventListener("hashchange", () => fromAddress() && goTo(fromAddress()));
    document.addEventListener("htmx:afterSettle", () => side === "after" && addStanding());
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-close]") && config.panel) return closePanel(event);
      const link = event.target.closest("[data-element]");
      if (!link || !has(link.dataset.element) || event.ctrlKey || event.metaKey || event.shiftKey || isSmall) return;
      event.preventDefault();
      goTo(link.dataset.element);
    });
    // a turned phone or another width of the window: seen anew as at first, unless somebody moved it
    viewer.on("canvas.viewbox.changing", () => { wasMoved ||= !isPlacing; });
    let wide = box.clientWidth;
    new ResizeObserver(() => {
      canvas.resized();
      if (!wasMoved && box.clientWidth && Math.abs(box.clientWidth - wide) > STEP) fit();
      wide = box.clientWidth || wide;
    }).observe(box);
    if (fromAddress()) goTo(fromAddress());
    ready = true;
    pending?.();
    box.dataset.drawn = "done";

    // --- what lies on the drawing
    function decorate() {
      atElement = {};
      standing = [];
      fit();
      const svg = box.querySelector(".djs-container svg");
      svg?.setAttribute("aria-hidden", "true");
      svg?.setAttribute("tabindex", "-1");
      for (const [id, mark] of Object.entries(sides[side].marks)) if (has(id)) addMark(id, mark);
      for (const [id, heat] of side === "after" ? Object.entries(config.heat) : []) if (has(id)) addHeat(id, heat);
      if (side === "after") config.pins.filter((pin) => has(pin.element)).forEach(addPin);
      if (side === "after") addStanding();
      if (selected && has(selected)) choose(selected);
    }
    function addMark(id, mark) {
      canvas.addMarker(id, "mark-" + mark);
      if (mark === "failed") overlays.add(id, { position: { top: -12, right: 12 }, html: element("span", { className: "standing is-failed", textContent: "! failed" }) });
    }
    function addHeat(id, heat) {
      canvas.addMarker(id, "heat-" + heat.level);
      const label = element(heat.url ? "a" : "span", { className: "heat-label", textContent: heat.label, title: heat.title });
      if (heat.url) label.href = heat.url;
      overlays.add(id, { position: { bottom: 10, left: 4 }, html: label, scale: { min: 0.8, max: 1.2 } });
    }
    // the cases that stand at an element now, drawn anew when the page's own list of them changed
    function addStanding() {
      const list = isSmall ? null : document.querySelector("[data-standing]");
      if (!list) return;
      standing.forEach(({ overlay, id }) => { overlays.remove(overlay); canvas.removeMarker(id, "mark-failed"); });
      standing = JSON.parse(list.dataset.standing).filter((each) => has(each.element)).map((each) => {
        const badges = element("div", { className: "standings" });
        for (const state of ["failed", "waiting", "running"]) if (each[state]) {
          const text = `${state === "failed" ? "! " : ""}${each[state]} ${state}`;
          badges.append(element("a", { className: "standing is-" + state, href: each.url, textContent: text }));
        }
        if (each.failed) canvas.addMarker(each.element, "mark-failed");
        // the name of a small shape stands below it
        const position = registry.get(each.element).width < 60 ? { top: -12, left: 10 } : { bottom: 8, left: 0 };
        return { id: each.element, overlay: overlays.add(each.element, { position, html: badges, scale: { min: 0.9, max: 1.1 } }) };
      });
    }
    function addPin(pin) {
      const place = (atElement[pin.element] = (atElement[pin.element] ?? -1) + 1);
      const button = element("button", { type: "button", className: "pin " + pin.tone, textContent: pin.label });
      button.setAttribute("aria-label", "Finding " + pin.label);
      button.addEventListener("click", (event) => { event.stopPropagation(); light(pin); select(pin.element); });
      pin.button = button;
      overlays.add(pin.element, { position: { top: -12, left: -10 + 22 * place }, html: button, scale: { min: 0.8, max: 1.2 } });
    }

    // --- what answers what
    function toElement(pin) {
      light(pin);
      if (has(pin.element)) { center(pin.element); select(pin.element); }
    }
    function light(pin) {
      lightRow(pin.row);
      pin.button?.classList.add("lit");
    }
    function lightRow(id) {
      document.querySelectorAll(".lit").forEach((el) => el.classList.remove("lit"));
      const row = document.getElementById(id);
      row?.classList.add("lit");
      if (row) window.earshotReveal(row);
    }
    async function turn(to) {
      if (to === side || !sides[to]) return;
      sides[to].text ??= await load(sides[to].source);
      side = to;
      chosen = 0;
      text = sides[to].text;
      await viewer.importXML(text);
      decorate();
      box.querySelectorAll("[data-side]").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.side === side)));
    }
    // what a row stands for, on the drawing that has it
    async function show(each) {
      const isHere = () => each[side] && has(each[side]);
      if (!isHere()) await turn(side === "after" ? "before" : "after");
      if (!isHere()) return;
      lightRow(each.row);
      goTo(each[side]);
    }
    function goTo(id) {
      if (!has(id)) return;
      center(id);
      select(id);
    }
    function select(id) {
      selected = id;
      choose(id);
      if (isSmall) return;
      if (fromAddress() !== id) history.replaceState(history.state, "", "#element=" + encodeURIComponent(id));
      if (config.panel && side === "after") openPanel(id);
    }
    function choose(id) {
      registry.forEach((shape) => canvas.removeMarker(shape, "chosen"));
      canvas.addMarker(id, "chosen");
    }
    function openPanel(id) {
      const url = new URL(config.panel, location.href);
      url.searchParams.set("element", id);
      htmx.ajax("GET", url.pathname + url.search, { target: "#element", swap: "outerHTML" });
    }
    function closePanel(event) {
      event.preventDefault();
      selected = "";
      registry.forEach((shape) => canvas.removeMarker(shape, "chosen"));
      history.replaceState(history.state, "", location.pathname + location.search);
      htmx.ajax("GET", new URL(config.panel, location.href).href, { target: "#element", swap: "outerHTML" });
    }
    function fromAddress() {
      return isSmall ? "" : new URLSearchParams(location.hash.slice(1)).get("element") ?? "";
    }

    // --- what part of the drawing is seen
    // as wide as the box, or as high where all of it can be read so; never so small that names cannot be read:
    // then a part of it, from where it matters
    function fit() {
      const whole = canvas.viewbox(), { inner, outer } = whole;
      const least = isSmall ? 0.7 : LEGIBLE, asWide = outer.width / (inner.width + 40), asHigh = outer.height / (inner.height + 40);
      const zoom = Math.min(LARGEST, Math.max(least, asHigh < least ? asWide : Math.min(asWide, asHigh)));
      const width = outer.width / zoom, height = outer.height / zoom;
      const place = (span, size, from) => span + 40 <= size ? from + span / 2 - size / 2 : from - 20;
      see({ x: place(inner.width, width, inner.x), y: place(inner.height, height, inner.y), width, height });
      const matters = has(selected) ? selected : Object.keys(config.marks).find((id) => /here|open|failed/.test(config.marks[id]) && has(id))
        ?? (isSmall && Object.keys(config.heat).find(has));
      if (matters && (inner.width > width || inner.height > height)) center(matters);
    }
    function see(part) {
      isPlacing = true;
      canvas.viewbox(part);
      isPlacing = false;
    }
    function center(id) {
      const shape = registry.get(id), view = canvas.viewbox();
      const x = shape.x ?? shape.waypoints?.[0].x, y = shape.y ?? shape.waypoints?.[0].y, { width = 0, height = 0 } = shape;
      const isSeen = x >= view.x && y >= view.y && x + width <= view.x + view.width && y + height <= view.y + view.height;
      if (!isSeen) see({ ...view, x: x + width / 2 - view.width / 2, y: y + height / 2 - view.height / 2 });
    }
    function addKeys() {
      const zoom = (by) => viewer.get("zoomScroll").stepZoom(by), pan = (dx, dy) => canvas.scroll({ dx, dy });
      const keys = { "+": () => zoom(1), "=": () => zoom(1), "-": () => zoom(-1), 0: fit, ArrowLeft: () => pan(STEP, 0),
        ArrowRight: () => pan(-STEP, 0), ArrowUp: () => pan(0, STEP), ArrowDown: () => pan(0, -STEP) };
      box.tabIndex = 0;
      box.addEventListener("keydown", (event) => {
        const act = keys[event.key];
        if (!act || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
        event.preventDefault();
        event.stopPropagation();
        act();
      }, { capture: true });
    }
    // a file may hold several diagrams: one is shown, and here the others are to be had
    function chooser() {
      const list = element("select");
      list.setAttribute("aria-label", "Diagram");
      diagrams.forEach((each, at) => {
        const root = each.plane.bpmnElement, process = root.participants?.map((one) => one.name || one.id).join(", ");
        list.append(element("option", { value: at, textContent: each.name || root.name || process || root.id }));
      });
      list.addEventListener("change", async () => {
        chosen = Number(list.value);
        await viewer.importXML(text);
        decorate();
      });
      return list;
    }
    function addTools() {
      const tools = element("div", { className: "tools" });
      const add = (text, label, act) => {
        const button = element("button", { type: "button", textContent: text });
        button.setAttribute("aria-label", label);
        button.addEventListener("click", act);
        tools.append(button);
      };
      if (sides.before) [["before", "Before"], ["after", "After"]].forEach(([name, label]) => {
        add(label, label, () => turn(name));
        tools.lastChild.dataset.side = name;
        tools.lastChild.setAttribute("aria-pressed", String(name === side));
      });
      if (diagrams.length > 1) tools.append(chooser());
      add("+", "Zoom in", () => viewer.get("zoomScroll").stepZoom(1));
      add("−", "Zoom out", () => viewer.get("zoomScroll").stepZoom(-1));
      add("0", "0: a size at which names can be read", fit);
      add("All", "All of the drawing", () => canvas.zoom("fit-viewport", "auto"));
      box.append(tools);
    }
  }

  // a row is brought into view inside the list that it is in; the page moves only where there is no such list
  window.earshotReveal = (row) => {
    const list = row.closest("[data-scroll]");
    if (!list || list.scrollHeight <= list.clientHeight) return list ? undefined : row.scrollIntoView({ block: "nearest" });
    const of = row.getBoundingClientRect(), around = list.getBoundingClientRect();
    if (of.top < around.top || of.bottom > around.bottom) list.scrollTop += of.top - around.top - 8;
  };

  // a box that is folded away has no size to draw into: it is drawn when it comes into view
  const seen = new IntersectionObserver((entries) => entries.filter((each) => each.isIntersecting).forEach(({ target }) => {
    seen.unobserve(target);
    draw(target);
  }), { rootMargin: "400px" });
  const drawAll = (root) => root.querySelectorAll("[data-diagram]:not([data-drawn])").forEach((box) => { box.dataset.drawn = "no"; seen.observe(box); });
  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  document.addEventListener("htmx:afterSettle", () => drawAll(document));
})();
