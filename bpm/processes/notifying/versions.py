"""Versions: departments are asked to sign a draft, and those who had to do with it are told that it went live."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select

from bpm import identity, notices
from bpm.engine import api as engine
from bpm.engine.events import (
    ChangesWanted,
    DraftReplaced,
    SignatureWithdrawn,
    VersionDrafted,
    VersionSigned,
    VersionWentLive,
)
from bpm.engine.models import ProcessDefinition, ProcessVersion, Signature
from bpm.engine.status import VersionStatus
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may


def on_drafted(work: Work, event: VersionDrafted) -> None:
    """Ask who may sign for a department that has not."""
    row = _version(work, event.version_id)
    if row.status == VersionStatus.DRAFT and row.replaced_by is None:
        _ask(work, row, _signers(work, _missing(work, row)))


def on_signed(work: Work, event: VersionSigned) -> None:
    """Whoever signs for no other department any more, or has signed, is not asked any longer."""
    row = _version(work, event.version_id)
    still = set(_signers(work, _missing(work, row)))
    if not work.settings.sign_for_several:
        still -= _who_signed(work, row.id)
    relieved = (set(_signers(work, {event.department})) | _who_signed(work, row.id)) - still
    if relieved:
        notices.mark_done(work, ("signature",), ("version", event.version_id), people=relieved)


def on_withdrawn(work: Work, event: SignatureWithdrawn) -> None:
    """The department is asked again, but for who took the signature back."""
    row = _version(work, event.version_id)
    _ask(work, row, set(_signers(work, {event.department})) - {work.actor.user_id})


def on_changes_wanted(work: Work, event: ChangesWanted) -> None:
    """Tell who uploaded it."""
    row = _version(work, event.version_id)
    if row.created_by is None:
        return
    notices.raise_for(
        work,
        {row.created_by},
        "changes",
        _("Changes are wanted: %(process)s, version %(number)s") % {"process": row.name, "number": row.number},
        f"/processes/versions/{row.id}",
        about=("version", row.id),
        key=f"changes:{row.id}:{event.department}",
    )


def on_replaced(work: Work, event: DraftReplaced) -> None:
    """Nobody is asked for the older draft any longer."""
    notices.mark_done(work, ("signature", "changes"), ("version", event.version_id))


def on_live(work: Work, event: VersionWentLive) -> None:
    """Tell who uploaded it and who signed it."""
    row = _version(work, event.version_id)
    notices.mark_done(work, ("signature", "changes"), ("version", row.id))
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


def _ask(work: Work, row: Any, people: Collection[int]) -> None:
    notices.raise_for(
        work,
        people,
        "signature",
        _("Your signature is wanted: %(process)s, version %(number)s") % {"process": row.name, "number": row.number},
        f"/processes/versions/{row.id}",
        about=("version", row.id),
        key=f"signature:{row.id}",
    )


def _missing(work: Work, row: Any) -> set[str]:
    signed = work.session.scalars(select(Signature.department).where(Signature.version_id == row.id))
    return set(engine.departments_of(work, row.definition_id)) - set(signed)


def _who_signed(work: Work, version_id: int) -> set[int]:
    query = select(Signature.user_id).where(Signature.version_id == version_id, Signature.user_id.is_not(None))
    return {user_id for user_id in work.session.scalars(query) if user_id is not None}


def _version(work: Work, version_id: int) -> Any:
    query = (
        select(
            ProcessVersion.id, ProcessVersion.number, ProcessVersion.status, ProcessVersion.created_by,
            ProcessVersion.definition_id, ProcessVersion.replaced_by,
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
