"""The child process that reads uploads: limited in memory and time, it answers one request after the other."""

import base64
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import orjson

from bpm.engine.bpmn.layout import Answers, compose, parts_of
from bpm.engine.bpmn.model import Compiled, Element, Fact, Prepared, Process, StartSubscription
from bpm.engine.decisions import DecisionFile, read_decisions
from bpm.engine.decisions import from_plain as decision_from_plain
from bpm.engine.decisions import to_plain as decision_to_plain
from bpm.engine.definitions.form_checks import check_forms
from bpm.engine.definitions.prepare import prepare
from bpm.engine.differences import answer as difference_of
from bpm.engine.differences import course_of
from bpm.engine.findings import Finding
from bpm.engine.forms.given import as_schemas
from bpm.engine.rules.call_guards import GuardMark
from bpm.engine.status import SubscriptionKind
from bpm.foundation.bounded_child import bound_memory, frames, read_frame, write_frame

SECONDS = 4
ARCHIVE_SECONDS = 20
"""What an archive may take; the first one has the child import what reads it."""
MEMORY = 256 * 2**20
RECURSION = 10_000
_ARCHIVE = b'{"kind":"archive"'


def main() -> None:
    """Serve requests from standard input until it ends; every answer is one frame on standard output."""
    bound_memory(MEMORY)
    sys.setrecursionlimit(RECURSION)
    requests, answers = frames()
    while (frame := read_frame(requests)) is not None:
        # The parent kills us after SECONDS; should it be gone itself, the alarm does.
        signal.alarm(SECONDS + 5)
        write_frame(answers, _answer(frame))
        signal.alarm(0)


def _answer(frame: bytes) -> bytes:
    if frame.startswith(_ARCHIVE):
        return _guarded(lambda: _unpacked(frame))
    request = orjson.loads(frame)
    if request.get("kind") == "forms":
        return _guarded(lambda: {"findings": [finding.as_dict() for finding in check_forms(request["forms"])]})
    if request.get("kind") == "read forms":
        return _guarded(lambda: {"forms": as_schemas(request["forms"])})
    if request.get("kind") == "difference":
        return _guarded(lambda: difference_of(request))
    source = base64.b64decode(request["source"])
    if request.get("kind") == "course":
        return _guarded(lambda: asdict(course_of(source)))
    if request.get("kind") == "layout":
        return _guarded(lambda: {"skeletons": parts_of(source)})
    if request.get("kind") == "drawing":
        return _guarded(lambda: asdict(compose(source, Answers(**request["answers"]))))
    others, decisions = _decoded(request.get("others")), _decoded(request.get("decisions"))
    if request.get("kind") == "decisions":
        return _guarded(lambda: _decisions_to_plain(read_decisions(source, request["file_name"], decisions)))
    forms = request.get("known_forms")
    return _guarded(
        lambda: to_plain(prepare(source, request["file_name"], others=others, decisions=decisions, forms=forms))
    )


def _unpacked(frame: bytes) -> dict[str, Any]:
    """An archive follows its request as it came: in base64 it would take twice the memory."""
    signal.alarm(ARCHIVE_SECONDS + 5)
    from bpm.engine.definitions.received.archive import unpacked
    from bpm.engine.definitions.received.problems import ProblemError

    head, _line, content = frame.partition(b"\n")
    try:
        files = unpacked(orjson.loads(head)["name"], content)
    except ProblemError as error:
        return {"problem": error.finding.as_dict()}
    return {"files": [(path, base64.b64encode(each).decode()) for path, each in files]}


def _guarded(read: Callable[[], dict[str, Any]]) -> bytes:
    """What was read, as JSON, or in a word why it was not."""
    try:
        return orjson.dumps(read())
    except (MemoryError, RecursionError) as error:
        return orjson.dumps({"stopped": type(error).__name__})
    except Exception as error:  # noqa: BLE001 -- a fault of ours in reading is told to the designer, never raised
        return orjson.dumps({"stopped": f"{type(error).__name__}: {error}"})


def _decoded(files: dict[str, str] | None) -> dict[str, bytes]:
    return {name: base64.b64decode(content) for name, content in (files or {}).items()}


def to_plain(prepared: Prepared) -> dict[str, Any]:
    """A Prepared without its source as JSON values; bytes as base64."""
    plain = asdict(prepared)
    del plain["source"]
    plain["executable"] = base64.b64encode(prepared.executable).decode()
    if prepared.compiled is not None:
        blobs = prepared.compiled.blobs.items()
        plain["compiled"]["blobs"] = {key: base64.b64encode(blob).decode() for key, blob in blobs}
    return plain


def _decisions_to_plain(read: DecisionFile) -> dict[str, Any]:
    return {
        "findings": [finding.as_dict() for finding in read.findings],
        "decisions": {name: decision_to_plain(decision) for name, decision in read.decisions.items()},
        "imported": {name: decision_to_plain(decision) for name, decision in read.imported.items()},
    }


def decisions_from_plain(plain: dict[str, Any], file_name: str) -> DecisionFile:
    """The DecisionFile that the child read."""
    return DecisionFile(
        file_name,
        tuple(Finding(**finding) for finding in plain["findings"]),
        {name: decision_from_plain(decision) for name, decision in plain["decisions"].items()},
        {name: decision_from_plain(decision) for name, decision in plain["imported"].items()},
    )


def from_plain(plain: dict[str, Any], source: bytes) -> Prepared:
    """The Prepared that `to_plain` wrote."""
    compiled = plain["compiled"]
    if compiled is not None:
        blobs = {key: base64.b64decode(blob) for key, blob in compiled["blobs"].items()}
        compiled = Compiled(**{**compiled, "blobs": blobs})
    return Prepared(
        source=source,
        file_name=plain["file_name"],
        findings=tuple(Finding(**finding) for finding in plain["findings"]),
        executable=base64.b64decode(plain["executable"]),
        processes=tuple(_process(process) for process in plain["processes"]),
        primary=plain["primary"],
        elements=tuple(_element(element) for element in plain["elements"]),
        messages=tuple(plain["messages"]),
        signals=tuple(plain["signals"]),
        topics=tuple(plain["topics"]),
        compiled=compiled,
        extra=plain["extra"],
        decisions=plain["decisions"],
    )


def _process(plain: dict[str, Any]) -> Process:
    starts = tuple(StartSubscription(**{**start, "kind": SubscriptionKind(start["kind"])}) for start in plain["starts"])
    return Process(**{**plain, "lanes": tuple(plain["lanes"]), "calls": tuple(plain["calls"]), "starts": starts})


def _element(plain: dict[str, Any]) -> Element:
    expressions = tuple((what, before, after) for what, before, after in plain["expressions"])
    facts = tuple(Fact(**each) for each in plain["facts"])
    guards = tuple(GuardMark(**each) for each in plain["guards"])
    return Element(**{**plain, "expressions": expressions, "facts": facts, "guards": guards})


if __name__ == "__main__":
    main()
