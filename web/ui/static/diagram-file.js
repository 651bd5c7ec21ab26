// Reads a BPMN file for the diagram island: its letters, and which of its diagrams are shown.
(() => {
  "use strict";

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

  async function load(source) {
    const answer = await fetch(source, { credentials: "same-origin" });
    if (!answer.ok) throw new Error("the file could not be loaded");
    return textOf(new Uint8Array(await answer.arrayBuffer()));
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

  // A file's own colours: as they are on white paper, toned down where the page is dark (--draw-own says how much).
  function tone(definitions) {
    const mixed = (colour, ground) => `color-mix(in srgb, ${colour} var(--draw-own), var(${ground}))`;
    const grounds = { "color:background-color": "--draw-fill", "bioc:fill": "--draw-fill", "color:border-color": "--draw-ink",
      "bioc:stroke": "--draw-ink", "color:color": "--draw-ink" };
    for (const di of (definitions.diagrams ?? []).flatMap((each) => each.plane?.planeElement ?? [])) {
      for (const [name, ground] of Object.entries(grounds)) for (const part of [di, di.label]) {
        const colour = part?.get(name);
        if (typeof colour === "string" && /^[#\w(), .%]+$/.test(colour)) part.set(name, mixed(colour, ground));
      }
    }
  }

  window.earshotFile = { load, mainDiagrams, withFolded, tone };
})();
