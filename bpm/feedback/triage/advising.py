"""Where to speak about what is how complex and how sensitive: a table that people change, in versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bpm import audit
from bpm.feedback.care import Complexity, Sensitivity
from bpm.feedback.models import ChannelAdvice
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.identity.models import User

Cells = Mapping[str, Mapping[str, str]]

CHANNELS: Mapping[str, str] = {
    "social": _("in public, where it was said"),
    "email": _("by mail or on the web"),
    "chat": _("by chat"),
    "call": _("by phone"),
    "in_person": _("face to face"),
}
"""Channel -> its words; what is said in public is never personal."""
SEED: Cells = {
    Complexity.SIMPLE: {Sensitivity.OPEN: "email", Sensitivity.PERSONAL: "email", Sensitivity.DELICATE: "call"},
    Complexity.HARDER: {Sensitivity.OPEN: "call", Sensitivity.PERSONAL: "call", Sensitivity.DELICATE: "call"},
    Complexity.DIFFICULT: {Sensitivity.OPEN: "call", Sensitivity.PERSONAL: "call", Sensitivity.DELICATE: "in_person"},
}
"""Complexity -> sensitivity -> channel, until somebody decides otherwise: what most people preferred in `SOURCE`."""
SOURCE = _(
    "American Express and Echo survey: where people want to be served, from simple over more complex to difficult "
    "matters. It is more than ten years old: change the table where your customers tell you otherwise."
)
REFERENCE: tuple[tuple[str, tuple[int | None, int | None, int | None]], ...] = (
    (_("web or mail"), (38, 15, None)),
    (_("phone"), (16, 38, 46)),
    (_("face to face"), (11, 24, 30)),
    (_("social"), (7, None, 3)),
)
"""Channel -> per cent who prefer it for simple, harder and difficult matters; None: the source does not say."""


@dataclass(frozen=True)
class AdviceTable:
    """A version of the table; number 0 is the one that is shipped."""

    number: int
    cells: Cells
    reason: str = ""
    by: str = ""
    at: datetime | None = None


def advice_table(work: Work) -> AdviceTable:
    """The one that counts now."""
    return next(iter(advice_versions(work, limit=1)))


def advice_versions(work: Work, *, limit: int = 20) -> list[AdviceTable]:
    """The newest first, the shipped one last."""
    rows = work.session.execute(
        select(ChannelAdvice, User.display_name)
        .join(User, User.id == ChannelAdvice.user_id)
        .order_by(ChannelAdvice.id.desc())
        .limit(limit)
    )
    return [*(AdviceTable(row.id, row.cells, row.reason, name, row.at) for row, name in rows), AdviceTable(0, SEED)]


def advised(cells: Cells, complexity: str | None, sensitivity: str | None) -> str:
    """The channel for that, empty where either is not known; pure."""
    return cells.get(complexity or "", {}).get(sensitivity or "", "")


def change_advice(work: Work, cells: Cells, *, reason: str) -> int:
    """Make a new version of the table; gives its number.

    ForbiddenError unless a person acts. InvalidInputError without a reason, for a table with a hole in it or an unknown
    channel, and where something personal would be spoken about in public.
    """
    demand(work.actor, Permission.ANSWER)
    if work.actor.user_id is None:
        raise ForbiddenError(_("Only a person can change the table."), remedy=_("Sign in."))
    columns = [str(each) for each in Sensitivity]
    table = {str(row): {each: cells.get(row, {}).get(each, "") for each in columns} for row in Complexity}
    if not reason.strip():
        raise InvalidInputError(_("The table was not changed."), remedy=_("Say why it is changed."))
    for row in table.values():
        if not set(row.values()) <= set(CHANNELS):
            raise InvalidInputError(_("The table was not changed."), remedy=_("Choose a channel in each field."))
        if "social" in (row[Sensitivity.PERSONAL], row[Sensitivity.DELICATE]):
            raise InvalidInputError(
                _("The table was not changed."), remedy=_("What is personal is not spoken about in public.")
            )
    before = advice_table(work)
    made = ChannelAdvice(cells=table, reason=reason.strip()[:1000], user_id=work.actor.user_id, at=work.now())
    work.session.add(made)
    work.session.flush()
    thing = audit.Thing("channel_advice", made.id, f"Channel advice, version {made.id}")
    audit.record(
        work, "channel_advice.change", thing, before={"version": before.number, "cells": _plain(before.cells)},
        after={"version": made.id, "cells": table}, reason=reason,
    )  # fmt: skip
    work.nudge("advice")
    return made.id


def _plain(cells: Cells) -> dict[str, dict[str, str]]:
    return {str(row): {str(column): channel for column, channel in columns.items()} for row, columns in cells.items()}
