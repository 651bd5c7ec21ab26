"""What a newer version means for what runs, as pages draw it: figures and verdicts on the drawing, reasons in rows."""

from bpm.engine.api import Impact
from web.ui.diagrams import Diagram, Heat

VERDICTS = {"unaffected": "unaffected", "can": "can change over", "cannot": "cannot change over"}
LEVELS = {"unaffected": 0, "can": 2, "cannot": 4}


def drawn(found: Impact, source: str) -> Diagram:
    """The drawing of the version that the instances run, with how many stand where and what that means."""
    heat = {
        each.element: Heat(
            level=LEVELS[each.verdict],
            label=f"{each.instances} {each.verdict}",
            title=f"{each.instances} at {each.name or each.element}: {VERDICTS[each.verdict]}. {each.reason}".strip(),
        )
        for each in found.elements
    }
    return Diagram(source=source, heat=heat)
