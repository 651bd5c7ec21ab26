"""What people do with an alarm: take it, say what it was, link what caused it, propose a change, close it."""

from sqlalchemy import select

from bpm import audit, identity, notices
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.processes import improvements
from bpm.processes.alarms.causes import CauseRow
from bpm.processes.alarms.looking import items_between
from bpm.processes.alarms.models import Alarm, AlarmCause
from bpm.processes.alarms.series import Subject
from bpm.processes.alarms.status import AlarmStatus, CauseKind, Watched
from bpm.processes.improvements import ImprovementDraft, OpenedFrom, Origin
from bpm.processes.improvements.voices import MOST_FROZEN

LONGEST = 2000
NEXT = {
    AlarmStatus.RAISED: (AlarmStatus.ACKNOWLEDGED, AlarmStatus.EXPLAINED, AlarmStatus.CLOSED),
    AlarmStatus.ACKNOWLEDGED: (AlarmStatus.EXPLAINED, AlarmStatus.CLOSED),
    AlarmStatus.EXPLAINED: (AlarmStatus.EXPLAINED, AlarmStatus.CLOSED),
    AlarmStatus.CLOSED: (AlarmStatus.ACKNOWLEDGED,),
}
"""What an alarm can become next; a closed one can be taken up again."""


def move_alarm(work: Work, alarm_id: int, status: str, *, reason: str = "") -> None:
    """Acknowledge, explain or close it; who acknowledges an alarm of nobody owns it.

    ConflictError where it cannot become that now; InvalidInputError without a reason where one is asked for.
    """
    row = _get(work, alarm_id)
    wanted = next((each for each in AlarmStatus if each == status), None)
    if wanted is None or wanted not in NEXT[row.status]:
        raise ConflictError(
            _("The alarm is %(status)s now.") % {"status": row.status}, remedy=_("Look at it again, then decide.")
        )
    why = reason.strip()
    if wanted is not AlarmStatus.ACKNOWLEDGED and (not why or len(why) > LONGEST):
        missing = _("Say what it was.") if wanted is AlarmStatus.EXPLAINED else _("Say why it is closed.")
        raise InvalidInputError(missing, remedy=missing, fields={"reason": missing})
    before = _told(row)
    row.status, row.status_at, row.status_by = wanted, work.now(), work.actor.user_id
    row.reason = why or row.reason
    if row.owner_id is None:
        row.owner_id = work.actor.user_id
    audit.record(work, "alarm.status", _thing(row), before=before, after=_told(row), reason=why)
    notices.mark_done(work, ["alarm"], ("alarm", row.id))


def hand_alarm(work: Work, alarm_id: int, user_id: int | None) -> None:
    """Give it another owner, who is told; InvalidInputError for somebody who does not see insights."""
    row = _get(work, alarm_id)
    person = next((each for each in identity.list_users(work) if each.id == user_id and each.active), None)
    if person is None or not may(identity.actor_of(person), Permission.INSIGHTS):
        wrong = _("Choose a person who sees insights.")
        raise InvalidInputError(wrong, remedy=wrong, fields={"owner": wrong})
    before = _told(row)
    row.owner_id = person.id
    audit.record(work, "alarm.owner", _thing(row), before=before, after=_told(row))
    notices.raise_for(
        work, [person.id], "alarm", row.title, f"/insights/alarms/{row.id}", about=("alarm", row.id),
        key=f"alarm:{row.id}",
    )  # fmt: skip


def link_cause(work: Work, alarm_id: int, cause: CauseRow) -> None:
    """Say that this caused it; said again, nothing changes. ForbiddenError for anybody but a person."""
    if not work.actor.is_person:
        raise ForbiddenError(_("Only a person can say what caused it."), remedy=_("Sign in."))
    row, words = _get(work, alarm_id), cause.words.strip()
    if not words or len(words) > LONGEST:
        missing = _("Name what caused it.")
        raise InvalidInputError(missing, remedy=missing, fields={"words": missing})
    known = select(AlarmCause.id).where(
        AlarmCause.alarm_id == row.id, AlarmCause.kind == cause.kind, AlarmCause.key == cause.key
    )
    if work.session.scalar(known) is not None:
        return
    work.session.add(
        AlarmCause(
            alarm_id=row.id, kind=CauseKind(cause.kind), key=cause.key[:200], words=words, at=cause.at,
            user_id=work.actor.user_id, chosen_at=work.now(),
        )
    )  # fmt: skip
    work.session.flush()
    audit.record(work, "alarm.link", _thing(row), before={"cause": None}, after={"cause": words, "kind": cause.kind})


def unlink_cause(work: Work, alarm_id: int, cause_id: int) -> None:
    """Take a cause away again."""
    row, cause = _get(work, alarm_id), work.session.get(AlarmCause, cause_id)
    if cause is None or cause.alarm_id != row.id:
        raise NotFoundError(_("This is none of its causes."))
    work.session.delete(cause)
    before = {"cause": cause.words, "kind": cause.kind}
    audit.record(work, "alarm.unlink", _thing(row), before=before, after={"cause": None})


def improve_from(work: Work, alarm_id: int, *, title: str, definition_key: str = "") -> int:
    """Propose an improvement because of it; gives its id. InvalidInputError with `fields`, as for any other one."""
    row = _get(work, alarm_id)
    draft = ImprovementDraft(
        definition_key=row.definition_key or definition_key, title=title, element=row.element,
        description=f"{row.title}. {row.says}", owner_id=row.owner_id,
    )  # fmt: skip
    before = {"improvement": row.improvement_id}
    opened_from = OpenedFrom(Origin.ALARM, str(row.id), row.title)
    row.improvement_id = improvements.propose(work, draft, opened_from=opened_from, voices=voices_of(work, row))
    audit.record(work, "alarm.improve", _thing(row), before=before, after={"improvement": row.improvement_id})
    return row.improvement_id


def voices_of(work: Work, row: Alarm) -> list[int]:
    """The items of all its periods, that the series counts; of waiting, what was said by those who waited there.

    An alarm of complaints freezes the complaints, one of the negative share what was read as negative.
    """
    subject = Subject(row.measure, row.definition_key, row.element, row.theme_id)
    found = items_between(work, subject, row.first_day, row.last_day, limit=MOST_FROZEN)
    if row.measure is Watched.NEGATIVE:
        return [each.item_id for each in found if each.is_negative]
    return [each.item_id for each in found]


def _told(row: Alarm) -> dict[str, str | int | None]:
    return {"status": row.status, "owner": row.owner_id, "reason": row.reason}


def _get(work: Work, alarm_id: int) -> Alarm:
    row = work.session.get(Alarm, alarm_id)
    if row is None:
        raise NotFoundError(_("There is no alarm %(number)s.") % {"number": alarm_id})
    return row


def _thing(row: Alarm) -> audit.Thing:
    return audit.Thing("alarm", row.id, row.title)
