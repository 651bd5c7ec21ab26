"""How long after the end of a case what its customer says counts as said after it: by process, else the setting."""

from datetime import timedelta

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ProcessDefinition
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.processes.models import SaidAfterWindow

LONGEST_DAYS = 365


def said_after_windows(work: Work) -> dict[str, timedelta]:
    """{process: its own window}, of those that have one."""
    rows = work.session.execute(select(SaidAfterWindow.definition_key, SaidAfterWindow.days))
    return {row.definition_key: timedelta(days=row.days) for row in rows}


def said_after_days(work: Work, key: str) -> tuple[int, bool]:
    """(days of the process, whether they are its own)."""
    own = work.session.get(SaidAfterWindow, key)
    return (own.days, True) if own is not None else (work.settings.said_after_days, False)


def set_said_after(work: Work, key: str, days: int | None) -> None:
    """Let a process have a window of its own, from now on; None: the setting holds for it again.

    Links that are there stay as they are. For managers; InvalidInputError with `fields`, NotFoundError.
    """
    demand(work.actor, Permission.SIGN)
    definition = work.session.scalar(select(ProcessDefinition).where(ProcessDefinition.key == key))
    if definition is None:
        raise NotFoundError(_("There is no process %(key)s.") % {"key": key})
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        say = _("Write from 1 to %(most)s days.") % {"most": LONGEST_DAYS}
        raise InvalidInputError(_("Nothing was changed."), remedy=say, fields={"days": say})
    row = work.session.get(SaidAfterWindow, key)
    before = row.days if row is not None else None
    if days is None and row is not None:
        work.session.delete(row)
    elif days is not None:
        row = row or SaidAfterWindow(definition_key=key)
        row.days, row.user_id, row.at = days, work.actor.user_id, work.now()
        work.session.add(row)
    thing = audit.Thing("process", definition.id, definition.name)
    audit.record(work, "process.said_after", thing, before={"days": before}, after={"days": days})
