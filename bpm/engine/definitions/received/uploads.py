"""Uploads on their way to a version: kept with their check, taken up again, discarded, forgotten when they are old."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from bpm import audit
from bpm.engine.bpmn.layout import Drawing
from bpm.engine.decisions import as_bytes, as_text
from bpm.engine.definitions.bundle import Bundle
from bpm.engine.definitions.check import as_report
from bpm.engine.definitions.process_tests import CaseResult
from bpm.engine.definitions.received.examination import Examined, digest_of
from bpm.engine.definitions.received.kept_check import pack, unpack
from bpm.engine.definitions.received.reader import Received
from bpm.engine.models import Upload
from bpm.engine.rules.file_names import kept_name
from bpm.foundation.errors import ConflictError, NotFoundError
from bpm.foundation.telemetry import logger
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.identity import Permission, demand

log = logger(__name__)

KEPT_DAYS = 30
"""Days after which an upload that became no version is forgotten."""
CHUNK = 50
"""Uploads forgotten in one sweep."""


def keep_upload(
    work: Work, came: Received, examined: Examined, *, key: str, drawing: Drawing, seconds: float
) -> Upload:
    """Keep an upload with its report, deployable or not: the review page reads it."""
    prepared, digest = examined.prepared, digest_of(examined.bundle)
    upload = Upload(
        file_name=kept_name(prepared.file_name),
        source=examined.bundle.source,
        report={
            **as_report(prepared, seconds),
            "key": key,
            "came": _came_as_json(came),
            "digest": digest,
            "test_results": [asdict(each) for each in examined.results],
            "drawing": {"xml": drawing.xml, "notes": drawing.notes()},
        },
        checked=pack(prepared, digest),
        created_at=work.now(),
        created_by=work.actor.user_id,
    )
    work.session.add(upload)
    work.session.flush()
    told = {"file": upload.file_name, "deployable": prepared.deployable}
    audit.record(work, "upload.check", audit.Thing("upload", upload.id, upload.file_name), after=told)
    return upload


def came_of(upload: Upload) -> Received:
    """What was sent, from its upload; one of an earlier release had forms, tests and decisions beside the model."""
    came: Mapping[str, Any] = upload.report.get("came") or {**upload.report, "model": True}
    return Received(
        file_name=upload.file_name if came["model"] else "",
        source=upload.source if came["model"] else None,
        forms=came.get("forms", {}),
        decisions={name: as_bytes(text) for name, text in came.get("decisions", {}).items()},
        tests=tuple(came.get("tests", ())),
        triggers=tuple(came.get("triggers", ())),
        documentation=came.get("documentation", ""),
        folder=came.get("folder", ""),
        whole=came.get("whole", False),
        left_out=tuple(came.get("left_out", ())),
    )


def _came_as_json(came: Received) -> dict[str, Any]:
    return {
        "model": came.source is not None,
        "forms": dict(came.forms),
        "decisions": {name: as_text(content) for name, content in came.decisions.items()},
        "tests": [dict(case) for case in came.tests],
        "triggers": [dict(entry) for entry in came.triggers],
        "documentation": came.documentation,
        "folder": kept_name(came.folder, ""),
        "whole": came.whole,
        "left_out": ["/".join(kept_name(part, "") for part in path.split("/")) for path in came.left_out],
    }


def examined_of(upload: Upload, bundle: Bundle) -> Examined | None:
    """What was found of the bundle when the upload came; None where it has become another one since."""
    digest = digest_of(bundle)
    prepared = unpack(upload.checked, bundle.source, digest) if upload.report.get("digest") == digest else None
    if prepared is None:
        return None
    return Examined(bundle, prepared, tuple(CaseResult(**each) for each in upload.report.get("test_results", ())))


def finish_upload(work: Work, upload_id: int, version_id: int) -> None:
    """The upload became a version: its check is needed no more. ConflictError where it was discarded meanwhile."""
    upload = work.session.get(Upload, upload_id)
    if upload is None:
        raise ConflictError(_("This upload was discarded meanwhile."), remedy=_("Upload the files again."))
    upload.version_id, upload.checked = version_id, None
    work.session.flush()


def discard_upload(work: Work, upload_id: int) -> str:
    """Forget an upload that became no version; gives its file's name. What became one stays with it."""
    demand(work.actor, Permission.DEPLOY)
    upload = work.session.get(Upload, upload_id)
    if upload is None:
        raise NotFoundError(_("There is no upload %(number)s.") % {"number": upload_id})
    if upload.version_id is not None:
        raise ConflictError(_("This upload has become a version."), remedy=_("Look at the version."))
    work.session.delete(upload)
    audit.record(work, "upload.discard", audit.Thing("upload", upload.id, upload.file_name))
    return upload.file_name


def sweep_uploads(unit_of_work: Transactions) -> int:
    """Forget a bounded number of uploads that nobody took up for KEPT_DAYS; gives how many."""
    with unit_of_work.reading() as work:
        old = select(Upload.id).where(
            Upload.version_id.is_(None), Upload.created_at < work.now() - timedelta(days=KEPT_DAYS)
        )
        ids = list(work.session.scalars(old.order_by(Upload.id).limit(CHUNK)))
    if not ids:
        return 0
    with unit_of_work() as work:
        work.session.execute(delete(Upload).where(Upload.id.in_(ids), Upload.version_id.is_(None)))
    log.info("unfinished uploads forgotten", uploads=len(ids), days=KEPT_DAYS)
    return len(ids)
