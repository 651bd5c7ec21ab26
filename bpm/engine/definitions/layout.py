"""The drawing of an upload, laid out once: outside any transaction, in two child processes.

Versions that were deployed before there were drawings get theirs from the worker, one at a time.

1. The child that reads uploads says what has no drawing of its own, without a word of the file itself.
2. Node lays that out (`bpmn.layout.node`), bounded in time and memory.
3. The first child puts the drawing into a copy of the file. The file itself stays as it came.
"""

import base64
from dataclasses import asdict

from sqlalchemy import case, select, update

from bpm.engine.bpmn.layout import Answers, Drawing, drawing_from, lay_out
from bpm.engine.definitions.check import ask_child
from bpm.engine.models import ProcessVersion
from bpm.engine.status import VersionStatus
from bpm.engine.xml import MAX_BYTES
from bpm.foundation.work import Transactions

_REMEDY = "Draw the process in a modelling tool and upload that."


def drawing_of(source: bytes) -> Drawing:
    """What people see of a file; never raises and never takes much over sixteen seconds."""
    if len(source) > MAX_BYTES:
        return Drawing()
    encoded = base64.b64encode(source).decode()
    asked = ask_child({"kind": "layout", "source": encoded})
    if "stopped" in asked:
        return Drawing()  # the check of the same file says why it cannot be read
    answers = lay_out(asked["skeletons"]) if asked["skeletons"] else Answers()
    plain = ask_child({"kind": "drawing", "source": encoded, "answers": asdict(answers)})
    if "stopped" in plain:
        return Drawing(problem=f"The drawing could not be put together: {plain['stopped']}.", remedy=_REMEDY)
    return drawing_from(plain.pop("xml"), plain)


def sweep_drawings(unit_of_work: Transactions) -> int:
    """Lay out one version that nobody has looked at yet, live ones first; gives how many. Never raises for its file."""
    unseen = (ProcessVersion.drawing.is_(None), ProcessVersion.drawing_notes.is_(None))
    live_first = case((ProcessVersion.status == VersionStatus.LIVE, 0), else_=1)
    newest = select(ProcessVersion.id, ProcessVersion.source).where(*unseen)
    with unit_of_work.reading() as work:
        row = work.session.execute(newest.order_by(live_first, ProcessVersion.id.desc()).limit(1)).first()
    if row is None:
        return 0
    drawing = drawing_of(row.source)
    with unit_of_work() as work:
        work.session.execute(
            update(ProcessVersion)
            .where(ProcessVersion.id == row.id, *unseen)
            .values(drawing=drawing.xml.encode() or None, drawing_notes=drawing.notes())
        )
    return 1
