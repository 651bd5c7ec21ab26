"""Parts given by hand, carried over to the next version, and asked for before a version goes live."""

from sqlalchemy import select

from bpm import audit, identity
from bpm.engine import api as engine
from bpm.engine.events import VersionDrafted, VersionWentLive
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.foundation.bus import Bus
from bpm.foundation.errors import InvalidInputError, NotFoundError, RefusedError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.processes.ownership.models import ActivityRole
from bpm.processes.ownership.raci import ACCOUNTABLE, LETTERS, Parts, accountable, in_order
from bpm.processes.ownership.roles import matrix_of, what_blocks


def wire(bus: Bus) -> None:
    """Let parts go over to new versions, and be asked for when one goes live."""
    bus.subscribe(VersionDrafted, on_drafted)
    bus.subscribe(VersionWentLive, on_live)


def give_part(work: Work, version_id: int, element: str, function: str, letters: str) -> Parts:
    """Say what a function's part in an activity is: letters of RACI, or none; who and when stay with it.

    One function answers for an activity: who is made accountable takes it from whoever was. Whoever signs versions
    may. InvalidInputError for letters, activities and functions that are not there.
    """
    demand(work.actor, Permission.SIGN)
    matrix = matrix_of(work, version_id)
    names = {each.id: each.name for each in matrix.activities}
    if element not in names:
        raise InvalidInputError(
            _("The version has no activity %(id)s.") % {"id": element}, place="element", remedy=_("Choose one of it.")
        )
    letters = letters.strip().upper()
    if set(letters) - set(LETTERS):
        raise InvalidInputError(
            _("%(text)s is no part.") % {"text": letters}, place="letters", remedy=_("Give letters of R, A, C and I.")
        )
    known = {group.key for group in identity.list_groups(work)} | {key for key, _name in matrix.functions}
    if function not in known:
        raise InvalidInputError(
            _("There is no group %(names)s.") % {"names": function}, place="function", remedy=_("Choose one of them.")
        )
    before = dict(matrix.parts[element])
    _keep(work, version_id, element, function, in_order(letters))
    if ACCOUNTABLE in letters:
        for other in accountable(before):
            if other != function:
                _keep(work, version_id, element, other, before[other].replace(ACCOUNTABLE, ""))
    work.session.flush()
    after = matrix_of(work, version_id).parts[element]
    thing = audit.Thing("version", version_id, names[element], f"{matrix.key} {element}")
    audit.record(work, "version.role", thing, before={"parts": before}, after={"parts": dict(after)})
    return after


def take_back_part(work: Work, version_id: int, element: str, function: str) -> None:
    """Let lanes and flows say it again. NotFoundError where nobody said anything."""
    demand(work.actor, Permission.SIGN)
    row = _row(work, version_id, element, function)
    if row is None:
        raise NotFoundError(_("Nobody gave it a part by hand."))
    thing = audit.Thing("version", version_id, element)
    work.session.delete(row)
    work.session.flush()
    now = matrix_of(work, version_id).parts.get(element, {}).get(function, "")
    said = {"function": function, "letters": row.letters}, {"function": function, "letters": now}
    audit.record(work, "version.role", thing, before=said[0], after=said[1])


def _keep(work: Work, version_id: int, element: str, function: str, letters: str) -> None:
    row = _row(work, version_id, element, function)
    if row is None:
        row = ActivityRole(version_id=version_id, element=element, function=function, given_at=work.now())
        work.session.add(row)
    row.letters, row.given_by, row.given_at, row.carried_from = letters, work.actor.user_id, work.now(), None


def _row(work: Work, version_id: int, element: str, function: str) -> ActivityRole | None:
    return work.session.scalar(
        select(ActivityRole).where(
            ActivityRole.version_id == version_id, ActivityRole.element == element, ActivityRole.function == function
        )
    )


def on_drafted(work: Work, event: VersionDrafted) -> None:
    """Carry parts over from the version that is live, to the activities that are the same in the new one."""
    query = (
        select(ProcessVersion.id, ProcessVersion.source, ProcessDefinition.live_version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessVersion.id == event.version_id)
    )
    new = work.session.execute(query).one()
    if new.live_version_id is None or new.live_version_id == new.id:
        return
    rows = work.session.scalars(select(ActivityRole).where(ActivityRole.version_id == new.live_version_id)).all()
    known = select(ActivityRole.id).where(ActivityRole.version_id == new.id).limit(1)
    if not rows or work.session.scalar(known) is not None:
        return
    old = work.session.scalar(select(ProcessVersion.source).where(ProcessVersion.id == new.live_version_id)) or b""
    same = engine.counterparts(old, new.source)
    for row in rows:
        if row.element in same:
            carried = ActivityRole(
                version_id=new.id, element=same[row.element], function=row.function, letters=row.letters,
                given_by=row.given_by, given_at=row.given_at, carried_from=row.carried_from or row.version_id,
            )  # fmt: skip
            work.session.add(carried)
    work.session.flush()


def on_live(work: Work, event: VersionWentLive) -> None:
    """Refuse a version with an activity that nobody answers for, unless a reason stands for it on record."""
    query = select(ProcessVersion.unsigned_reason).where(ProcessVersion.id == event.version_id)
    if work.session.scalar(query):
        return
    missing = what_blocks(work, event.version_id)
    if missing:
        raise RefusedError(
            _("It cannot go live: %(why)s") % {"why": " ".join(missing)},
            remedy=_("Draw it in a lane, or name who is accountable on the page of owners and roles."),
            findings=missing,
        )
