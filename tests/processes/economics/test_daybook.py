"""Days of the daybook come to the same as the rows, whatever happened in which order; pages read them however much."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bpm import calendars, feedback
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.feedback.models import FeedbackItem
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import EarshotError
from bpm.foundation.work import Actor
from bpm.processes import economics
from bpm.processes.daybook import keeping
from bpm.processes.daybook.keeping import Daybook, keep_days
from bpm.processes.economics import By
from bpm.processes.measures.listening import end_of_day
from bpm.processes.measures.rollups import rebuild_rollups, sweep_rollups
from tests.effort import effort, statements_of
from tests.processes.conftest import GoLive, Say
from tests.processes.economics.conftest import OFFICE, SavePlan
from tests.processes.economics.test_costs import give
from tests.processes.measures.test_rollups import Company as Measured
from tests.processes.models import CARE
from tests.thoroughness import examples
from tools.volume import filling


class Company(Measured):
    """A company in which things happen at random that cost something."""

    def _give(self, number: int) -> None:
        if self.items:
            with suppress(EarshotError):
                give(self.app, self.advocate, self.items[number % len(self.items)], 100 + number)

    def _release(self, number: int) -> None:
        with self.app.unit_of_work(self.advocate) as work:
            rows = engine_queries.list_work_items(work, engine_queries.WorkItemFilter()).rows
            for row in rows[number : number + 1]:
                if row.assignee_id is not None:
                    engine.release(work, row.id)

    def _merge(self, number: int) -> None:
        if len(self.items) > 1:
            with self.app.unit_of_work(self.advocate) as work, suppress(EarshotError):
                one, other = (
                    work.session.scalar(select(FeedbackItem.conversation_id).where(FeedbackItem.id == each))
                    for each in (self.items[place % len(self.items)] for place in (number, number + 1))
                )
                feedback.merge_conversations(work, one or 0, into=other or 0)

    def _hours(self, number: int) -> None:
        """Another calendar holds, for what was worked before, too."""
        with self.app.unit_of_work() as work:
            known = [each.id for each in calendars.list_calendars(work) if each.name == f"Hours {number}"]
            calendars.save_calendar(
                work, f"Hours {number}", (OFFICE, calendars.ALWAYS)[number % 2], groups=[calendars.EVERYBODY],
                calendar_id=known[0] if known else None,
            )  # fmt: skip


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "say",
                "link",
                "claim",
                "complete",
                "detach",
                "read",
                "wait",
                "sweep",
                "give",
                "release",
                "merge",
                "hours",
                "edit",
                "apart",
            ]
        ),
        st.integers(0, 3),
    ),
    min_size=4,
    max_size=15,
)


@pytest.fixture
def company(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, advocate: Actor, clock: FixedClock,
    save_plan: SavePlan,
) -> Company:  # fmt: skip
    save_plan()
    version_id = go_live(CARE, "care")
    trigger()
    return Company(app, clock, say, advocate, version_id)


def figures(app: App, clock: FixedClock) -> list[Any]:
    until, found = end_of_day(clock.now()), list[Any]()
    with app.unit_of_work.reading() as work:
        book = economics.spender(work)
        for days in (3, 40):
            since = until - timedelta(days=days)
            found += [
                economics.books_of(work, since=since, until=until, spending=book),
                economics.demand_by_channel(work, since=since, until=until, spending=book),
                economics.list_doings(work, since=since, until=until, spending=book),
                (cases := economics.costs_of_versions(work, [("care", None)], since, until, book)),
                (each := economics.each_case_of_versions(work, [("care", None)], since, until, book)),
                *(economics.list_causes(work, by, since=since, until=until, spending=book) for by in By),
                economics.list_causes(work, By.ACTIVITY, since=since, until=until, service=True, spending=book),
            ]
            assert each["care", None] == economics.per_unit(case.cents for case in cases["care", None])
    return found


def both_ways(app: App, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """All figures from the days that are kept, and from the rows: to the cent."""
    kept = figures(app, clock)
    with monkeypatch.context() as patched:
        none = cached_property(lambda _self: {})
        none.__set_name__(Daybook, "_kept")
        patched.setattr(Daybook, "_kept", none)
        rows = figures(app, clock)
    for one, other in zip(kept, rows, strict=True):
        assert one == other


@pytest.mark.proof
def test_the_books_are_the_same_from_days_and_from_rows_whatever_happened(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The histories follow each other in one company: what one left open, the next one goes on with."""

    @examples(10)
    @given(acts=ACTS)
    def histories(acts: list[tuple[str, int]]) -> None:
        for what, number in acts:
            company.act(what, number)
        both_ways(company.app, company.clock, monkeypatch)

    histories()


@pytest.mark.both_databases
def test_a_rebuild_and_a_sweep_keep_the_same_days(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = ("say", "link", "complete", "wait", "say", "give", "claim", "merge", "wait", "read", "release", "say") * 4
    for number, what in enumerate(busy):
        company.act(what, number % 4)
    app, clock = company.app, company.clock
    sweep_rollups(app.unit_of_work)
    both_ways(app, clock, monkeypatch)
    swept = figures(app, clock)

    rebuild_rollups(app.unit_of_work)
    assert figures(app, clock) == swept
    clock.advance(timedelta(hours=1))
    sweep_rollups(app.unit_of_work)
    assert keep_days(app.unit_of_work, most=None) == 0, "what is kept is kept once"


def test_costs_and_causes_read_days_however_much_there_is(
    app: App, go_live: GoLive, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, save_plan: SavePlan
) -> None:
    save_plan()
    version_id = go_live(CARE, "care")
    clock.advance(timedelta(days=60))
    monkeypatch.setattr(filling, "YEAR", timedelta(days=34))
    with app.unit_of_work.reading() as work:
        elements = engine_queries.get_version(work, version_id).elements
        until = end_of_day(work.now())
    since = until - timedelta(days=42)

    def page() -> None:
        with app.unit_of_work.reading() as work:
            spending = economics.spender(work)
            books = economics.books_of(work, since=since, until=until, spending=spending)
            assert books.contacts >= 300
            assert economics.costs_of_versions(work, [("care", 1)], since, until, spending)["care", 1]
            assert economics.list_causes(work, By.ACTIVITY, since=since, until=until).n >= 300

    costs = []
    for times in (1, 3):
        filling.fill(app.unit_of_work, version_id, elements, visits=600 * times, items=300 * times)
        rebuild_rollups(app.unit_of_work)
        costs.append((len(statements_of(app, page)), effort(app, page)))
    (few, little), (many, much) = costs
    assert few == many <= 90
    assert much < 1.5 * little, "four times as many rows"


def test_days_that_were_never_kept_are_kept_by_the_sweep(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after an update from a release that had no daybook, whose other sums are long in step."""
    for number, what in enumerate(("say", "claim", "wait", "complete", "wait") * 3):
        company.act(what, number % 4)
    app = company.app
    sweep_rollups(app.unit_of_work)
    with app.unit_of_work() as work:
        keeping.forget_days(work)

    sweep_rollups(app.unit_of_work)

    with app.unit_of_work.reading() as work:
        assert Daybook(work)._kept
    both_ways(app, company.clock, monkeypatch)
