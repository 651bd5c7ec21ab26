"""Measures that steer somebody: each with a stated purpose and with evidence that a better figure is better.

Numbers of likes and followers are off: they are no measures of this product, and become one of anybody's KPIs only
where somebody writes down why, and what shows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bpm import audit
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.measures.catalogue import MEASURES
from bpm.processes.reports.models import Kpi

OFF: Mapping[str, str] = {"likes": _("Likes"), "followers": _("Followers"), "shares": _("Times passed on")}
"""Numbers that sources tell and that nobody showed to mean anything for customers."""
SHORTEST = 20
"""Characters of a purpose, and of its evidence: a word is none."""


@dataclass(frozen=True)
class KpiRow:
    """A measure that steers somebody."""

    id: int
    measure: str
    title: str
    purpose: str
    evidence: str
    owner: str
    made_at: datetime


def list_kpis(work: Work) -> tuple[KpiRow, ...]:
    """Those that hold, by when they were made."""
    rows = work.session.execute(
        select(Kpi, User.display_name)
        .join(User, User.id == Kpi.owner_id)
        .where(Kpi.ended_at.is_(None))
        .order_by(Kpi.id)
    )
    return tuple(
        KpiRow(row.id, row.measure, title_of(row.measure), row.purpose, row.evidence, owner, row.made_at)
        for row, owner in rows
    )


def title_of(name: str) -> str:
    """What people call it."""
    measure = MEASURES.get(name)
    return measure.title if measure else OFF.get(name, name)


def make_kpi(work: Work, name: str, *, purpose: str, evidence: str) -> int:
    """Let a measure steer; its maker owns it. InvalidInputError by field without a purpose, or without evidence."""
    purpose, evidence = " ".join(purpose.split()), " ".join(evidence.split())
    if name not in MEASURES and name not in OFF:
        problem = _("There is no measure “%(name)s”.") % {"name": name}
        raise InvalidInputError(problem, remedy=_("Choose one of the list."), fields={"measure": problem})
    title = title_of(name)
    if len(purpose) < SHORTEST:
        problem = _("“%(title)s” is no KPI without a purpose.") % {"title": title}
        remedy = _("Say which decision it serves, in a sentence.")
        raise InvalidInputError(problem, remedy=remedy, fields={"purpose": problem})
    if len(evidence) < SHORTEST:
        problem = _("“%(title)s” is no KPI without evidence that a better figure is better for customers.")
        problem = problem % {"title": title}
        remedy = _("Name the study, the verdict or the figures that show it.")
        raise InvalidInputError(problem, remedy=remedy, fields={"evidence": problem})
    if work.actor.user_id is None:
        raise ForbiddenError(_("A KPI has a person who owns it."), remedy=_("Sign in."))
    if any(row.measure == name for row in list_kpis(work)):
        raise ConflictError(_("“%(title)s” is a KPI already.") % {"title": title}, remedy=_("End that one first."))
    row = Kpi(measure=name, purpose=purpose, evidence=evidence, owner_id=work.actor.user_id, made_at=work.now())
    work.session.add(row)
    work.session.flush()
    after = {"measure": name, "purpose": purpose, "evidence": evidence}
    audit.record(work, "kpi.make", audit.Thing("kpi", row.id, title), before=dict.fromkeys(after), after=after)
    return row.id


def end_kpi(work: Work, kpi_id: int) -> None:
    """It steers nobody any more; it stays on record."""
    row = work.session.get(Kpi, kpi_id)
    if row is None or row.ended_at is not None:
        raise NotFoundError(_("There is no such KPI."), remedy=_("Choose one of the list."))
    row.ended_at = work.now()
    thing = audit.Thing("kpi", row.id, title_of(row.measure))
    audit.record(work, "kpi.end", thing, before={"measure": row.measure}, after={"measure": None})
