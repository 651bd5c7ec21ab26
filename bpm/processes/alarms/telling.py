"""Who is told of an alarm: whoever owns it, else everybody who sees insights; several of one look are one notice."""

from sqlalchemy import select

from bpm import identity, notices
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.notices import Many
from bpm.processes.alarms.models import Alarm, AlarmLook

LIST = "/insights/alarms"


def tell_of_new(work: Work, look: AlarmLook) -> None:
    """Tell of the alarms that nobody was told of and that still go on."""
    fresh = work.session.scalars(select(Alarm).where(Alarm.calm_day.is_(None), Alarm.told_at.is_(None))).all()
    many = Many(_("%(n)s alarms: measures left what is usual") % {"n": len(fresh)}, LIST)
    for alarm in fresh:
        people = [alarm.owner_id] if alarm.owner_id else managers(work)
        notices.raise_for(
            work, people, "alarm", alarm.title, f"{LIST}/{alarm.id}", about=("alarm", alarm.id),
            key=f"alarms:{look.day.isoformat()}", many=many,
        )  # fmt: skip
        alarm.told_at = work.now()


def managers(work: Work) -> list[int]:
    """Everybody who sees insights."""
    people = identity.list_users(work)
    return [user.id for user in people if user.active and may(identity.actor_of(user), Permission.INSIGHTS)]
