"""Versions: departments are asked to sign a draft, and those who had to do with it are told that it went live."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from bpm import identity, notices
from bpm.engine.events import VersionDrafted, VersionSigned, VersionWentLive
from bpm.engine.models import ProcessDefinition, ProcessVersion, Signature
from bpm.engine.status import VersionStatus
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may


def on_drafted(work: Work, event: VersionDrafted) -> None:
    """Ask who may sign for a department that has not."""
    row = _version(work, event.version_id)
    if row.status != VersionStatus.DRAFT:
        return
    signed = set(work.session.scalars(select(Signature.department).where(Signature.version_id == row.id)))
    missing = set(work.settings.sign_offs) - signed
    notices.raise_for(
        work,
        _signers(work, missing),
        "signature",
        _("Your signature is wanted: %(process)s, version %(number)s") % {"process": row.name, "number": row.number},
        f"/processes/versions/{row.id}",
        about=("version", row.id),
        key=f"signature:{row.id}",
    )


def on_signed(work: Work, event: VersionSigned) -> None:
    """Whoever signs for no other department any more is not asked any longer."""
    signed = set(work.session.scalars(select(Signature.department).where(Signature.version_id == event.version_id)))
    still = set(_signers(work, set(work.settings.sign_offs) - signed))
    relieved = set(_signers(work, {event.department})) - still
    if relieved:
        notices.mark_done(work, ("signature",), ("version", event.version_id), people=relieved)


def on_live(work: Work, event: VersionWentLive) -> None:
    """Tell who uploaded it and who signed it."""
    row = _version(work, event.version_id)
    notices.mark_done(work, ("signature",), ("version", row.id))
    signers = work.session.scalars(select(Signature.user_id).where(Signature.version_id == row.id))
    notices.raise_for(
        work,
        {user_id for user_id in (row.created_by, *signers) if user_id is not None},
        "live",
        _("%(process)s, version %(number)s is live") % {"process": row.name, "number": row.number},
        f"/processes/versions/{row.id}",
        about=("version", row.id),
        key=f"live:{row.id}",
    )


def _version(work: Work, version_id: int) -> Any:
    query = (
        select(
            ProcessVersion.id, ProcessVersion.number, ProcessVersion.status, ProcessVersion.created_by,
            ProcessDefinition.name,
        )
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessVersion.id == version_id)
    )  # fmt: skip
    return work.session.execute(query).one()


def _signers(work: Work, departments: Iterable[str]) -> list[int]:
    wanted = set(departments)
    return [
        user.id
        for user in identity.list_users(work)
        if user.active
        and may(identity.actor_of(user), Permission.SIGN)
        and wanted & {group.key for group in user.groups}
    ]
