"""Versions of the demo's processes: returns before the guard and after it, and complaints in warmer words."""

import json
import re
from pathlib import Path

from bpm import processes
from bpm.engine import api as engine
from bpm.engine.api import Received

MODELS = Path(processes.__file__).parent.parent.parent / "process_models"
RETURNS, COMPLAINTS = "returns", "complaint_to_resolution"

_GUARD = ("look_up_tracking", "tracking_unreadable", "check_tracking", "already_here", "note_avoided_call")
_TO_THE_CALL = "no_scan_to_look_up_tracking"
_EDGE = (
    f'<bpmndi:BPMNEdge id="{_TO_THE_CALL}_di" bpmnElement="{_TO_THE_CALL}"><di:waypoint x="734" y="500" />'
    '<di:waypoint x="1184" y="500" /><di:waypoint x="1184" y="270" /></bpmndi:BPMNEdge>'
)
WARM_NAME = "Answer in warm words and sort complaint"
WARM_WORDS = "Begin with a word of regret and the customer’s name. Then say that it was heard, and what happens next."

Files = dict[str, bytes]


def returns_before() -> Received:
    """Returns as they ran first: after fourteen days without a scan the customer is called, whatever tracking says."""
    files = {name: data for name, data in _files(RETURNS).items() if not name.endswith(("tests.json", "README.md"))}
    model = _the(files, ".bpmn")
    return _bundle(files | {model: _without_guard(files[model].decode()).encode()})


def returns_guarded() -> Received:
    """Returns as they are shipped: tracking is looked up before anybody calls."""
    return _bundle(_files(RETURNS))


def returns_faster() -> Received:
    """The third version: told after two days instead of three, with a photo, and other words of the table."""
    files = _files(RETURNS)
    model, form, table = (_the(files, end) for end in (".bpmn", "inspect_return.json", ".dmn"))
    files[model] = _with(files[model], ('name="3 days"', 'name="2 days"'), (">P3D<", ">P2D<"))
    for each in (table, _the(files, "tests.json")):
        files[each] = _with(files[each], ("Up to 500 is paid at once.", "Up to 500 is paid on the same day."))
    fields = json.loads(files[form])
    fields["properties"]["photo_taken"] = {"type": "boolean", "title": "A photo was taken"}
    files[form] = json.dumps(fields, indent=2).encode()
    return _bundle(files)


def complaints_in_warm_words() -> Received:
    """Complaints with another name and another hint at the first answer; nothing runs otherwise."""
    files = _files(COMPLAINTS)
    model, form = _the(files, ".bpmn"), _the(files, "acknowledge_complaint.json")
    files[model] = _with(files[model], ('name="Acknowledge and sort complaint"', f'name="{WARM_NAME}"'))
    fields = json.loads(files[form])
    files[form] = json.dumps(fields | {"title": WARM_NAME, "description": WARM_WORDS}, indent=2).encode()
    return _bundle(files)


def _files(key: str) -> Files:
    return dict(engine.files_in(MODELS / key))


def _bundle(files: Files) -> Received:
    return engine.read_bundle(list(files.items()), whole=True)


def _the(files: Files, ending: str) -> str:
    return next(name for name in files if name.endswith(ending))


def _with(data: bytes, *changes: tuple[str, str]) -> bytes:
    text = data.decode()
    for before, after in changes:
        if before not in text:
            raise LookupError(f"The shipped model has no {before!r} any more.")
        text = text.replace(before, after)
    return text.encode()


def _without_guard(text: str) -> str:
    """The model in which what stands without a scan leads straight to the call."""
    flows = re.findall(r'<sequenceFlow id="(\w+)"[^>]*sourceRef="(\w+)" targetRef="(\w+)"', text)
    gone = [flow for flow, source, _target in flows if source in _GUARD]
    gone += [flow for flow, _source, target in flows if target in _GUARD and flow not in (*gone, _TO_THE_CALL)]
    for each in (*_GUARD, *gone):
        text = re.sub(rf'\n    <(\w+) id="{each}"(?:[^\n]*/>|[^\n]*</\1>|.*?\n    </\1>)', "", text, flags=re.DOTALL)
        text = re.sub(
            rf'\n      <bpmndi:(BPMN\w+) id="\w+" bpmnElement="{each}".*?</bpmndi:\1>', "", text, flags=re.DOTALL
        )
        text = re.sub(rf"\n *<(flowNodeRef|incoming|outgoing)>{each}</\1>", "", text)
    text = re.sub(
        rf'<bpmndi:BPMNEdge id="{_TO_THE_CALL}_di".*?</bpmndi:BPMNEdge>', _EDGE, text, flags=re.DOTALL
    )  # fmt: skip
    text = text.replace('targetRef="look_up_tracking"', 'targetRef="call_customer"')
    return text.replace(
        "<outgoing>call_customer_to_what_customer_says</outgoing>",
        f"<incoming>{_TO_THE_CALL}</incoming>\n      <outgoing>call_customer_to_what_customer_says</outgoing>",
    )
