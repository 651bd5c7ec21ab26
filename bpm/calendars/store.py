"""Calendars as they are kept: made and changed by administrators, given to groups, looked up by group."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import delete, select

from bpm import audit
from bpm.calendars.calendar import ALWAYS, Calendar, demand_usable, from_plain, to_plain
from bpm.calendars.models import BusinessCalendar, CalendarOfGroup
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

LONGEST_NAME = 200
"""Characters."""
EVERYBODY = ""
"""Key that stands for all groups without a calendar of their own."""


@dataclass(frozen=True)
class NamedCalendar:
    """A calendar with its name and the groups (their keys) that work by it."""

    id: int
    name: str
    calendar: Calendar
    groups: tuple[str, ...]


def list_calendars(work: Work) -> tuple[NamedCalendar, ...]:
    """All calendars by name."""
    groups: dict[int, list[str]] = {}
    for row in work.session.execute(select(CalendarOfGroup.group_key, CalendarOfGroup.calendar_id)):
        groups.setdefault(row.calendar_id, []).append(row.group_key)
    rows = work.session.scalars(select(BusinessCalendar).order_by(BusinessCalendar.name))
    return tuple(
        NamedCalendar(row.id, row.name, from_plain(row.definition), tuple(sorted(groups.get(row.id, ()))))
        for row in rows
    )


def get_calendar(work: Work, calendar_id: int) -> NamedCalendar:
    """One of them, or NotFoundError."""
    found = next((each for each in list_calendars(work) if each.id == calendar_id), None)
    if found is None:
        raise NotFoundError(_("There is no such calendar."))
    return found


def calendars_of(work: Work, groups: Collection[str | None]) -> Mapping[str | None, Calendar]:
    """{group key: the calendar it works by}; None stands for work that is offered to everybody."""
    wanted = {EVERYBODY, *(each or EVERYBODY for each in groups)}
    query = (
        select(CalendarOfGroup.group_key, BusinessCalendar.definition)
        .join(BusinessCalendar, BusinessCalendar.id == CalendarOfGroup.calendar_id)
        .where(CalendarOfGroup.group_key.in_(sorted(wanted)))
    )
    found = {row.group_key: _read(orjson.dumps(row.definition)) for row in work.session.execute(query)}
    usual = found.get(EVERYBODY, ALWAYS)
    return {each: found.get(each or EVERYBODY, usual) for each in groups}


def company_calendar(work: Work) -> Calendar:
    """By which everybody works whose group has none of its own; asked once in a transaction."""
    return work.once(calendars_of, (None,))[None]


@lru_cache(maxsize=64)
def _read(definition: bytes) -> Calendar:
    return from_plain(orjson.loads(definition))


def save_calendar(
    work: Work, name: str, calendar: Calendar, *, groups: Collection[str] = (), calendar_id: int | None = None
) -> int:
    """Make or change a calendar and give it to `groups`, which leave the one they had; gives its id.

    Due dates that stand already stay. Raises InvalidInputError, NotFoundError, ConflictError for a taken name.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInputError(_("A calendar needs a name."), remedy=_("Name it."), fields={"name": _("Name it.")})
    demand_usable(calendar)
    taken = select(BusinessCalendar.id).where(BusinessCalendar.name == name, BusinessCalendar.id != (calendar_id or 0))
    if work.session.scalar(taken) is not None:
        raise ConflictError(_("Another calendar has this name."), remedy=_("Choose another name."))
    before = get_calendar(work, calendar_id) if calendar_id else None
    row = work.session.get_one(BusinessCalendar, calendar_id) if calendar_id else BusinessCalendar()
    row.name, row.definition = name, to_plain(calendar)
    work.session.add(row)
    work.session.flush()
    _give(work, row.id, groups)
    told = _told(before.name, before.calendar, before.groups) if before else None
    audit.record(work, "calendar.save", _thing(row.id, name), before=told, after=_told(name, calendar, groups))
    return row.id


def _give(work: Work, calendar_id: int, groups: Collection[str]) -> None:
    leaving = (CalendarOfGroup.calendar_id == calendar_id) | CalendarOfGroup.group_key.in_(sorted(groups))
    work.session.execute(delete(CalendarOfGroup).where(leaving))
    work.session.add_all(CalendarOfGroup(group_key=key, calendar_id=calendar_id) for key in sorted(set(groups)))
    work.session.flush()


def remove_calendar(work: Work, calendar_id: int) -> str:
    """Take a calendar away; its groups then work by the usual one. Gives its name."""
    found = get_calendar(work, calendar_id)
    work.session.execute(delete(CalendarOfGroup).where(CalendarOfGroup.calendar_id == calendar_id))
    work.session.execute(delete(BusinessCalendar).where(BusinessCalendar.id == calendar_id))
    told = _told(found.name, found.calendar, found.groups)
    audit.record(work, "calendar.remove", _thing(calendar_id, found.name), before=told)
    return found.name


def _thing(calendar_id: int, name: str) -> audit.Thing:
    return audit.Thing("calendar", calendar_id, name)


def _told(name: str, calendar: Calendar, groups: Collection[str]) -> dict[str, Any]:
    return {"name": name, "groups": sorted(groups), **to_plain(calendar)}
