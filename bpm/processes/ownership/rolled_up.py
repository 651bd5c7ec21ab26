"""All functions at once: for each process its owners, what customers lived through, what is promised and changed."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bpm.engine.models import ProcessDefinition
from bpm.feedback.models import Promise
from bpm.feedback.status import PromiseStatus
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.processes.measures.asking import Question, Row, answers, book_of_all
from bpm.processes.measures.rollups import Changed
from bpm.processes.models import Improvement
from bpm.processes.ownership.goals import GoalRow, list_goals
from bpm.processes.ownership.owners import Owners, list_owners

MEASURED = ("negative_share", "complaints_per_100", "first_answer", "promises_kept", "rework", "recontact_7d")
"""What a person who answers for all functions reads of each process."""


@dataclass(frozen=True)
class ProcessLine:
    """One process that is live."""

    key: str
    name: str
    owners: Owners
    figures: tuple[Row | None, ...]
    """One for each of `MEASURED`."""
    goals: tuple[GoalRow, ...]
    improvements: tuple[tuple[str, int], ...]
    """(state, number)"""


@dataclass(frozen=True)
class RolledUp:
    """What stands over all processes."""

    lines: tuple[ProcessLine, ...]
    company: tuple[GoalRow, ...]
    """Goals of the company as a whole."""
    promises_broken: int
    """In the period, to customers."""
    promises_open: int
    improvements: tuple[tuple[str, int], ...]


def roll_up(work: Work, *, since: datetime, until: datetime) -> RolledUp:
    """For whoever may see all functions at once. Nothing is added up over processes but counts of things."""
    demand(work.actor, Permission.ROLL_UP)
    owners = {each.key: each for each in list_owners(work)}
    book = book_of_all(work)
    goals = list_goals(work, book=book)
    states: dict[str, Counter[str]] = {}
    counted = select(Improvement.definition_key, Improvement.status, func.count()).group_by(
        Improvement.definition_key, Improvement.status
    )
    for key, status, number in work.session.execute(counted):
        states.setdefault(key, Counter())[str(status)] += number
    live = work.session.execute(
        select(ProcessDefinition.key, ProcessDefinition.name)
        .where(ProcessDefinition.live_version_id.is_not(None))
        .order_by(ProcessDefinition.name, ProcessDefinition.key)
    ).all()
    promises = dict[str, int]()
    for state, number in work.session.execute(
        select(Promise.status, func.count())
        .where(Promise.until_at >= since, Promise.until_at < until)
        .group_by(Promise.status)
    ):
        promises[str(state)] = number
    return RolledUp(
        lines=tuple(
            ProcessLine(
                key, name, owners[key], _figures(work, Question(key, MEASURED[0], since=since, until=until), book),
                tuple(each for each in goals if each.key == key),
                tuple(sorted(states.get(key, Counter()).items())),
            )
            for key, name in live
        ),
        company=tuple(each for each in goals if not each.key),
        promises_broken=promises.get(PromiseStatus.BROKEN, 0),
        promises_open=promises.get(PromiseStatus.OPEN, 0),
        improvements=tuple(sorted(sum(states.values(), Counter()).items())),
    )  # fmt: skip


def _figures(work: Work, question: Question, book: Changed) -> tuple[Row | None, ...]:
    found = answers(work, question, MEASURED, book=book)
    return tuple(next(iter(found[name]), None) for name in MEASURED)
