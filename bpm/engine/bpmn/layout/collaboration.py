"""Several processes on one plane: in the pools of the file's collaboration, or of one that only the drawing has."""

from collections.abc import Iterable, Mapping

from lxml import etree

from bpm.engine.bpmn.document import Element, child, kind, label, tag
from bpm.engine.bpmn.layout.geometry import Plan
from bpm.engine.bpmn.layout.planes import add_plane
from bpm.engine.bpmn.layout.pools import Pool, stack
from bpm.engine.bpmn.layout.shown import reference


def draw_on_one_plane(root: Element, processes: Mapping[str, Element], plans: Mapping[str, Plan]) -> list[Element]:
    """Draw the processes on one plane; what of the collaboration is not drawn."""
    collaboration = child(root, "collaboration")
    if collaboration is None and len(processes) == 1:
        ((key, process),) = processes.items()
        add_plane(root, process, plans[key])
        return []
    if collaboration is None:
        collaboration = etree.Element(tag("collaboration"), {"id": _free(root, "Collaboration_of_the_drawing")})
        root.insert(root.index(next(root.iterchildren(tag("process")))), collaboration)
    by_process = {process.get("id", ""): plans[key] for key, process in processes.items()}
    _add_participants(root, collaboration, processes.values())
    participants = [each for each in collaboration.iterchildren(tag("participant")) if each.get("id")]
    pools = [Pool(each.get("id", ""), by_process.pop(_process_of(each, by_process), None)) for each in participants]
    flows = [each for each in collaboration.iterchildren(tag("messageFlow")) if each.get("id")]
    plan = stack(pools, {each.get("id", ""): (_ref(each, "source"), _ref(each, "target")) for each in flows})
    add_plane(root, collaboration, plan)
    left_out = [each for each in collaboration.iterchildren(tag("participant")) if not each.get("id")]
    others = ("textAnnotation", "association", "group", "messageFlow")
    return left_out + [each for each in collaboration if kind(each) in others and each.get("id") not in plan.ways]


def _add_participants(root: Element, collaboration: Element, processes: Iterable[Element]) -> None:
    """A process without a participant gets one in the drawing, before the message flows."""
    by_id = {each.get("id", ""): each for each in processes}
    known = {_process_of(each, by_id) for each in collaboration.iterchildren(tag("participant")) if each.get("id")}
    for at, process in enumerate(each for key, each in by_id.items() if key not in known):
        fresh = _free(root, f"Participant_of_the_drawing_{at}")
        attributes = {"id": fresh, "name": label(process), "processRef": process.get("id", "")}
        collaboration.insert(at, etree.Element(tag("participant"), attributes))


def _process_of(participant: Element, known: Mapping[str, object]) -> str:
    return reference(participant.get("processRef"), set(known))


def _ref(flow: Element, end: str) -> str:
    return (flow.get(f"{end}Ref") or "").strip()


def _free(root: Element, wanted: str) -> str:
    taken = {each.get("id") for each in root.iter(etree.Element)}
    while wanted in taken:
        wanted += "_"
    return wanted
