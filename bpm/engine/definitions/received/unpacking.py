"""An archive as the files in it, unpacked in the bounded child and never in this process."""

import base64

from bpm.engine.definitions.check import unpack
from bpm.engine.definitions.received.problems import ProblemError, problem
from bpm.engine.findings import Finding
from bpm.foundation.texts import _


def files_of(name: str, content: bytes) -> list[tuple[str, bytes]]:
    """(path, content) of each file; ProblemError names what is not taken."""
    told = unpack(name, content)
    if "stopped" in told:
        message = _("Unpacking the archive took too much time or memory and was stopped.")
        raise ProblemError(problem(name, "archive-unreadable", message, _("Send only the files of one process.")))
    if "problem" in told:
        raise ProblemError(Finding(**told["problem"]))
    return [(path, base64.b64decode(each)) for path, each in told["files"]]
