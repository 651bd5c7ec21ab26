"""Answer targets: in how much working time an answer, the next one and a settlement are wanted."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.feedback import CHANNELS, clocks
from bpm.feedback.clocks import TargetKey
from bpm.feedback.status import ClockKind
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from web.admin.blueprint import blueprint
from web.core.rendering import go, render, say
from web.core.request_context import work
from web.core.security import needs

CLOCKS = (
    (ClockKind.FIRST, _("First answer")),
    (ClockKind.NEXT, _("Next answer")),
    (ClockKind.RESOLUTION, _("Settlement")),
)


@dataclass(frozen=True)
class Cell:
    """One target: the name of its inputs, before `-hours` and `-minutes`."""

    field: str
    label: str
    hours: str
    minutes: str


@dataclass(frozen=True)
class Row:
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class AnswerTargetsPage:
    """What admin/answer_targets.html shows."""

    heads: tuple[str, ...]
    channels: tuple[Row, ...]
    urgencies: tuple[Row, ...]
    groups: tuple[Row, ...]
    is_shipped: bool


@blueprint.get("/answer-targets")
@needs(Permission.ADMIN)
def answer_targets() -> str:
    kept = clocks.get_targets(work())
    rows = [(part, label, [(clock, _key(clock, part, value)) for clock, _label in CLOCKS])
            for part, value, label in _every(work())]  # fmt: skip
    drawn = [(part, Row(label, tuple(_cell(key, label, dict(CLOCKS)[clock], kept) for clock, key in keys)))
             for part, label, keys in rows]  # fmt: skip
    return render(
        "admin/answer_targets.html",
        AnswerTargetsPage(
            heads=tuple(label for _clock, label in CLOCKS),
            channels=tuple(row for part, row in drawn if part == "channel"),
            urgencies=tuple(row for part, row in drawn if part == "urgency"),
            groups=tuple(row for part, row in drawn if part == "group"),
            is_shipped=kept is clocks.SHIPPED,
        ),
    )


def _every(unit: Work) -> Iterator[tuple[str, str, str]]:
    """(part, value, label) of whatever can have targets."""
    yield "channel", "", _("Any channel")
    yield from (("channel", channel, channel) for channel in CHANNELS)
    for level, label in (("3", _("urgent")), ("2", _("high urgency")), ("1", _("low urgency"))):
        yield "urgency", level, label
    yield from (("group", group.key, group.name) for group in identity.list_groups(unit))


def _key(clock: ClockKind, part: str, value: str) -> TargetKey:
    return TargetKey(
        clock,
        value if part == "channel" else "",
        int(value) if part == "urgency" else None,
        value if part == "group" else "",
    )


def _cell(key: TargetKey, row: str, head: str, kept: clocks.Targets) -> Cell:
    minutes = kept.get(key)
    hours, rest = ("", "") if minutes is None else (str(minutes // 60), str(minutes % 60))
    return Cell(_name(key), f"{row}, {head}", hours, rest)


def _name(key: TargetKey) -> str:
    return "/".join((str(key.clock), key.channel, "" if key.urgency is None else str(key.urgency), key.group))


@blueprint.post("/answer-targets")
@needs(Permission.ADMIN, proof=True)
def set_answer_targets() -> Response:
    """Fields `<clock>/<channel>/<urgency>/<group>-hours` and `-minutes`; both empty: what else holds; 0: none."""
    unit = work()
    targets = {}
    for part, value, _label in _every(unit):
        for clock, _head in CLOCKS:
            key = _key(clock, part, value)
            minutes = _sent(_name(key))
            if minutes is not None:
                targets[key] = minutes
    clocks.save_targets(unit, targets)
    say(_("Saved. Clocks that run are worked out anew."))
    return go("admin.answer_targets")


def _sent(name: str) -> int | None:
    hours, minutes = (request.form.get(f"{name}-{part}", "").strip() for part in ("hours", "minutes"))
    if not hours and not minutes:
        return None
    if not all(each.isascii() and each.isdigit() and len(each) < 6 for each in (hours or "0", minutes or "0")):
        raise InvalidInputError(_("Hours and minutes are whole numbers."), remedy=_("Nothing was changed."))
    return int(hours or "0") * 60 + int(minutes or "0")
