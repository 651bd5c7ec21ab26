"""Deleting history needs a reason, waits, can be stopped, of much needs a second person, and is on record."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bpm import audit
from bpm.app import App
from bpm.audit import Filters
from bpm.engine import api as engine
from bpm.engine.models import ProcessInstance, ProcessVersion
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError
from bpm.foundation.work import Actor
from tests.engine import acting
from tests.engine.models import ONE_TASK, begin, go_live

pytestmark = pytest.mark.both_databases
DORA = Actor(name="dora", display_name="Dora", roles=frozenset({"designer"}))
DAN = Actor(name="dan", display_name="Dan", roles=frozenset({"designer"}))


def finish(app: App, number: int) -> int:
    """So many finished cases; gives their version."""
    go_live(app, ONE_TASK)
    for _ in range(number):
        begin(app, "one", {"name": "Miriam Marker"})
        acting.complete(app, "Read", {"answer": "Dear Miriam"}) if _has(app, "Read") else _complete_any(app)
    with app.unit_of_work.reading() as work:
        return work.session.scalars(select(ProcessVersion.id)).one()


def _has(app: App, element: str) -> bool:
    return any(item.element == element for item in acting.items(app))


def _complete_any(app: App) -> None:
    (item,) = acting.items(app, status="open")
    with app.unit_of_work() as work:
        engine.complete(work, item.id, {})


def ask(app: App, version_id: int, days: int | None, reason: str = "The contract says so.") -> int | None:
    with app.unit_of_work(DORA) as work:
        change = engine.set_retention(work, version_id, days, reason=reason)
        return change.id if change else None


def kept_for(app: App) -> int | None:
    with app.unit_of_work.reading() as work:
        return work.session.scalars(select(ProcessVersion.keep_for_days)).one()


def left(app: App) -> int:
    with app.unit_of_work.reading() as work:
        return len(work.session.scalars(select(ProcessInstance.id).where(ProcessInstance.erased_at.is_(None))).all())


def test_nothing_goes_before_the_grace_is_over(app: App, clock: FixedClock) -> None:
    version = finish(app, 3)
    clock.advance(timedelta(days=10))
    with pytest.raises(InvalidInputError):
        ask(app, version, 1, "  ")
    ask(app, version, 1)
    engine.sweep_retention(app.unit_of_work)
    assert (kept_for(app), left(app)) == (None, 3)
    clock.advance(timedelta(hours=23, minutes=59))
    engine.sweep_retention(app.unit_of_work)
    assert left(app) == 3
    clock.advance(timedelta(minutes=1))
    engine.sweep_retention(app.unit_of_work)
    assert (kept_for(app), left(app)) == (1, 0)


def test_what_would_go_is_counted_by_kind_with_oldest_and_newest(app: App, clock: FixedClock) -> None:
    version = finish(app, 2)
    clock.advance(timedelta(days=10))
    with app.unit_of_work.reading() as work:
        loss = engine.loss_of(work, version, 1)
        none = engine.loss_of(work, version, 11)
    assert (loss.cases, loss.records["tasks"], none.cases) == (2, 2, 0)
    assert loss.oldest is not None
    assert loss.newest is not None
    assert loss.oldest <= loss.newest < clock.now()


def test_anybody_who_may_deploy_stops_it_once(app: App, clock: FixedClock) -> None:
    version = finish(app, 1)
    change = ask(app, version, 1)
    assert change
    with app.unit_of_work(DAN) as work:
        engine.stop_retention(work, change)
    with pytest.raises(ConflictError), app.unit_of_work(DAN) as work:
        engine.stop_retention(work, change)
    clock.advance(timedelta(days=5))
    engine.sweep_retention(app.unit_of_work)
    assert (kept_for(app), left(app)) == (None, 1)


def test_above_the_bound_a_second_person_has_to_agree(app: App, clock: FixedClock) -> None:
    version = finish(app, 51)
    clock.advance(timedelta(days=10))
    change = ask(app, version, 1)
    assert change
    clock.advance(timedelta(days=2))
    engine.sweep_retention(app.unit_of_work)
    assert left(app) == 51, "nobody confirmed it"
    with pytest.raises(ForbiddenError, match="yourself"), app.unit_of_work(DORA) as work:
        engine.confirm_retention(work, change)
    with app.unit_of_work(DAN) as work:
        engine.confirm_retention(work, change)
    engine.sweep_retention(app.unit_of_work)
    assert left(app) == 0


def test_to_keep_longer_takes_effect_at_once_and_ends_the_wish_that_waited(app: App, clock: FixedClock) -> None:
    version = finish(app, 1)
    ask(app, version, 5)
    assert ask(app, version, None, "") is None
    clock.advance(timedelta(days=50))
    engine.sweep_retention(app.unit_of_work)
    assert (kept_for(app), left(app)) == (None, 1)


def test_it_is_on_record_who_asked_why_and_that_it_happened_and_the_values_of_the_cases_are_gone(
    app: App, clock: FixedClock
) -> None:
    anna = Actor(name="console", display_name="the console")
    go_live(app, ONE_TASK)
    with app.unit_of_work(anna) as work:
        engine.start(work, "one", {"name": "Miriam Marker"})
    (item,) = acting.items(app)
    with app.unit_of_work(anna) as work:
        engine.complete(work, item.id, {"answer": "Dear Miriam"})
    with app.unit_of_work.reading() as work:
        version = work.session.scalars(select(ProcessVersion.id)).one()
        assert "Miriam" in str(audit.list_rows(work, Filters()).rows)
    ask(app, version, 1)
    clock.advance(timedelta(days=3))
    engine.sweep_retention(app.unit_of_work)
    audit.seal_all(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        rows = audit.list_rows(work, Filters()).rows
        assert audit.verify(work).is_whole
    asked = next(row for row in rows if row.verb == "retention.ask")
    assert (asked.who, asked.reason, asked.before) == ("Dora", "The contract says so.", {"days": None})
    assert {"retention.apply", "retention.erase"} <= {row.verb for row in rows}
    assert "Miriam" not in str(rows)
    assert {row.erased for row in rows if row.object_type in {"case", "task"}} == {True}
