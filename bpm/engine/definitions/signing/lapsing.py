"""A draft takes the place of the drafts before it: whatever those were signed with lapses, on record."""

from sqlalchemy import select

from bpm.engine.definitions.signing.on_record import put_on_record
from bpm.engine.events import DraftReplaced, VersionDrafted
from bpm.engine.models import ProcessVersion, Signature
from bpm.engine.status import SigningVerb, VersionStatus
from bpm.foundation.texts import _
from bpm.foundation.work import Work


def take_the_place_of_others(work: Work, version: ProcessVersion) -> None:
    """Let `version` be the one draft of its process to sign; that of another draft lapses. Nothing for a live one."""
    if version.status != VersionStatus.DRAFT:
        return
    if version.replaced_by is not None:
        # What was replaced before is asked for again.
        version.replaced_by = None
        work.publish(VersionDrafted(version.id))
    query = (
        select(ProcessVersion)
        .where(
            ProcessVersion.definition_id == version.definition_id,
            ProcessVersion.id != version.id,
            ProcessVersion.status == VersionStatus.DRAFT,
            ProcessVersion.replaced_by.is_(None),
        )
        .order_by(ProcessVersion.id)
        .with_for_update()
    )
    for other in work.session.scalars(query).all():
        other.replaced_by = version.id
        _lapse(work, other, version.number)
        work.publish(DraftReplaced(other.id))
    work.session.flush()


def _lapse(work: Work, draft: ProcessVersion, newer: int) -> None:
    given = work.session.scalars(select(Signature).where(Signature.version_id == draft.id)).all()
    for signature in given:
        work.session.delete(signature)
        comment = _("Version %(number)s took its place.") % {"number": newer}
        put_on_record(work, draft, SigningVerb.LAPSED, signature.department, comment=comment)
