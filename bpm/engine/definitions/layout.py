"""The drawing of an upload, laid out once: outside any transaction, in two child processes.

1. The child that reads uploads says what has no drawing of its own, without a word of the file itself.
2. Node lays that out (`bpmn.layout.node`), bounded in time and memory.
3. The first child puts the drawing into a copy of the file. The file itself stays as it came.
"""

import base64
from dataclasses import asdict

from bpm.engine.bpmn.layout import Answers, Drawing, drawing_from, lay_out
from bpm.engine.definitions.check import ask_child
from bpm.engine.xml import MAX_BYTES

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
