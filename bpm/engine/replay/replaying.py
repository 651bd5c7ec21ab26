"""The last finished cases of the live version, replayed through a draft: read in one, played outside, kept in another.

The result stands with the draft until another version is live; the worker makes it, without being asked, for the one
draft of a process that is to be signed. Same draft and same record give the same result.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, or_, select, update

from bpm.engine.bpmn.model import Compiled
from bpm.engine.definitions.version_cache import bind, provide_specs, runnable
from bpm.engine.migration.plans import propose_plan
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.engine.replay.player import Player
from bpm.engine.replay.recorded import Recorded, last_finished
from bpm.engine.replay.verdicts import KINDS, Replayed, cannot, judge
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import EarshotError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work, affected

VERSION = cast("Table", ProcessVersion.__table__)
DEFINITION = cast("Table", ProcessDefinition.__table__)
AT_ONCE = 25
"""Cases between two notes of how far it is."""
PATHS_KEPT = 200
"""Cases that differ whose two paths are kept; of the others the verdict is."""


@dataclass(frozen=True)
class Sides:
    """All that is read before anything is played."""

    version_id: int
    against: int
    cases: tuple[Recorded, ...]
    models: dict[str | None, Compiled]
    """Process of the file (None: the primary one) -> what runs."""
    mapping: dict[str, str]
    known: frozenset[str]
    here: frozenset[str]
    """Elements of the draft."""
    names: dict[str, str]
    """What elements are called, in the draft where it has them."""


def replay(transactions: Transactions, version_id: int, *, most: int | None = None) -> dict[str, Any]:
    """Replay and give the result, without keeping it; `most` cases, by default EARSHOT_REPLAY_CASES.

    {"version", "against", "of", "done", "counts": {kind: number}, "cases": [see `Replayed.as_json`]}. NotFoundError
    where no version of the process is live: there are no cases then.
    """
    with transactions.reading() as work:
        sides = _read(work, version_id, most=work.settings.replay_cases if most is None else most)
    return _result(sides, [_play(sides, case) for case in sides.cases])


def sweep_replays(transactions: Transactions) -> int:
    """Replay for one draft that has none against what is live now, and keep the result with it; 1 when one was made."""
    with transactions.reading() as work:
        most = work.settings.replay_cases
        version_id = work.session.scalar(_WANTED) if most else None
        sides = _read(work, version_id, most=most) if version_id is not None else None
    if sides is None:
        return 0
    done: list[Replayed] = []
    for case in sides.cases:
        done.append(_play(sides, case))
        if len(done) % AT_ONCE == 0:
            _keep(transactions, sides, done, whole=False)
    _keep(transactions, sides, done, whole=True)
    return 1


_WANTED = (
    select(VERSION.c.id)
    .join(DEFINITION, DEFINITION.c.id == VERSION.c.definition_id)
    .where(
        VERSION.c.status == VersionStatus.DRAFT,
        VERSION.c.replaced_by.is_(None),
        DEFINITION.c.live_version_id.is_not(None),
        or_(VERSION.c.replayed_against.is_(None), VERSION.c.replayed_against != DEFINITION.c.live_version_id),
    )
    .order_by(VERSION.c.id)
    .limit(1)
)


def _read(work: Work, version_id: int, *, most: int) -> Sides:
    columns = (ProcessVersion.content_hash, ProcessVersion.elements, ProcessDefinition.live_version_id)
    row = work.session.execute(
        select(*columns)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessVersion.id == version_id)
    ).first()
    if row is None:
        raise NotFoundError(_("There is no process version %(id)s.") % {"id": version_id})
    if row.live_version_id is None:
        raise NotFoundError(_("No version of the process is live: there is nothing to replay."))
    live = row.live_version_id
    cases = tuple(last_finished(work, live, most=most))
    chosen = runnable(work, version_id, row.content_hash)
    models: dict[str | None, Compiled] = {}
    for process_id in {case.process_id for case in cases}:
        if process_id is None or process_id in chosen.specs:
            bindings = bind(work, chosen.calls) if chosen.calls else None
            models[process_id] = provide_specs(work, chosen.compiled(process_id, bindings))
    known = work.session.scalars(select(ProcessVersion.elements).where(ProcessVersion.id == live)).one()
    mapping = {} if live == version_id else dict(propose_plan(work, live, version_id).mapping)
    return Sides(
        version_id=version_id,
        against=live,
        cases=cases,
        models=models,
        mapping={old: new for old, new in mapping.items() if old != new},
        known=frozenset(each["id"] for each in known),
        here=frozenset(each["id"] for each in row.elements),
        names={each["id"]: each.get("name") or "" for each in (*known, *row.elements)},
    )


def _play(sides: Sides, case: Recorded) -> Replayed:
    model = sides.models.get(case.process_id)
    if case.why_not:
        return cannot(case, case.why_not)
    if model is None:
        return cannot(case, _("Its process is no longer in the file."))
    player = Player(model, case, sides.mapping, case.started_at)
    try:
        player.play()
    except EarshotError as error:
        return cannot(case, error.message)
    called = _of_called(case, sides)
    return judge(case, player, known=sides.known | called, here=sides.here | called, names=sides.names)


def _of_called(case: Recorded, sides: Sides) -> frozenset[str]:
    """Elements of the case that stand in processes of other files."""
    return frozenset(visit.element for visit in case.path) - sides.known


def _result(sides: Sides, done: list[Replayed]) -> dict[str, Any]:
    counted = Counter(kind for each in done for kind in each.kinds)
    return {
        "version": sides.version_id,
        "against": sides.against,
        "of": len(sides.cases),
        "done": len(done),
        "counts": {kind: counted[kind] for kind in KINDS},
        "cases": list(_rows(done)),
    }


def _rows(done: list[Replayed]) -> Iterator[dict[str, Any]]:
    left = PATHS_KEPT
    for each in done:
        row = each.as_json()
        if each.kinds == ("same",) or left <= 0:
            row |= {"before": [], "after": []}
        else:
            left -= 1
        yield row


def _keep(transactions: Transactions, sides: Sides, done: list[Replayed], *, whole: bool) -> None:
    values: dict[str, Any] = {"replayed": _result(sides, done)}
    if whole:
        values["replayed_against"] = sides.against
    with transactions() as work:
        affected(work, update(VERSION).where(VERSION.c.id == sides.version_id).values(**values))
        work.nudge("definitions")
