"""Deployment: a checked upload becomes an immutable, numbered version, a draft until it goes live."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

import orjson
from sqlalchemy import Table, func, insert, select

from bpm import audit
from bpm.engine.bpmn.layout import Drawing
from bpm.engine.bpmn.model import Prepared
from bpm.engine.decisions import as_bytes
from bpm.engine.definitions.check import check_forms, read_forms
from bpm.engine.definitions.keys import default_key, one_at_a_time, under_key
from bpm.engine.definitions.process_tests import CaseResult, run_cases
from bpm.engine.events import VersionDrafted
from bpm.engine.forms import is_made
from bpm.engine.models import (
    ProcessDefinition,
    ProcessSpec,
    ProcessVersion,
)
from bpm.engine.rules.file_names import kept_name
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import RefusedError
from bpm.foundation.work import Work

_SPEC = cast("Table", ProcessSpec.__table__)


def run_tests(prepared: Prepared, cases: Iterable[Mapping[str, Any]]) -> list[CaseResult]:
    """The cases of a model, run in memory; a case without `files` means this one. Outside any transaction."""
    rules = {name: as_bytes(text) for name, text in prepared.decisions.items()}
    filled = [{"files": [prepared.file_name, *rules], "process": prepared.primary, **case} for case in cases]
    return run_cases(filled, lambda name: rules.get(name, prepared.source))


def deploy(
    work: Work,
    prepared: Prepared,
    *,
    key: str | None = None,
    note: str = "",
    forms: Mapping[str, Any] | None = None,
    tests: Sequence[Mapping[str, Any]] = (),
    test_results: Sequence[CaseResult] = (),
    triggers: Sequence[Mapping[str, Any]] = (),
    documentation: str = "",
    drawing: Drawing | None = None,
) -> ProcessVersion:
    """A draft of the process `key` (see `keys.default_key` when not given); the same content is the same version.

    `forms` are those that came as files, `drawing` is what `drawing_of` laid out for the file. How long ended instances
    are kept is carried over from the version that was live last. Raises RefusedError with the findings when the model
    is not deployable, or when the key, or the id of one of its processes, belongs to the file of another process.
    """
    forms = read_forms(forms or {})
    findings = tuple(dict.fromkeys((*check_forms(forms), *prepared.findings)))
    errors = [finding for finding in findings if finding.severity == "error"]
    compiled = prepared.compiled
    if errors or compiled is None:
        raise RefusedError(
            f"{prepared.file_name} cannot be deployed: {len(errors)} problem(s).",
            findings=findings,
            remedy="Mend what the findings name, then upload it again.",
        )
    one_at_a_time(work)
    key = (key or "").strip() or default_key(work, prepared)
    prepared = under_key(work, prepared, key)
    all_forms = {**prepared.extra.get("forms", {}), **forms}
    more = [each for each in (list(triggers), documentation) if each]
    content = _content_hash(key, prepared, all_forms, tests, more)
    definition = _definition(work, key, _name(prepared, key))
    version = _same(work, definition, content, _content_hash(key, prepared, all_forms, tests, []))
    if version is not None:
        _keep_drawing(version, drawing)
        return version
    _store_specs(work, compiled.blobs)
    newest = select(func.max(ProcessVersion.number)).where(ProcessVersion.definition_id == definition.id)
    version = ProcessVersion(
        definition_id=definition.id,
        number=(work.session.scalar(newest) or 0) + 1,
        content_hash=content,
        file_name=kept_name(prepared.file_name),
        source=prepared.source,
        executable=prepared.executable,
        specs=dict(compiled.specs),
        processes=[_plain(asdict(process)) for process in prepared.processes],
        primary=prepared.primary,
        elements=[_plain(asdict(element)) for element in prepared.elements],
        findings=[finding.as_dict() for finding in prepared.findings],
        forms=all_forms,
        decisions=dict(prepared.decisions),
        tests=[dict(case) for case in tests],
        test_results=[{"id": r.id, "outcome": r.outcome, "detail": r.detail} for r in test_results],
        uploaded_forms=sorted(forms or {}),
        triggers=[dict(entry) for entry in triggers] or None,
        documentation=documentation or None,
        status=VersionStatus.DRAFT,
        note=note,
        keep_for_days=_keep_for_days(work, definition),
        created_at=work.now(),
        created_by=work.actor.user_id,
        live_at=None,
    )
    _keep_drawing(version, drawing)
    work.session.add(version)
    work.session.flush()
    work.publish(VersionDrafted(version.id))
    thing = audit.Thing("version", version.id, f"{version.file_name}, version {version.number}")
    made = {"status": VersionStatus.DRAFT, "key": key, "number": version.number, "content": content, "note": note}
    audit.record(work, "version.deploy", thing, after=made)
    return version


def _same(work: Work, definition: ProcessDefinition, content: str, bare: str) -> ProcessVersion | None:
    """The version of that content; one of an earlier release knew no triggers and no README: `bare` is its hash."""
    known = select(ProcessVersion).where(ProcessVersion.definition_id == definition.id)
    version = work.session.scalar(known.where(ProcessVersion.content_hash == content))
    earlier = (ProcessVersion.content_hash == bare, ProcessVersion.uploaded_forms.is_(None))
    return version or work.session.scalar(known.where(*earlier))


def _keep_for_days(work: Work, definition: ProcessDefinition) -> int | None:
    of_last = (
        select(ProcessVersion.keep_for_days)
        .where(ProcessVersion.definition_id == definition.id)
        .order_by(ProcessVersion.live_at.desc().nulls_last(), ProcessVersion.number.desc())
        .limit(1)
    )
    return work.session.scalar(of_last)


def _keep_drawing(version: ProcessVersion, drawing: Drawing | None) -> None:
    """Versions of earlier releases have none: uploading the same file again gives them one."""
    if drawing is None or version.drawing is not None:
        return
    version.drawing = drawing.xml.encode() or None
    version.drawing_notes = drawing.notes()


def _content_hash(
    key: str, prepared: Prepared, forms: Mapping[str, Any], tests: Sequence[Mapping[str, Any]], more: Sequence[Any]
) -> str:
    rules = [prepared.decisions] if prepared.decisions else []
    # Forms that we made ourselves are no content: a later release may make better ones of the same file.
    forms = {name: form for name, form in forms.items() if not is_made(form)}
    rest = orjson.dumps([key, forms, [dict(case) for case in tests], *rules, *more], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(hashlib.sha256(prepared.source).digest() + rest).hexdigest()


def _plain(value: Any) -> Any:
    """Tuples as lists, as JSON gives them back."""
    return orjson.loads(orjson.dumps(value))


def _name(prepared: Prepared, key: str) -> str:
    names = [process.name for process in prepared.processes if process.id == prepared.primary and process.name]
    return (names or [key])[0][:300]


def _definition(work: Work, key: str, name: str) -> ProcessDefinition:
    definition = work.session.scalar(select(ProcessDefinition).where(ProcessDefinition.key == key).with_for_update())
    if definition is None:
        definition = ProcessDefinition(key=key, name=name, live_version_id=None)
        work.session.add(definition)
        work.session.flush()
    return definition


def _store_specs(work: Work, blobs: Mapping[str, bytes]) -> None:
    known = set(work.session.scalars(select(ProcessSpec.hash).where(ProcessSpec.hash.in_(blobs))))
    rows = [{"hash": key, "body": body} for key, body in blobs.items() if key not in known]
    if rows:
        work.session.execute(insert(_SPEC), rows)
