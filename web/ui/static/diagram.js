// The diagram island over bpmn-js: draws a file and lays pins, marks, one heat layer and a selection on it.
(() => {
  "use strict";
  const element = (tag, props = {}) => Object.assign(document.createElement(tag), props);

  // the words of a file: by its byte order mark, else by what it calls itself, else as Windows-1252
  function textOf(bytes) {
    const marks = { "255,254": "utf-16le", "254,255": "utf-16be" };
    const start = new TextDecoder("latin1").decode(bytes.slice(0, 200));
    const named = marks[bytes.slice(0, 2)] ?? /^[^>]*encoding=["']([\w.:-]+)["']/.exec(start.replaceAll("\0", ""))?.[1] ?? "utf-8";
    for (const label of [start[1] === "\0" && !marks[bytes.slice(0, 2)] ? "utf-16le" : named, "windows-1252"]) {
      try {
        return new TextDecoder(label, { fatal: true }).decode(bytes);
      } catch { /* the next one */ }
    }
    throw new Error("its letters could not be read");
  }

  // which of a file's diagrams can be shown: one with places of elements, on a plane of what they belong to
  function shownBy(diagram) {
    return (diagram.plane?.planeElement ?? []).filter((di) => di.bpmnElement && (di.bounds || di.waypoint?.length > 1));
  }
  const isRoot = (it) => it.$instanceOf("bpmn:Process") || it.$instanceOf("bpmn:Collaboration");
  function rootOf(it) {
    while (it && !isRoot(it)) it = it.$parent;
    return it;
  }
  function isInside(it, root) {
    if (root.$instanceOf("bpmn:Collaboration")) return true;
    while (it && it !== root) it = it.$parent;
    return Boolean(it);
  }
  function mendPlane(diagram, definitions) {
    const shown = shownBy(diagram), root = diagram.plane.bpmnElement;
    if (root && (isRoot(root) || root.$instanceOf("bpmn:SubProcess")) && shown.some((di) => isInside(di.bpmnElement, root))) return;
    const roots = new Set(shown.map((di) => rootOf(di.bpmnElement)).filter(Boolean));
    const several = roots.size > 1 && definitions.rootElements.find((each) => each.$instanceOf("bpmn:Collaboration"));
    diagram.plane.bpmnElement = several || [...roots][0];
  }
  // the diagrams that stand for themselves, the one that shows the most of what the page is about first
  function mainDiagrams(definitions, config) {
    const all = (definitions.diagrams ?? []).filter((each) => shownBy(each).length);
    all.forEach((each) => mendPlane(each, definitions));
    const usable = all.filter((each) => each.plane.bpmnElement);
    const main = usable.filter((each) => isRoot(each.plane.bpmnElement));
    const marked = new Set([...Object.keys(config.marks), ...Object.keys(config.heat), config.selected]);
    const weight = (each) => {
      const elements = shownBy(each).map((di) => di.bpmnElement);
      const about = elements.some((it) => rootOf(it)?.id === config.process);
      return (about ? 1e6 : 0) + elements.filter((it) => marked.has(it.id)).length;
    };
    return (main.length ? main : usable).sort((a, b) => weight(b) - weight(a));
  }
  // with the chosen diagram come the planes of folded subprocesses that it does not show itself
  function withFolded(chosen, definitions) {
    const shown = new Set(shownBy(chosen).map((di) => di.bpmnElement));
    const folded = definitions.diagrams.filter((each) => each !== chosen && each.plane?.bpmnElement?.$instanceOf("bpmn:SubProcess")
      && shownBy(each).length && !shownBy(each).some((di) => shown.has(di.bpmnElement)));
    return [chosen, ...folded];
  }

  async function load(source) {
    const answer = await fetch(source, { credentials: "same-origin" });
    if (!answer.ok) throw new Error("the file could not be loaded");
    return textOf(new Uint8Array(await answer.arrayBuffer()));
  }

  async function draw(box) {
    const config = JSON.parse(box.dataset.diagram);
    const waiting = box.querySelector(".waiting");
    waiting.textContent = "Drawing …";
    const viewer = new BpmnJS({ container: box });
    let diagrams = [], chosen = 0;
    viewer.on("import.parse.complete", 2000, ({ definitions }) => {
      if (!definitions) return;
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
    let atElement = {};
    // one box, two drawings: the newer one, and where there is one the older
    const sides = { after: { source: config.source, marks: config.marks, text } };
    if (config.before) sides.before = { ...config.before };
    let side = "after";
    decorate();
    addTools();
    config.rows.forEach((each) => {
      const row = document.getElementById(each.row);
      row?.addEventListener("click", (event) => {
        if (event.target.closest("[data-show]") || !event.target.closest("a, button, summary, pre")) show(each);
      });
    });
    config.pins.forEach((pin) => document.getElementById(pin.row)?.addEventListener("click", (event) => {
      if (!has(pin.element) || event.target.closest("a, button, summary")) return;
      light(pin);
      center(pin.element);
    }));
    viewer.on("element.click", ({ element: shape }) => {
      const id = shape.labelTarget?.id ?? shape.id;
      const pin = config.pins.find((each) => each.element === id);
      if (pin) light(pin);
      const row = config.rows.find((each) => each[side] === id);
      if (row) { choose(id); lightRow(row.row); }
      if (config.panel && shape.parent && side === "after") openPanel(id);
    });

    function decorate() {
      atElement = {};
      fit();
      box.querySelector(".djs-container svg")?.setAttribute("aria-hidden", "true");
      for (const [id, mark] of Object.entries(sides[side].marks)) if (has(id)) canvas.addMarker(id, "mark-" + mark);
      for (const [id, heat] of side === "after" ? Object.entries(config.heat) : []) if (has(id)) addHeat(id, heat);
      if (side === "after") config.pins.filter((pin) => has(pin.element)).forEach(addPin);
      if (config.selected && has(config.selected)) choose(config.selected);
    }
    // the whole drawing with a margin; a small box keeps the words readable and shows the place that matters
    function fit() {
      const zoom = canvas.zoom("fit-viewport", "auto");
      canvas.zoom(zoom * 0.96, "auto");
      const place = Object.keys(config.marks).find((id) => config.marks[id] === "here");
      if (zoom < 0.7 && box.classList.contains("small") && place && has(place)) {
        canvas.zoom(0.7);
        center(place);
      }
    }
    function addHeat(id, heat) {
      canvas.addMarker(id, "heat-" + heat.level);
      const label = element(heat.url ? "a" : "span", { className: "heat-label", textContent: heat.label, title: heat.title });
      if (heat.url) label.href = heat.url;
      overlays.add(id, { position: { bottom: 10, left: 4 }, html: label, scale: { min: 0.8, max: 1.2 } });
    }
    function addPin(pin) {
      const place = (atElement[pin.element] = (atElement[pin.element] ?? -1) + 1);
      const button = element("button", { type: "button", className: "pin " + pin.tone, textContent: pin.label });
      button.setAttribute("aria-label", "Finding " + pin.label);
      button.addEventListener("click", (event) => { event.stopPropagation(); light(pin); });
      pin.button = button;
      overlays.add(pin.element, { position: { top: -12, left: -10 + 22 * place }, html: button, scale: { min: 0.8, max: 1.2 } });
    }
    function light(pin) {
      lightRow(pin.row);
      pin.button?.classList.add("lit");
    }
    function lightRow(id) {
      document.querySelectorAll(".lit").forEach((el) => el.classList.remove("lit"));
      const row = document.getElementById(id);
      row?.classList.add("lit");
      row?.scrollIntoView({ block: "nearest" });
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
      choose(each[side]);
      center(each[side]);
      lightRow(each.row);
      box.scrollIntoView({ block: "nearest" });
    }
    function center(id) {
      const shape = registry.get(id), view = canvas.viewbox();
      const x = shape.x ?? shape.waypoints?.[0].x, y = shape.y ?? shape.waypoints?.[0].y;
      canvas.viewbox({ ...view, x: x + (shape.width ?? 0) / 2 - view.width / 2, y: y + (shape.height ?? 0) / 2 - view.height / 2 });
    }
    function choose(id) {
      registry.forEach((shape) => canvas.removeMarker(shape, "chosen"));
      canvas.addMarker(id, "chosen");
    }
    function openPanel(id) {
      choose(id);
      const url = new URL(config.panel, location.href);
      url.searchParams.set("element", id);
      htmx.ajax("GET", url.pathname + url.search, { target: "#element", swap: "outerHTML" });
    }
    // a file may hold several diagrams: one is shown, and here the others are to be had
    function chooser() {
      const select = element("select");
      select.setAttribute("aria-label", "Diagram");
      diagrams.forEach((each, at) => {
        const root = each.plane.bpmnElement, process = root.participants?.map((one) => one.name || one.id).join(", ");
        select.append(element("option", { value: at, textContent: each.name || root.name || process || root.id }));
      });
      select.addEventListener("change", async () => {
        chosen = Number(select.value);
        await viewer.importXML(text);
        decorate();
      });
      return select;
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
      add("Fit", "Fit the whole drawing", fit);
      box.append(tools);
    }
  }

  // a box that is folded away has no size to draw into: it is drawn when it comes into view
  const seen = new IntersectionObserver((entries) => entries.filter((each) => each.isIntersecting).forEach(({ target }) => {
    seen.unobserve(target);
    draw(target);
  }), { rootMargin: "400px" });
  const drawAll = (root) => root.querySelectorAll("[data-diagram]:not([data-drawn])").forEach((box) => { box.dataset.drawn = "yes"; seen.observe(box); });
  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  document.addEventListener("htmx:afterSettle", () => drawAll(document));
})();
