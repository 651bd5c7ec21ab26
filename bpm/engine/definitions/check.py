"""Every problem of an uploaded file, found in a child process that cannot hurt anybody.

1. A warm child waits; a check is one frame to it and one back, so that it costs milliseconds.
2. The child limits its own memory; the parent waits SECONDS and then kills it.
3. Whatever happens to the child, the answer is a Prepared with a finding, and the next check gets a new child.
"""

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from bpm.engine.bpmn.model import Prepared
from bpm.engine.decisions import DecisionFile, read_decisions
from bpm.engine.definitions.bundle import Bundle
from bpm.engine.definitions.check_process import ARCHIVE_SECONDS, SECONDS, decisions_from_plain, from_plain
from bpm.engine.definitions.form_checks import LARGEST_TOGETHER, fits, too_many
from bpm.engine.definitions.form_checks import check_forms as check_forms_here
from bpm.engine.definitions.prepare import prepare
from bpm.engine.differences import KINDS as PART_KINDS
from bpm.engine.differences import Change, Course, Difference, PartKind, course_from_plain
from bpm.engine.differences import from_plain as difference_from_plain
from bpm.engine.findings import Finding
from bpm.engine.forms.form_js import is_form_js
from bpm.engine.rules.file_names import kept_name
from bpm.engine.xml import MAX_BYTES
from bpm.foundation.bounded_child import BoundedChild
from bpm.foundation.errors import RefusedError
from bpm.foundation.texts import _

LARGEST_DIFFERENCE = 16_000_000
"""Bytes of two parts of one kind together, as they go to the child."""


def check(
    source: bytes,
    file_name: str,
    *,
    others: Mapping[str, bytes] | None = None,
    decisions: Mapping[str, bytes] | None = None,
    forms: Mapping[str, Any] | None = None,
) -> Prepared:
    """Check an upload in the child process; never raises for bad input and never takes much over four seconds.

    `others` holds executables of called processes by process id, `decisions` DMN files by name, `forms` JSON Schemas
    or `.form` files by name.
    """
    read = read_forms(forms or {})
    prepared = _checked(source, kept_name(file_name), others or {}, decisions or {}, read)
    problems = check_forms({**prepared.extra.get("forms", {}), **read})
    return replace(prepared, findings=(*problems, *prepared.findings)) if problems else prepared


def _checked(
    source: bytes,
    file_name: str,
    others: Mapping[str, bytes],
    decisions: Mapping[str, bytes],
    forms: Mapping[str, Any],
) -> Prepared:
    if len(source) > MAX_BYTES:
        return prepare(source, file_name)
    request = orjson.dumps(
        {
            "source": base64.b64encode(source).decode(),
            "file_name": file_name,
            "others": _encoded(others),
            "decisions": _encoded({name: each[: MAX_BYTES + 1] for name, each in decisions.items()}),
            "known_forms": {key: schema for key, schema in forms.items() if fits(schema)},
        }
    )
    answer = _child.ask(request, seconds=SECONDS)
    if isinstance(answer, str):
        return _stopped(source, file_name, answer)
    plain = orjson.loads(answer)
    if "stopped" in plain:
        return _stopped(source, file_name, plain["stopped"])
    return from_plain(plain, source)


def check_decisions(source: bytes, file_name: str, beside: Mapping[str, bytes] | None = None) -> DecisionFile:
    """Check a DMN file in the child process; never raises for bad input and never takes much over four seconds.

    `beside` are the other DMN files of its bundle, in which it finds what it imports.
    """
    if len(source) > MAX_BYTES:
        return read_decisions(source, file_name)
    request = {"kind": "decisions", "source": base64.b64encode(source).decode(), "file_name": file_name}
    others = {name: base64.b64encode(each).decode() for name, each in (beside or {}).items() if len(each) <= MAX_BYTES}
    answer = _child.ask(orjson.dumps({**request, "decisions": others}), seconds=SECONDS)
    plain = orjson.loads(answer) if isinstance(answer, bytes) else {"stopped": answer}
    if "stopped" in plain:
        return DecisionFile(file_name, _stopped(source, file_name, plain["stopped"]).findings, {})
    return decisions_from_plain(plain, file_name)


def read_forms(forms: Mapping[str, Any]) -> dict[str, Any]:
    """Every form as JSON Schema: `.form` files are read in the child process; what it cannot read stays as it is."""
    foreign = {key: content for key, content in forms.items() if is_form_js(content) and fits(content)}
    if not foreign:
        return dict(forms)
    answer = ask_child({"kind": "read forms", "forms": foreign})
    return {**forms, **answer.get("forms", {})}


def check_forms(forms: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Every problem of the forms of one model, found in the child process; those too large to be sent are named."""
    together: dict[str, Any] = {}
    large: dict[str, Any] = {}
    for key, schema in forms.items():
        (together if fits(schema) else large)[key] = schema
    # What does not fit is refused by its size, before anything looks into it.
    found = check_forms_here(large)
    if not together:
        return found
    request = orjson.dumps({"kind": "forms", "forms": together})
    if len(request) > LARGEST_TOGETHER:
        return (*found, too_many(len(request)))
    answer = _child.ask(request, seconds=SECONDS)
    plain: dict[str, Any] = orjson.loads(answer) if isinstance(answer, bytes) else {"stopped": answer}
    if "stopped" in plain:
        return (*found, *(replace(each, remedy="Ask for less in one form.") for each in _why(plain["stopped"])))
    return (*found, *(Finding(**each) for each in plain["findings"]))


def _encoded(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(content).decode() for name, content in files.items()}


def ask_child(request: Mapping[str, Any]) -> dict[str, Any]:
    """The child's answer to a request of another kind, or {"stopped": why}."""
    answer = _child.ask(orjson.dumps(request), seconds=SECONDS)
    plain: dict[str, Any] = orjson.loads(answer) if isinstance(answer, bytes) else {"stopped": answer}
    return plain


def unpack(name: str, content: bytes) -> dict[str, Any]:
    """The files of an archive, unpacked in the child: `files` (path, base64), or a `problem`, or why it `stopped`."""
    answer = _child.ask(orjson.dumps({"kind": "archive", "name": name}) + b"\n" + content, seconds=ARCHIVE_SECONDS)
    plain: dict[str, Any] = orjson.loads(answer) if isinstance(answer, bytes) else {"stopped": answer}
    return plain


def course_of(source: bytes) -> Course:
    """What is done in a BPMN file, step by step, found in the child; RefusedError where it cannot be read."""
    plain = ask_child({"kind": "course", "source": base64.b64encode(source).decode()})
    if "stopped" in plain:
        finding = _why(plain["stopped"])[0]
        raise RefusedError(finding.message, findings=(finding,), remedy=finding.remedy)
    return course_from_plain(plain)


def difference(before: Bundle | None, after: Bundle) -> Difference:
    """Everything that differs between two bundles, found in the child; never raises and never takes over 20 seconds.

    A kind of part that is too large or takes too long is named in `not_compared`, and the others are compared.
    """
    found = Difference() if before else Difference(added=(Change("process", after.file_name),))
    for kind in PART_KINDS if before else PART_KINDS[1:]:
        found = found.and_(_difference_of(kind, before, after))
    return found


def _difference_of(kind: PartKind, before: Bundle | None, after: Bundle) -> Difference:
    old, new = _part(kind, before) if before else [] if kind in ("tests", "triggers") else {}, _part(kind, after)
    if kind == "model" and old == new:
        return Difference(kept=(Change("process", after.file_name),) if old else ())
    request = {"kind": "difference", "part": kind, "before": old, "after": new}
    if len(orjson.dumps(request)) > LARGEST_DIFFERENCE:
        return Difference(not_compared=(_("%(part)s: too large to be compared.") % {"part": kind},))
    plain = ask_child(request)
    if "stopped" in plain:
        why = _why(plain["stopped"])[0].message
        return Difference(not_compared=(_("%(part)s: %(why)s") % {"part": kind, "why": why},))
    return difference_from_plain(plain)


def _part(kind: PartKind, bundle: Bundle) -> Any:
    """One kind of part as JSON values; bytes as base64."""
    if kind == "model":
        return base64.b64encode(bundle.source).decode()
    if kind == "decisions":
        return _encoded(bundle.decisions)
    return {"forms": dict(bundle.forms), "tests": list(bundle.tests), "triggers": list(bundle.triggers)}[kind]


def warm_up() -> None:
    """Start the child now, so that the first check need not wait for it."""
    _child.start()


def as_report(prepared: Prepared | DecisionFile, seconds: float) -> dict[str, Any]:
    """The check of one file as `earshot check --json` prints it."""
    return {
        "file": prepared.file_name,
        "deployable": prepared.deployable,
        "findings": [finding.as_dict() for finding in prepared.findings],
        "seconds": round(seconds, 3),
    }


_REASONS = {
    "timeout": ("check-too-slow", f"Checking the file took more than {SECONDS} seconds and was stopped."),
    "died": ("check-too-large", "Checking the file needed more memory than allowed and was stopped."),
    "MemoryError": ("check-too-large", "Checking the file needed more memory than allowed and was stopped."),
    "RecursionError": ("check-too-deep", "The model is nested or chained too deeply to be checked."),
}


def _stopped(source: bytes, file_name: str, why: str) -> Prepared:
    return Prepared(source=source, file_name=file_name, findings=_why(why))


def _why(why: str) -> tuple[Finding]:
    """The finding of a check that came to no end."""
    code, message = _REASONS.get(why, ("check-failed", f"The file could not be checked: {why}."))
    remedy = "Split the model: move parts into processes of their own and call them."
    return (Finding(code=code, severity="error", message=message, remedy=remedy),)


_child = BoundedChild("bpm.engine.definitions.check_process")
