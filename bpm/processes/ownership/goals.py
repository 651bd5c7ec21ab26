"""Goals of several functions: a measure of the catalogue, a target, a day; and how far each is, honestly.

A goal of one function alone can be kept: it is warned of when it is saved, and stays listed as that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import delete, select

from bpm import audit, identity
from bpm.engine.models import ProcessDefinition
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.processes.measures.asking import Question, answers
from bpm.processes.measures.catalogue import MEASURES, Measure
from bpm.processes.measures.rollups import Changed
from bpm.processes.ownership.models import Goal, GoalOwner
from bpm.processes.ownership.owners import FEWEST
from bpm.processes.ownership.status import GoalStatus

LONGEST_TITLE = 300


class Standing(StrEnum):
    """How a figure stands to its target."""

    NOT_SHOWN = "not shown"
    """Too few cases to say anything."""
    REACHED = "reached"
    """All of the interval is on the good side of the target."""
    SHORT = "short of it"
    """All of it is on the bad side."""
    UNCLEAR = "not clear"
    """The target lies within the interval."""


@dataclass(frozen=True)
class Progress:
    """The measure of one process since the goal was set; versions are not blended: the live one's."""

    key: str
    process: str
    version: int | None
    value: float | None
    n: int
    interval: tuple[float, float] | None
    standing: Standing


@dataclass(frozen=True)
class GoalRow:
    """A goal with whose it is and how far it is."""

    id: int
    key: str
    """Empty: of the company as a whole."""
    process: str
    title: str
    measure: Measure
    target: float
    due: date
    functions: tuple[str, ...]
    status: GoalStatus
    reason: str
    created_at: datetime
    progress: tuple[Progress, ...]
    is_late: bool

    @property
    def is_of_one(self) -> bool:
        """Whether one function alone owns it."""
        return len(self.functions) < FEWEST


@dataclass(frozen=True)
class GoalDraft:
    """What a person fills in; `key` empty: of the company as a whole."""

    title: str
    measure: str
    target: float | None
    due: date | None
    functions: tuple[str, ...]
    key: str = ""


def save_goal(work: Work, draft: GoalDraft, *, goal_id: int | None = None) -> tuple[int, str]:
    """Set a goal or change one; its id, and a warning: of a goal of one function, empty else.

    Whoever signs versions may. InvalidInputError with `fields`.
    """
    demand(work.actor, Permission.SIGN)
    functions = tuple(dict.fromkeys(each for each in draft.functions if each))
    _check(work, draft, functions)
    row = _get(work, goal_id) if goal_id is not None else None
    before = _told(row, _functions(work, [row.id]).get(row.id, ())) if row is not None else None
    if row is None:
        row = Goal(status=GoalStatus.OPEN, created_by=work.actor.user_id, created_at=work.now())
        work.session.add(row)
    row.definition_key, row.title, row.measure = draft.key, draft.title.strip(), draft.measure
    row.target, row.due = float(draft.target or 0), draft.due or work.now().date()
    work.session.flush()
    work.session.execute(delete(GoalOwner).where(GoalOwner.goal_id == row.id))
    work.session.add_all(GoalOwner(goal_id=row.id, function=each) for each in functions)
    work.session.flush()
    thing = audit.Thing("goal", row.id, row.title)
    audit.record(work, "goal.save", thing, before=before, after=_told(row, functions))
    if len(functions) >= FEWEST:
        return row.id, ""
    alone = _("Only %(function)s owns it: a goal that no other function shares is listed as that.")
    return row.id, alone % {"function": functions[0]}


def _check(work: Work, draft: GoalDraft, functions: Sequence[str]) -> None:
    fields: dict[str, str] = {}
    if not draft.title.strip() or len(draft.title.strip()) > LONGEST_TITLE:
        fields["title"] = _("Say in one line what shall be reached.")
    if draft.measure not in MEASURES:
        fields["measure"] = _("Choose a measure of the list.")
    if draft.target is None:
        fields["target"] = _("Give a number.")
    if draft.due is None:
        fields["due"] = _("Give a day.")
    known = {group.key for group in identity.list_groups(work)} | set(work.settings.sign_offs)
    if not functions or set(functions) - known:
        fields["functions"] = _("Choose the functions that own it, two at least.")
    there = select(ProcessDefinition.id).where(ProcessDefinition.key == draft.key)
    if draft.key and work.session.scalar(there) is None:
        fields["process"] = _("Choose the process that it is about.")
    if fields:
        raise InvalidInputError(_("The goal was not kept."), remedy=" ".join(fields.values()), fields=fields)


def end_goal(work: Work, goal_id: int, status: str, *, reason: str) -> None:
    """Say that it was reached, or that it is dropped, and why. ConflictError when it ended already."""
    demand(work.actor, Permission.SIGN)
    row = _get(work, goal_id)
    if row.status is not GoalStatus.OPEN:
        raise ConflictError(_("The goal has ended already."), remedy=_("Set a new one."))
    if status not in (GoalStatus.REACHED, GoalStatus.DROPPED):
        raise InvalidInputError(_("A goal is reached or dropped."), place="status", remedy=_("Choose one."))
    if not reason.strip():
        say = _("Say in a few words why.")
        raise InvalidInputError(_("A reason is needed."), remedy=say, fields={"reason": say})
    before = {"status": row.status}
    row.status, row.reason, row.ended_at = GoalStatus(status), reason.strip()[:2000], work.now()
    thing = audit.Thing("goal", row.id, row.title)
    audit.record(work, "goal.end", thing, before=before, after={"status": row.status}, reason=row.reason)


def list_goals(work: Work, *, key: str | None = None, book: Changed | None = None) -> tuple[GoalRow, ...]:
    """Open goals by day, then the newest that ended; of one process (its own) or of all. At most 100.

    `book`: what changed since it was summed, where more than goals ask for it.
    """
    query = select(Goal).order_by(Goal.status != GoalStatus.OPEN, Goal.due, Goal.id.desc()).limit(100)
    if key is not None:
        query = query.where(Goal.definition_key == key)
    rows = list(work.session.scalars(query))
    functions = _functions(work, [row.id for row in rows])
    processes = {
        each.key: each.name
        for each in work.session.execute(
            select(ProcessDefinition.key, ProcessDefinition.name)
            .where(ProcessDefinition.live_version_id.is_not(None))
            .order_by(ProcessDefinition.name)
        )
    }
    book = book or Changed(work)
    return tuple(
        GoalRow(
            id=row.id, key=row.definition_key, process=processes.get(row.definition_key, row.definition_key),
            title=row.title, measure=MEASURES[row.measure], target=row.target, due=row.due,
            functions=functions.get(row.id, ()), status=row.status, reason=row.reason, created_at=row.created_at,
            progress=_progress(work, row, processes, book), is_late=row.status is GoalStatus.OPEN and (
                row.due < work.now().date()
            ),
        )
        for row in rows
        if row.measure in MEASURES
    )  # fmt: skip


def _progress(work: Work, row: Goal, processes: Mapping[str, str], book: Changed) -> tuple[Progress, ...]:
    """Of its process, or of each that is live: figures of several processes are not added up."""
    if row.status is not GoalStatus.OPEN:
        return ()
    keys = [row.definition_key] if row.definition_key else list(processes)
    return tuple(_of_process(work, row, (key, processes[key]), book) for key in keys if key in processes)


def _of_process(work: Work, row: Goal, process: tuple[str, str], book: Changed) -> Progress:
    key, name = process
    question = Question(key, row.measure, since=row.created_at)
    found = next(iter(answers(work, question, (row.measure,), book=book)[row.measure]), None)
    if found is None:
        return Progress(key, name, None, None, 0, None, Standing.NOT_SHOWN)
    shown = found.shown and found.value is not None
    standing = stands(found.interval, row.target, better=MEASURES[row.measure].better) if shown else Standing.NOT_SHOWN
    value, interval = (found.value, found.interval) if shown else (None, None)
    return Progress(key, name, found.version, value, found.n, interval, standing)


def stands(interval: tuple[float, float] | None, target: float, *, better: str) -> Standing:
    """How a figure stands to its target: only an interval that lies wholly on one side of it says so. Pure."""
    if interval is None:
        return Standing.NOT_SHOWN
    low, high = interval
    good, bad = (high <= target, low > target) if better == "lower" else (low >= target, high < target)
    return Standing.REACHED if good else Standing.SHORT if bad else Standing.UNCLEAR


def _functions(work: Work, goals: Iterable[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    query = select(GoalOwner).where(GoalOwner.goal_id.in_(list(goals))).order_by(GoalOwner.goal_id, GoalOwner.function)
    for row in work.session.scalars(query):
        found[row.goal_id] = (*found.get(row.goal_id, ()), row.function)
    return found


def _get(work: Work, goal_id: int) -> Goal:
    row = work.session.get(Goal, goal_id)
    if row is None:
        raise NotFoundError(_("There is no goal %(number)s.") % {"number": goal_id})
    return row


def _told(row: Goal, functions: Sequence[str]) -> dict[str, object]:
    return {
        "title": row.title, "process": row.definition_key, "measure": row.measure, "target": row.target,
        "due": row.due.isoformat(), "functions": list(functions),
    }  # fmt: skip
