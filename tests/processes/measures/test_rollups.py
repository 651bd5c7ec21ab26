"""Sums by day come to the same as the rows, whatever happened in which order, and pages never wait for the sweep."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bpm import feedback, processes
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.feedback import ClassificationResult
from bpm.feedback.models import FeedbackItem
from bpm.feedback.people import (
    hold_item,
    merge_customers,
    release_item,
    set_item_voice,
    set_voice,
    undo_change,
)
from bpm.feedback.promises import keep_promise, make_promise, reopen_promise, sweep_promises, withdraw_promise
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, EarshotError, NotFoundError
from bpm.foundation.work import Actor, Work
from bpm.processes.erasure import erase_person
from bpm.processes.measures import asking, listening
from bpm.processes.measures.asking import Question
from bpm.processes.measures.follow_up import count_black_holes
from bpm.processes.measures.performance import process_measures
from bpm.processes.measures.rollups import (
    Changed,
    count_forgotten,
    count_heard,
    pieces,
    rebuild_rollups,
    sweep_rollups,
)
from bpm.processes.measures.rollups import heard as heard_days
from bpm.processes.measures.rollups.cells import ROLLED
from bpm.processes.models import Attribution
from bpm.processes.status import AttributionMethod, LinkKind
from tests.effort import effort, statements_of
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE
from tests.thoroughness import examples
from tools.volume import filling

MEASURES = tuple(sorted(ROLLED))


def both_ways(app: App, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    """All figures from the sums, and from the rows."""
    since = (clock.now() - timedelta(days=40)).replace(hour=0, minute=0, second=0, microsecond=0)

    def figures() -> dict[str, Any]:
        with app.unit_of_work.reading() as work:
            return {
                by: asking.answers(work, Question("care", "waiting", by=by, since=since), MEASURES)
                for by in ("", "version", "activity", "lane", "channel", "voice")
            }

    def beside() -> list[Any]:
        """Week by week, and what all of the company heard."""
        with app.unit_of_work.reading() as work:
            weeks = [
                asking.series(work, Question("care", name, since=since))
                for name in ("negative_share", "complaints_per_100", "waiting")
            ]
            until = listening.end_of_day(work.now())
            assert count_forgotten(work, Changed(work)) == count_black_holes(work)
            counted = Counter[tuple[str, str, str]]()
            for each in count_heard(work, since, until):
                for name in ("heard", "placed", "followed", "acted"):
                    counted[each.day.isoformat(), each.channel, name] += getattr(each, name)
            return [weeks, +counted, listening.listening_ratio(work, since=since, until=until)]

    fast, fast_beside = figures(), beside()
    with monkeypatch.context() as patched:
        patched.setattr(asking, "rolled_up", lambda *_: {})
        patched.setattr(asking, "rolled_up_over_time", lambda *_, **__: None)
        patched.setattr(heard_days, "_kept_days", lambda *_: set())
        slow, slow_beside = figures(), beside()
    assert fast_beside[1:] == slow_beside[1:]
    for one, other in zip(fast_beside[0], slow_beside[0], strict=True):
        assert [(each.start, each.n, each.version) for each in one] == [
            (each.start, each.n, each.version) for each in other
        ]
        assert [each.value for each in one] == [
            each.value if each.value is None else pytest.approx(each.value) for each in other
        ]
    return fast, slow


def near(one: Any, other: Any) -> None:
    assert one.keys() == other.keys()
    for by, measures in one.items():
        for name, rows in measures.items():
            slow = {row.group: row for row in other[by][name]}
            for row in rows:
                beside = slow.pop(row.group)
                assert (row.n, row.running, row.kinds, row.sources, row.hits) == (
                    beside.n, beside.running, beside.kinds, beside.sources, beside.hits,
                ), (by, name, row.group)  # fmt: skip
                assert row.value == pytest.approx(beside.value), (by, name, row.group)
                assert row.interval == (None if beside.interval is None else pytest.approx(beside.interval))
            assert not slow, (by, name, slow)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "say",
                "link",
                "claim",
                "complete",
                "detach",
                "answer",
                "decide",
                "read",
                "wait",
                "sweep",
                "promise",
                "keep",
                "one",
                "release",
                "edit",
                "apart",
                "voice",
                "erase",
            ]
        ),
        st.integers(0, 3),
    ),
    min_size=4,
    max_size=25,
)


class Company:
    """A company in which things happen at random."""

    def __init__(self, app: App, clock: FixedClock, say: Say, advocate: Actor, version_id: int) -> None:
        self.app, self.clock, self.say, self.advocate, self.version_id = app, clock, say, advocate, version_id
        self.items: list[int] = []
        self.links: list[int] = []
        self.promises: list[int] = []
        self.merges: list[int] = []

    def act(self, what: str, number: int) -> None:
        getattr(self, f"_{what}")(number)

    def _say(self, number: int) -> None:
        feeling = {"sentiment": (-0.9, -0.1, 0.5, 0.9)[number], "channel": ("email", "social", "chat", "email")[number]}
        primary = "complaint" if number < 3 else "praise"
        self.items.append(self.say(f"Something {number}", primary, author_email=f"c{number}@example.org", **feeling))

    def _link(self, number: int) -> None:
        if self.items:
            with self.app.unit_of_work(self.advocate) as work:
                element = ("read", "mend")[number % 2]
                item = self.items[number % len(self.items)]
                made = processes.attribute(work, item, version_id=self.version_id, element=element)
                self.links.append(made.id)

    def _detach(self, number: int) -> None:
        if self.links:
            with self.app.unit_of_work(self.advocate) as work, suppress(NotFoundError):
                processes.detach(work, self.links[number % len(self.links)])

    def _task(self, number: int, *, complete: bool) -> None:
        with self.app.unit_of_work(self.advocate) as work:
            rows = engine_queries.list_work_items(work, engine_queries.WorkItemFilter()).rows
            if rows:
                row = rows[number % len(rows)]
                if row.assignee_id is None:
                    engine.claim(work, row.id)
                if complete:
                    engine.complete(work, row.id, {})

    def _claim(self, number: int) -> None:
        self._task(number, complete=False)

    def _complete(self, number: int) -> None:
        self._task(number, complete=True)

    def _answer(self, number: int) -> None:
        if self.items:
            with self.app.unit_of_work(self.advocate) as work, suppress(EarshotError):  # nobody answers the erased
                feedback.reply(work, self.items[number % len(self.items)], "We are sorry.")

    def _decide(self, number: int) -> None:
        if self.items:
            with self.app.unit_of_work(self.advocate) as work:
                feedback.decide(work, self.items[number % len(self.items)], "do", reason="It is right.")

    def _read(self, number: int) -> None:
        if self.items:
            with self.app.unit_of_work() as work:
                claim = ClassificationResult(
                    model_version="m2", kinds={"praise": 0.9}, primary="praise", sentiment=0.8, urgency=0, topic=None,
                    confidence=0.9, abstained=number == 0,
                )  # fmt: skip
                feedback.record_classification(work, self.items[number % len(self.items)], claim)

    def _promise(self, number: int) -> None:
        if self.items:
            with self.app.unit_of_work(self.advocate) as work:
                until = (
                    work.now() + (timedelta(hours=1), timedelta(days=1), timedelta(days=2), timedelta(days=9))[number]
                )
                item = self.items[number % len(self.items)]
                self.promises.append(make_promise(work, "We call you.", until, item_id=item).id)

    def _keep(self, number: int) -> None:
        """A promise is kept, withdrawn, open again, or its time is over."""
        with self.app.unit_of_work(self.advocate) as work, suppress(ConflictError):
            if self.promises and number < 3:
                promise = self.promises[-1 - number % len(self.promises)]
                if number == 0:
                    keep_promise(work, promise)
                elif number == 1:
                    withdraw_promise(work, promise, "It holds no more.")
                else:
                    reopen_promise(work, promise)
        if number == 3:
            sweep_promises(self.app.unit_of_work)

    def _one(self, number: int) -> None:
        """Two customers are one person, and two again."""
        with self.app.unit_of_work(self.advocate) as work, suppress(EarshotError):
            if number < 2 and len(self.items) > 1:
                one, other = (self._customer(work, self.items[at]) for at in (0, number + 1 - len(self.items)))
                self.merges.append(merge_customers(work, one, into=other, reason="The same."))
            elif self.merges:
                undo_change(work, self.merges[-1])

    def _customer(self, work: Work, item: int) -> int:
        row = work.session.get(FeedbackItem, item)
        return row.customer_id or 0 if row else 0

    def _release(self, number: int) -> None:
        with self.app.unit_of_work(self.advocate) as work, suppress(EarshotError):
            rows = engine_queries.list_work_items(work, engine_queries.WorkItemFilter()).rows
            held = [row for row in rows if row.assignee_id is not None]
            if held:
                engine.release(work, held[number % len(held)].id)

    def _voice(self, number: int) -> None:
        """One author turns out to be a colleague, or all of a source."""
        with self.app.unit_of_work(self.advocate) as work:
            if self.items and number < 3:
                item = self.items[number % len(self.items)]
                set_item_voice(work, item, ("employee", "customer", "partner")[number])
            elif number == 3:
                set_voice(work, "mail", "" if len(self.items) % 2 else "employee")

    def _erase(self, number: int) -> None:
        """A customer is erased everywhere: counts stay as they were."""
        if self.items:
            with self.app.unit_of_work() as work, suppress(NotFoundError):
                customer = self._customer(work, self.items[number % len(self.items)])
                erase_person(work, customer, reason="They asked for it.", backups=[])

    def _edit(self, number: int) -> None:
        """Somebody writes, and changes it at the source."""
        words, key = f"Again {len(self.items)}", f"edited-{number % 2}"
        self.items.append(self.say(words, "complaint", natural_key=key, author_email=f"c{number % 2}@example.org"))

    def _apart(self, number: int) -> None:
        """An item is set apart as unwanted, or let in again."""
        if self.items:
            with self.app.unit_of_work(self.advocate) as work, suppress(EarshotError):
                item = self.items[number % len(self.items)]
                if number < 2:
                    hold_item(work, item)
                else:
                    release_item(work, item)

    def _wait(self, number: int) -> None:
        self.clock.advance((timedelta(minutes=1), timedelta(hours=5), timedelta(days=1), timedelta(days=9))[number])

    def _sweep(self, number: int) -> None:
        sweep_rollups(self.app.unit_of_work)


@pytest.mark.proof
@pytest.mark.parametrize("from_pieces", [0, pieces.FROM_PIECES])
def test_sums_come_to_the_same_as_the_rows_whatever_happened(
    company: Company, monkeypatch: pytest.MonkeyPatch, from_pieces: int
) -> None:
    """The histories follow each other in one company: what one left open, the next one goes on with."""
    monkeypatch.setattr(pieces, "FROM_PIECES", from_pieces)

    @examples(12)
    @given(acts=ACTS)
    def histories(acts: list[tuple[str, int]]) -> None:
        for what, number in acts:
            company.act(what, number)
        near(*both_ways(company.app, company.clock, monkeypatch))

    histories()


@pytest.fixture
def company(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, advocate: Actor, clock: FixedClock
) -> Company:
    version_id = go_live(CARE, "care")
    trigger()
    return Company(app, clock, say, advocate, version_id)


@pytest.mark.both_databases
def test_a_rebuild_and_a_sweep_keep_the_same_sums(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, what in enumerate(("say", "link", "complete", "wait", "say", "answer", "decide", "claim", "say") * 4):
        company.act(what, number % 4)
    app, clock = company.app, company.clock
    sweep_rollups(app.unit_of_work)
    swept, slow = both_ways(app, clock, monkeypatch)
    near(swept, slow)

    assert rebuild_rollups(app.unit_of_work) > 1
    rebuilt, _slow = both_ways(app, clock, monkeypatch)
    near(rebuilt, slow)

    # What came shortly before a look is looked at once more, for something older may have come in late.
    clock.advance(timedelta(hours=1))
    sweep_rollups(app.unit_of_work)
    assert sweep_rollups(app.unit_of_work) == 0


@pytest.mark.parametrize("act", ["one", "source"])
def test_a_voice_that_is_corrected_long_after_counts_at_once_and_after_the_next_look(
    company: Company, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    for number, what in enumerate(("say", "link", "say", "link") * 4):
        company.act(what, number % 4)
    app, clock = company.app, company.clock
    clock.advance(timedelta(days=3))
    sweep_rollups(app.unit_of_work)
    before, _slow = both_ways(app, clock, monkeypatch)
    company.act("voice", 0 if act == "one" else 3)
    now, slow = both_ways(app, clock, monkeypatch)
    near(now, slow)
    assert now != before
    sweep_rollups(app.unit_of_work)
    swept, slow = both_ways(app, clock, monkeypatch)
    near(swept, slow)


def test_a_page_of_figures_reads_sums_however_much_there_is(
    app: App, go_live: GoLive, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    version_id = go_live(CARE, "care")
    clock.advance(timedelta(days=60))
    monkeypatch.setattr(filling, "YEAR", timedelta(days=34))
    with app.unit_of_work.reading() as work:
        elements = engine_queries.get_version(work, version_id).elements
        until = listening.end_of_day(work.now())

    def page() -> None:
        with app.unit_of_work.reading() as work:
            found = process_measures(
                work, "care", version_id=version_id, since=until - timedelta(days=42), until=until
            )  # fmt: skip
            assert found.started > 50
            listening.follow_up_by_week(work, weeks=6)
            asking.series(work, Question("care", "negative_share", since=until - timedelta(days=42)))

    costs = []
    for times in (1, 3):
        filling.fill(app.unit_of_work, version_id, elements, visits=600 * times, items=300 * times)
        rebuild_rollups(app.unit_of_work)
        costs.append((len(statements_of(app, page)), effort(app, page)))
    (few, little), (many, much) = costs
    assert few == many <= 95
    assert much < 2 * little, "four times as many rows"


@pytest.mark.both_databases
def test_what_changed_on_a_long_day_costs_no_more_than_on_a_short_one(
    app: App, go_live: GoLive, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight links to items of one day: the sweep reads about as much whether the day has 700 cases or 2,800.

    How much of what was said that day is followed up is counted in one statement over its items, which are as many.
    """
    version_id = go_live(CARE, "care")
    clock.advance(timedelta(days=60))
    monkeypatch.setattr(filling, "YEAR", timedelta(hours=6))
    with app.unit_of_work.reading() as work:
        elements = engine_queries.get_version(work, version_id).elements
    costs, sqlite = [], app.database.dialect.name == "sqlite"
    for times in (1, 3):
        filling.fill(app.unit_of_work, version_id, elements, visits=7_000 * times, items=400 if times == 1 else 0)
        clock.advance(timedelta(minutes=10))
        rebuild_rollups(app.unit_of_work)
        sweep_rollups(app.unit_of_work)
        _link_some(app, version_id, 8)
        statements = statements_of(app, lambda: sweep_rollups(app.unit_of_work))
        _link_some(app, version_id, 8)
        costs.append((len(statements), effort(app, lambda: sweep_rollups(app.unit_of_work)) if sqlite else 0))
    (few, little), (many, much) = costs
    assert many <= few + 20, costs
    assert much < 2 * little or not sqlite, "four times as many cases on the same day"


def _link_some(app: App, version_id: int, count: int) -> None:
    with app.unit_of_work() as work:
        items = work.session.scalars(select(FeedbackItem.id).order_by(FeedbackItem.id).limit(count)).all()
        for item in items:
            made = Attribution(
                item_id=item, definition_key="care", version_id=version_id, instance_id=None, element="mend",
                kind=LinkKind.SAID_DURING, method=AttributionMethod.RECORDED, confidence=1.0, evidence="",
                author="system", valid_from=work.now(),
            )  # fmt: skip
            work.session.add(made)
