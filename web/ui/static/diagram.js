// The diagram island over bpmn-js: draws a file and lays pins, marks, one heat layer and a selection on it.
(() => {
  "use strict";
  const element = (tag, props = {}) => Object.assign(document.createElement(tag), props);

  async function draw(box) {
    const config = JSON.parse(box.dataset.diagram);
    const waiting = box.querySelector(".waiting");
    waiting.textContent = "Drawing …";
    const viewer = new BpmnJS({ container: box });
    try {
      const answer = await fetch(config.source, { credentials: "same-origin" });
      if (!answer.ok) throw new Error("the file could not be loaded");
      await viewer.importXML(await answer.text());
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
    fit();
    box.querySelector(".djs-container svg")?.setAttribute("aria-hidden", "true");
    for (const [id, mark] of Object.entries(config.marks)) if (has(id)) canvas.addMarker(id, "mark-" + mark);
    for (const [id, heat] of Object.entries(config.heat)) if (has(id)) addHeat(id, heat);
    const atElement = {};
    config.pins.filter((pin) => has(pin.element)).forEach(addPin);
    addTools();
    if (config.selected && has(config.selected)) choose(config.selected);
    viewer.on("element.click", ({ element: shape }) => {
      const id = shape.labelTarget?.id ?? shape.id;
      const pin = config.pins.find((each) => each.element === id);
      if (pin) light(pin);
      if (config.panel && shape.parent) openPanel(id);
    });

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
      document.getElementById(pin.row)?.addEventListener("click", (event) => {
        if (!event.target.closest("a, button, summary")) { light(pin); center(pin.element); }
      });
    }
    function light(pin) {
      document.querySelectorAll(".lit").forEach((el) => el.classList.remove("lit"));
      pin.button?.classList.add("lit");
      const row = document.getElementById(pin.row);
      row?.classList.add("lit");
      row?.scrollIntoView({ block: "nearest" });
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
    function addTools() {
      const tools = element("div", { className: "tools" });
      const add = (text, label, act) => {
        const button = element("button", { type: "button", textContent: text });
        button.setAttribute("aria-label", label);
        button.addEventListener("click", act);
        tools.append(button);
      };
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
