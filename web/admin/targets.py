"""Service targets: how much working time tasks have, for a process, one of its activities, or a group."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import request
from werkzeug.wrappers import Response

from bpm import calendars, identity
from bpm.calendars import Calendar
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work
from bpm.identity import Permission
from web.admin.blueprint import blueprint
from web.core.rendering import go, render, say
from web.core.request_context import work
from web.core.security import needs

_FOR_PEOPLE = frozenset({"userTask", "manualTask", "task"})
_TARGET = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?")


@dataclass(frozen=True)
class ProcessRow:
    key: str
    name: str
    target: str
    """Of all its tasks, in words; empty for none."""
    others: int
    """Targets of single activities and groups."""


@dataclass(frozen=True)
class TargetRow:
    """A target that there is or could be."""

    field: str
    """Name of its input, before `-hours` and `-minutes`."""
    label: str
    hours: str
    minutes: str
    due: str
    """When a task that begins now would be due, by the clock of who works on it; empty without a target."""


@dataclass(frozen=True)
class TargetsPage:
    rows: tuple[ProcessRow, ...]


@dataclass(frozen=True)
class ProcessTargetsPage:
    key: str
    name: str
    whole: TargetRow
    elements: tuple[TargetRow, ...]
    groups: tuple[TargetRow, ...]


@blueprint.get("/service-targets")
@needs(Permission.ADMIN)
def targets() -> str:
    rows = tuple(_process_row(work(), each.key, each.name) for each in queries.list_definitions(work()))
    return render("admin/targets.html", TargetsPage(rows))


def _process_row(unit: Work, key: str, name: str) -> ProcessRow:
    found = engine.get_service_targets(unit, key)
    return ProcessRow(key, name, _in_words(found.get("", "")), len(set(found) - {""}))


def _in_words(target: str) -> str:
    hours, minutes = _split(target)
    told = (_("%(number)s h") % {"number": hours} if hours else "", _("%(number)s min") % {"number": minutes})
    return " ".join(told if minutes else told[:1])


def _split(target: str) -> tuple[str, str]:
    found = _TARGET.fullmatch(target)
    return (found[1] or "", found[2] or "") if found else ("", "")


@blueprint.get("/service-targets/<key>")
@needs(Permission.ADMIN)
def process_targets(key: str) -> str:
    unit = work()
    definition = queries.get_definition(unit, key)
    kept = engine.get_service_targets(unit, key)
    groups = {group.key: group.name for group in identity.list_groups(unit)}
    hours = calendars.calendars_of(unit, {None, *groups})
    rows = [
        (kind, _row(whose, label, kept.get(whose, ""), calendar=hours[group or None], unit=unit))
        for whose, (kind, label, group) in _every(unit, key, groups).items()
    ]
    return render(
        "admin/process_targets.html",
        ProcessTargetsPage(
            key=key,
            name=definition.name,
            whole=next(row for kind, row in rows if kind == ""),
            elements=tuple(row for kind, row in rows if kind == "element"),
            groups=tuple(row for kind, row in rows if kind == "group"),
        ),
    )


def _every(unit: Work, key: str, groups: Mapping[str, str]) -> dict[str, tuple[str, str, str]]:
    """{whose target it can be: (kind, label, group)}, in order."""
    version = queries.find_base_version(unit, key)
    tasks = [each for each in version.elements if each["type"] in _FOR_PEOPLE] if version else []
    return {
        engine.key_of(): ("", _("All tasks of this process"), ""),
        **{engine.key_of(each["id"]): ("element", each["name"] or each["id"], "") for each in tasks},
        **{engine.key_of(group=group): ("group", name, group) for group, name in groups.items()},
    }


def _row(whose: str, label: str, target: str, *, calendar: Calendar, unit: Work) -> TargetRow:
    hours, minutes = _split(target)
    due = ""
    if target:
        given = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        due = f"{calendars.add(calendar, unit.now(), given).astimezone(ZoneInfo(calendar.zone)):%Y-%m-%d %H:%M %Z}"
    return TargetRow(whose, label, hours, minutes, due)


@blueprint.post("/service-targets/<key>")
@needs(Permission.ADMIN, proof=True)
def set_targets(key: str) -> Response:
    """Fields `<whose>-hours` and `<whose>-minutes`; both empty: none."""
    unit, changed = work(), 0
    kept = engine.get_service_targets(unit, key)
    for whose in {name.rpartition("-")[0] for name in request.form if name.endswith(("-hours", "-minutes"))}:
        target = _sent(whose)
        kind, _space, name = whose.partition(" ")
        if target != (kept.get(whose) or None) and kind in {"", "element", "group"}:
            engine.set_service_target(unit, key, target, **({kind: name} if kind else {}))
            changed += 1
    say(
        ngettext("%(num)s target changed.", "%(num)s targets changed.", changed) % {"num": changed}
        if changed
        else _("Nothing was changed.")
    )
    return go("admin.process_targets", key=key)


def _sent(whose: str) -> str | None:
    hours, minutes = (request.form.get(f"{whose}-{part}", "").strip() or "0" for part in ("hours", "minutes"))
    if not (hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()):
        raise InvalidInputError(_("Hours and minutes are whole numbers."), remedy=_("Nothing was changed."))
    told = (f"{int(hours)}H" if int(hours) else "") + (f"{int(minutes)}M" if int(minutes) else "")
    return f"PT{told}" if told else None
