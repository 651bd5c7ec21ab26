"""Which elements of a file with a diagram have no shape in it: they run, and nobody sees them on the drawing."""

from bpm.engine.bpmn.document import (
    BpmnDocument,
    Element,
    drawn_id,
    label,
    local,
    own,
    parent_of,
)

MOST_NAMED = 20
"""Elements named one by one; of more than these the number is told."""


def note_missing_shapes(document: BpmnDocument) -> None:
    """One warning for each flow node without a shape, one for a process of which nothing is drawn.

    What stands in a subprocess of which nothing is drawn is folded away: the subprocess's own shape stands for it.

    BPMN 2.0.2, 12.2.3.3: `bpmnElement` says which element a shape is of. A file without any shape is no drawing at all,
    and has no shape that is missing.
    """
    shapes = {
        shape.get("bpmnElement", "").rpartition(":")[2]
        for shape in document.root.iter()
        if local(shape.tag) in ("BPMNShape", "BPMNPlane")
    }
    nodes = [node for node in document.nodes() if not (node.get(own("synthetic")) or node.get(own("added")))]
    shown = {around for node in nodes if drawn_id(node) in shapes for around in node.iterancestors()}
    if not shown:
        return
    for process in document.processes():
        if process not in shown:
            _note(document, process)
    missing = [node for node in nodes if drawn_id(node) not in shapes and parent_of(node) in shown]
    for node in missing[:MOST_NAMED]:
        _note(document, node)
    if len(missing) > MOST_NAMED:
        document.note(
            "shapes-missing",
            "warning",
            None,
            f"{len(missing) - MOST_NAMED} more elements run and are not in the diagram.",
            "Draw them in your modelling tool.",
        )


def _note(document: BpmnDocument, node: Element) -> None:
    document.note(
        "shape-missing",
        "warning",
        node,
        f"{label(node)!r} runs, and the diagram has no shape of it: whoever looks at the drawing does not see where"
        " work stands.",
        "Draw it in your modelling tool; it is in the list of elements below the drawing until then.",
    )
