"""Working on an item by a playbook: its steps are ticked, and what is skipped is said before it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from bpm import audit
from bpm.feedback.items import feedback_item, get_current
from bpm.feedback.models import Playbook, PlaybookStep, PlaybookUse, PlaybookVersion
from bpm.feedback.playbooks.books import get_playbook
from bpm.feedback.status import StepState
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.identity.models import User

LONGEST_WHY = 400


@dataclass(frozen=True)
class Step:
    """One step of a use; `state` is None while nobody said anything of it."""

    number: int
    text: str
    state: StepState | None = None
    why: str = ""
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Use:
    """A playbook that somebody works by on an item."""

    id: int
    playbook_id: int
    name: str
    number: int
    who: str
    begun_at: datetime
    ended_at: datetime | None
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        """Steps that were done."""
        return sum(each.state is StepState.DONE for each in self.steps)


def begin(work: Work, item_id: int, playbook_id: int) -> int:
    """Work on the item by the newest version; gives the use's id, the same where it was begun already.

    ConflictError for a playbook that is not offered today.
    """
    demand(work.actor, Permission.ANSWER)
    assert work.actor.user_id is not None  # noqa: S101 (only people have the right)
    book, item = get_playbook(work, playbook_id), get_current(work, item_id)
    problem = book.problem(work.now().date())
    if problem:
        remedy = _("Ask %(owner)s to look at it.") % {"owner": book.owner}
        raise ConflictError(_("%(name)s: %(problem)s.") % {"name": book.name, "problem": problem}, remedy=remedy)
    lasting = item.first_id or item.id
    known = work.session.scalar(
        select(PlaybookUse.id).where(PlaybookUse.item_id == lasting, PlaybookUse.version_id == book.version_id)
    )
    if known is not None:
        return known
    row = PlaybookUse(
        version_id=book.version_id, item_id=lasting, user_id=work.actor.user_id, begun_at=work.now()
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    told = {"playbook": book.name, "version": book.number}
    audit.record(work, "playbook.begin", feedback_item(item.id), before={"playbook": None}, after=told)
    return row.id


def tick(work: Work, use_id: int, number: int, *, done: bool) -> None:
    """Say that a step is done, or take that back; ConflictError when the use has ended."""
    demand(work.actor, Permission.ANSWER)
    use, version, name = _open(work, use_id)
    if not 1 <= number <= len(version.steps):
        raise NotFoundError(_("There is no step %(number)s.") % {"number": number})
    one = (PlaybookStep.use_id == use.id, PlaybookStep.number == number)
    before = work.session.scalar(select(PlaybookStep.state).where(*one))
    if before is not None:
        work.session.execute(delete(PlaybookStep).where(*one))
    if done:
        _keep(work, use.id, number, StepState.DONE)
    step = {"playbook": name, "step": version.steps[number - 1]}
    after = step | {"done": done}
    audit.record(work, "playbook.tick", feedback_item(use.item_id), before=step | {"done": bool(before)}, after=after)


def finish(work: Work, use_id: int, whys: Mapping[int, str]) -> None:
    """End the use; every step that is not ticked was skipped, and `whys` says why, by number.

    InvalidInputError with a field `why-N` for each that says nothing.
    """
    demand(work.actor, Permission.ANSWER)
    use, version, name = _open(work, use_id)
    done = set(work.session.scalars(select(PlaybookStep.number).where(PlaybookStep.use_id == use.id)))
    left = [number for number in range(1, len(version.steps) + 1) if number not in done]
    said = {number: " ".join(whys.get(number, "").split())[:LONGEST_WHY] for number in left}
    silent = {f"why-{number}": _("Tick it, or say why it was skipped.") for number in left if not said[number]}
    if silent:
        raise InvalidInputError(
            _("Something was skipped and nobody said why."), remedy=_("Say it at each step."), fields=silent
        )
    for number in left:
        _keep(work, use.id, number, StepState.SKIPPED, said[number])
    use.ended_at = work.now()
    work.session.flush()
    after = {"playbook": name, "version": version.number, "done": len(done), "of": len(version.steps)}
    skipped = {version.steps[number - 1]: said[number] for number in left}
    before = {"ended": False}
    audit.record(work, "playbook.finish", feedback_item(use.item_id), before=before, after=after | {"skipped": skipped})


def uses_on(work: Work, lasting_id: int) -> tuple[Use, ...]:
    """The playbooks that an item (its first version) is or was worked on by, those under way first."""
    rows = work.session.execute(
        select(PlaybookUse, PlaybookVersion, Playbook.name, User.display_name)
        .select_from(PlaybookUse)
        .join(PlaybookVersion, PlaybookVersion.id == PlaybookUse.version_id)
        .join(Playbook, Playbook.id == PlaybookVersion.playbook_id)
        .join(User, User.id == PlaybookUse.user_id)
        .where(PlaybookUse.item_id == lasting_id)
        .order_by(PlaybookUse.ended_at.is_not(None), PlaybookUse.id.desc())
    ).all()
    steps = _steps(work, [use.id for use, *_rest in rows])
    return tuple(
        Use(
            use.id, version.playbook_id, name, version.number, who, use.begun_at, use.ended_at,
            tuple(
                Step(number, text, *steps.get((use.id, number), ()))
                for number, text in enumerate(version.steps, 1)
            ),
        )
        for use, version, name, who in rows
    )  # fmt: skip


def _steps(work: Work, use_ids: list[int]) -> dict[tuple[int, int], Any]:
    if not use_ids:
        return {}
    rows = work.session.execute(
        select(PlaybookStep, User.display_name)
        .join(User, User.id == PlaybookStep.user_id)
        .where(PlaybookStep.use_id.in_(use_ids))
    )
    return {(row.use_id, row.number): (row.state, row.why, who, row.at) for row, who in rows}


def _keep(work: Work, use_id: int, number: int, state: StepState, why: str = "") -> None:
    row = PlaybookStep(use_id=use_id, number=number, state=state, why=why, at=work.now())
    row.user_id = work.actor.user_id or 0
    work.session.add(row)
    work.session.flush()


def _open(work: Work, use_id: int) -> tuple[PlaybookUse, PlaybookVersion, str]:
    row = work.session.execute(
        select(PlaybookUse, PlaybookVersion, Playbook.name)
        .select_from(PlaybookUse)
        .join(PlaybookVersion, PlaybookVersion.id == PlaybookUse.version_id)
        .join(Playbook, Playbook.id == PlaybookVersion.playbook_id)
        .where(PlaybookUse.id == use_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError(_("Nobody works by that playbook."))
    if row[0].ended_at is not None:
        raise ConflictError(_("This was ended already."), remedy=_("What was done stands below the item."))
    return row[0], row[1], row[2]
