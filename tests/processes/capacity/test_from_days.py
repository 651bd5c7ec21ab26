"""What groups worked comes from the daybook as it would from the rows, however many tasks there are."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.app import App
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes import capacity
from bpm.processes.capacity.load import _worked
from bpm.processes.daybook.work_done import held_in, lanes_of, share_held
from bpm.processes.measures.rollups import rebuild_rollups
from tests.effort import effort, statements_of
from tests.processes.conftest import GoLive, Say
from tests.processes.economics.conftest import SavePlan
from tests.processes.economics.test_daybook import Company
from tests.processes.models import CARE
from tests.thoroughness import examples
from tools.volume import filling
from tools.volume.__main__ import put_process

ACTS = st.lists(
    st.tuples(
        st.sampled_from(("say", "claim", "complete", "wait", "sweep", "release", "detach", "hours")), st.integers(0, 3)
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


def compare(app: App, clock: FixedClock) -> None:
    """Group by group: tasks that were worked on, and hours, up to a millisecond for each task and day."""
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    with app.unit_of_work.reading() as work:
        versions = lanes_of(work)
        for length in (1, 3, 40):
            since = today - timedelta(days=length)
            seconds, tasks = _worked(work, since, today)
            rows = held_in(work, versions, since, today)
            held = list(share_held(work, rows, versions, since, today))
            for group in {each.group for each in held} | set(seconds):
                mine = [each for each in held if each.group == group]
                assert tasks[group] == len(mine)
                assert seconds[group] == pytest.approx(sum(each.seconds for each in mine), abs=0.001 * 40 * len(mine))


@pytest.mark.proof
def test_what_groups_worked_is_the_same_from_days_and_from_rows_whatever_happened(company: Company) -> None:
    @examples(10)
    @given(acts=ACTS)
    def histories(acts: list[tuple[str, int]]) -> None:
        for what, number in acts:
            company.act(what, number)
        compare(company.app, company.clock)

    histories()


@pytest.mark.both_databases
def test_what_groups_worked_is_the_same_from_days_that_are_kept(company: Company) -> None:
    for number, what in enumerate(("say", "claim", "wait", "complete", "claim", "wait", "release", "wait") * 4):
        company.act(what, number % 4)
    compare(company.app, company.clock)

    rebuild_rollups(company.app.unit_of_work)

    compare(company.app, company.clock)


@pytest.mark.both_databases
def test_capacity_asks_as_much_and_reads_hours_from_days_however_many_tasks_there_are(
    app: App, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    version_id, elements = put_process(app)
    clock.advance(timedelta(days=60))
    monkeypatch.setattr(filling, "YEAR", timedelta(days=34))

    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)

    def page() -> None:
        with app.unit_of_work.reading() as work:
            assert any(each.ended for each in capacity.list_capacity(work))

    def hours() -> None:
        with app.unit_of_work.reading() as work:
            assert _worked(work, today - timedelta(days=42), today)[1].total() >= 300

    costs = []
    for times in (1, 3):
        filling.fill(app.unit_of_work, version_id, elements, visits=600 * times, items=300 * times)
        rebuild_rollups(app.unit_of_work)
        costs.append((len(statements_of(app, page)), effort(app, hours)))
    (few, little), (many, much) = costs
    assert few == many <= 40
    assert much < 1.5 * little, "four times as many tasks"
