"""The diagram of a process that runs elsewhere: read by the same check as every model, drawn, and never executed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpm.engine import api as engine
from bpm.engine import checking
from bpm.foundation.errors import InvalidInputError, RefusedError
from bpm.foundation.texts import _

NOT_VISITED = frozenset({"sequenceFlow", "lane", "laneSet", "participant", "process", "collaboration", "messageFlow"})


@dataclass(frozen=True)
class Diagram:
    """What is drawn: BPMN with a drawing, and the elements that a case can visit."""

    name: str
    xml: bytes
    elements: tuple[Mapping[str, Any], ...]


def read_diagram(file_name: str, source: bytes) -> Diagram:
    """The drawing of a BPMN file, laid out where it has none; RefusedError when it is no BPMN that can be read.

    It need not run here: what is wrong with it as a program is no matter.
    """
    prepared = checking.check(source, file_name)
    elements = tuple(
        {"id": each.id, "name": each.name, "type": each.type, "lane": each.lane}
        for each in prepared.elements
        if each.type not in NOT_VISITED
    )
    if not elements:
        raise RefusedError(
            _("%(name)s draws no process.") % {"name": file_name},
            findings=prepared.findings,
            remedy=_("Give a BPMN 2.0 file, or import the log without a diagram."),
        )
    drawing = engine.drawing_of(source)
    if not drawing.xml:
        raise InvalidInputError(drawing.problem or _("It cannot be drawn."), place=file_name, remedy=drawing.remedy)
    name = next((each.name for each in prepared.processes if each.id == prepared.primary), "")
    return Diagram(name, drawing.xml.encode(), elements)
