"""What an item's page shows of hand-overs: who has it, what came back, and to whom it can go."""

from dataclasses import dataclass

from bpm import identity
from bpm.engine import queries as engine_queries
from bpm.feedback import Taker
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.processes import handing_over
from bpm.processes.goodwill import APPROVAL
from bpm.processes.handing_over import HANDED_OVER, HandedOver, OpenWork

OUTCOMES = {
    "done": _("done"), "answered": _("here is the answer"), "not_possible": _("cannot be done"),
    "ask_customer": _("needs to know more from the customer"), "not_ours": _("belongs to somebody else"),
}  # fmt: skip
"""Outcome of the shipped form -> how it is read; others are read as they are."""


@dataclass(frozen=True)
class HandOverPart:
    """Hand-overs of one item, what is open below it, and who could get it."""

    all: tuple[HandedOver, ...]
    open: tuple[OpenWork, ...]
    ending: str
    """engaged, distributed, or nothing while the item is open."""
    people: tuple[tuple[str, str], ...]
    """(user name, name)"""
    processes: tuple[tuple[str, str], ...]
    """(key, name) of those that are live."""
    outcomes: dict[str, str]

    @property
    def is_with_somebody(self) -> bool:
        return any(each.is_hand_over for each in self.open)


def hand_over_part(unit: Work, item_id: int) -> HandOverPart:
    """All of it; who could get it only for those who may hand over."""
    chooses = may(unit.actor, Permission.ANSWER)
    return HandOverPart(
        all=handing_over.handed_over(unit, item_id),
        open=handing_over.open_below(unit, item_id),
        ending=handing_over.ending_of(unit, item_id) or "",
        people=_people(unit) if chooses else (),
        processes=_processes(unit) if chooses else (),
        outcomes=OUTCOMES,
    )


def _people(unit: Work) -> tuple[tuple[str, str], ...]:
    users = (user for user in identity.list_users(unit) if user.active and user.id != unit.actor.user_id)
    working = (user for user in users if may(identity.actor_of(user), Permission.WORK))
    return tuple((user.username, user.display_name) for user in working)


def _processes(unit: Work) -> tuple[tuple[str, str], ...]:
    rows = engine_queries.list_definitions(unit)
    return tuple(
        (row.key, row.name)
        for row in rows
        if row.live_version_id is not None and row.key not in (HANDED_OVER, APPROVAL)
    )


def takers_from(unit: Work, chosen: list[str]) -> tuple[Taker, ...]:
    """Values of the form, as `group:it`, `person:olga`, `process:returns`; InvalidInputError for anything else."""
    found = []
    for value in chosen:
        kind, _colon, key = value.partition(":")
        if not key:
            continue
        if kind == "group":
            found.append(Taker(group_key=key))
        elif kind == "person":
            found.append(Taker(user_id=identity.find_user(unit, key).id))
        elif kind == "process":
            found.append(Taker(process_key=key))
        else:
            choose = _("Choose who gets it.")
            raise InvalidInputError(_("Nobody was chosen."), remedy=choose, fields={"to": choose})
    return tuple(found)
