"""The sequence flows that a version draws: what leads where."""

from dataclasses import dataclass

from bpm.engine.queries.versions import get_version
from bpm.engine.xml import read
from bpm.foundation.work import Work

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


@dataclass(frozen=True)
class FlowRow:
    """One sequence flow, by the ids of its ends."""

    id: str
    name: str
    source: str
    target: str


def list_flows(work: Work, version_id: int) -> tuple[FlowRow, ...]:
    """As drawn; NotFoundError for an unknown version."""
    root = read(get_version(work, version_id).source)
    return tuple(
        FlowRow(each.get("id", ""), each.get("name", ""), each.get("sourceRef", ""), each.get("targetRef", ""))
        for each in root.iter(f"{_BPMN}sequenceFlow")
    )
