"""What is kept of signing: a row of its own that nothing takes away, and the audit trail."""

from typing import Any

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ProcessVersion, SigningRecord
from bpm.engine.status import SigningVerb
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

AUDITED = {
    SigningVerb.SIGNED: "version.sign",
    SigningVerb.WITHDRAWN: "version.withdraw_signature",
    SigningVerb.LAPSED: "version.signature_lapsed",
    SigningVerb.CHANGES_WANTED: "version.want_changes",
}


def version_for_signing(work: Work, version_id: int) -> ProcessVersion:
    """The version, locked against a newer draft, going live and other signers; NotFoundError."""
    query = select(ProcessVersion).where(ProcessVersion.id == version_id).with_for_update()
    version = work.session.scalar(query.execution_options(populate_existing=True))
    if version is None:
        raise NotFoundError(_("There is no process version %(id)s.") % {"id": version_id})
    return version


def put_on_record(
    work: Work, version: ProcessVersion, verb: SigningVerb, department: str, *, comment: str = "", **more: Any
) -> None:
    """Write down what was said of the version; `more` goes on the audit trail beside it."""
    work.session.add(
        SigningRecord(
            version_id=version.id,
            department=department,
            verb=verb,
            user_id=work.actor.user_id,
            comment=comment,
            content_hash=version.content_hash,
            at=work.now(),
        )
    )
    signs = verb == SigningVerb.SIGNED
    after = {"department": department if signs else None, "content": version.content_hash, **more}
    thing = audit.Thing("version", version.id, f"{version.file_name}, version {version.number}")
    before = {"department": None if signs or verb == SigningVerb.CHANGES_WANTED else department}
    audit.record(work, AUDITED[verb], thing, before=before, after=after, reason=comment or None)
