"""Kinds of change, as people name them, and what became of each: “second reminders: 2 improved, 5 not shown”."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select

from bpm import audit
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.verdicts.models import ChangePattern, VerdictLook, VerdictPlan
from bpm.processes.verdicts.status import LookKind, PlanState, Said

LONGEST_NAME = 120
_ENDED = (PlanState.READ, PlanState.DECIDED)


@dataclass(frozen=True)
class Known:
    """What was found of one kind of change; `weak` of its verdicts rest on before and after alone."""

    pattern_id: int
    name: str
    counts: Mapping[str, int] = field(default_factory=dict)
    """{word of a verdict: how often}, of plans whose reading has ended."""
    under_way: int = 0
    retired: bool = False

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    @property
    def words(self) -> str:
        """In words, worst and best named alike."""
        told = [f"{self.counts[word]} {word}" for word in (str(each) for each in Said) if self.counts.get(word)]
        told += [_("%(n)s under way") % {"n": self.under_way}] if self.under_way else []
        return ", ".join(told) or _("never tried")


def library(work: Work, *, retired: bool = False) -> list[Known]:
    """Every kind of change with what became of it, those tried most often first."""
    patterns = work.session.scalars(select(ChangePattern).order_by(ChangePattern.name)).all()
    counts, running = _counts(work)
    found = [
        Known(each.id, each.name, counts[each.id], running[each.id], each.retired_at is not None)
        for each in patterns
        if retired or each.retired_at is None
    ]
    return sorted(found, key=lambda each: (-each.n, -each.under_way, each.name))


def _counts(work: Work) -> tuple[dict[int, Counter[str]], Counter[int]]:
    """({pattern: words of ended plans}, {pattern: plans under way})."""
    newest = (
        select(VerdictLook.plan_id, func.max(VerdictLook.number).label("number"))
        .where(VerdictLook.kind == LookKind.PLANNED)
        .group_by(VerdictLook.plan_id)
        .subquery()
    )
    rows = work.session.execute(
        select(VerdictPlan.pattern_id, VerdictPlan.state, VerdictLook.verdict)
        .outerjoin(newest, newest.c.plan_id == VerdictPlan.id)
        .outerjoin(
            VerdictLook,
            (VerdictLook.plan_id == VerdictPlan.id)
            & (VerdictLook.number == newest.c.number)
            & (VerdictLook.kind == LookKind.PLANNED),
        )
        .where(VerdictPlan.pattern_id.is_not(None), VerdictPlan.state != PlanState.WITHDRAWN)
    )
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    running: Counter[int] = Counter()
    for pattern_id, state, word in rows:
        if pattern_id is None:
            continue
        if state in _ENDED and word is not None:
            counts[pattern_id][str(word)] += 1
        else:
            running[pattern_id] += 1
    return counts, running


def name_pattern(work: Work, name: str) -> int:
    """The kind of change of that name, made where it is new; its id. InvalidInputError for none."""
    wanted = _named(name)
    known = _find(work, wanted)
    if known is not None:
        return known.id
    row = ChangePattern(name=wanted, made_by=work.actor.user_id, made_at=work.now())
    work.session.add(row)
    work.session.flush()
    audit.record(work, "change_pattern.make", _thing(row), after={"name": wanted})
    return row.id


def rename_pattern(work: Work, pattern_id: int, name: str) -> None:
    """ConflictError where another one has that name."""
    row, wanted = _get(work, pattern_id), _named(name)
    known = _find(work, wanted)
    if known is not None and known.id != row.id:
        raise ConflictError(_("There is one of that name."), remedy=_("Choose another name."))
    before, row.name = row.name, wanted
    audit.record(work, "change_pattern.change", _thing(row), before={"name": before}, after={"name": wanted})


def retire_pattern(work: Work, pattern_id: int) -> None:
    """Offer it no longer, or again; what was found stays."""
    row = _get(work, pattern_id)
    was = row.retired_at is not None
    row.retired_at = None if was else work.now()
    audit.record(work, "change_pattern.change", _thing(row), before={"retired": was}, after={"retired": not was})


def _named(name: str) -> str:
    wanted = " ".join(name.split())
    if not 0 < len(wanted) <= LONGEST_NAME:
        words = _("Name the kind of change in a few words.")
        raise InvalidInputError(words, remedy=words, fields={"pattern": words})
    return wanted


def _find(work: Work, name: str) -> ChangePattern | None:
    return work.session.scalar(select(ChangePattern).where(func.lower(ChangePattern.name) == name.lower()))


def _get(work: Work, pattern_id: int) -> ChangePattern:
    row = work.session.get(ChangePattern, pattern_id)
    if row is None:
        raise NotFoundError(_("There is no kind of change %(number)s.") % {"number": pattern_id})
    return row


def _thing(row: ChangePattern) -> audit.Thing:
    return audit.Thing("kind of change", row.id, row.name)
