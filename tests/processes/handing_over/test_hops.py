"""How often feedback changes hands: a hard matter goes to a knowledge worker without a hop through the first line."""

import pytest

from bpm import identity
from bpm.app import App
from bpm.engine import queries as engine_queries
from bpm.engine import teamwork
from bpm.engine.queries import WorkItemFilter
from bpm.engine.teamwork import Recipient
from bpm.feedback import Taker
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes import handing_over, routing
from bpm.processes.handing_over import Order
from bpm.processes.handing_over.hops import count
from bpm.processes.routing import ADVOCATES, Table
from tests.processes.conftest import Say, make_person


@pytest.mark.parametrize(
    ("owners", "takers", "is_hard", "found"),
    [
        (0, (), True, (0, 0)),
        (1, (), True, (0, 0)),
        (3, (), False, (2, 0)),
        (1, ("it", "service"), False, (2, 0)),
        (2, ("service", "it", "service"), True, (4, 2)),
    ],
)
def test_the_first_owner_is_no_hop_and_only_hard_ones_are_counted_through_the_first_line(
    owners: int, takers: tuple[str, ...], is_hard: bool, found: tuple[int, int]
) -> None:
    assert count(owners, takers, first_line="service", is_hard=is_hard) == found


def test_a_hard_matter_lands_with_a_knowledge_worker_in_no_hop_and_each_hand_off_counts(
    app: App, say: Say, clock: FixedClock
) -> None:
    expert = make_person(app, "eva", "advocate")
    first = make_person(app, "sam", "staff", "service")
    it = make_person(app, "ivan", "staff", "it")
    with app.unit_of_work() as work:
        identity.set_skills(work, expert.user_id or 0, {"fraud": None})
        routing.save_table(work, _with(routing.get_table(work)), reason="By itself.")
    hard, simple = say(topic="fraud", channel="call"), say(topic="delivery", channel="call")
    assert routing.sweep_assignments(app.unit_of_work) == 2
    with app.unit_of_work.reading() as work:
        owned = {item: each.name for item, each in routing.owners(work, [hard, simple]).items()}
    assert owned == {hard: "Eva", simple: "Sam"}

    with app.unit_of_work(first) as work:
        handing_over.hand_over(work, simple, Order((Taker(group_key="it"),)))
    with app.unit_of_work(it) as work:
        (task,) = engine_queries.list_work_items(work, WorkItemFilter(scope="groups")).rows
        teamwork.hand_over(work, task.id, Recipient(group="service"))
    _decide(app, expert, hard)
    _decide(app, first, simple)
    with app.unit_of_work.reading() as work:
        rows = {row.item_id: row for row in handing_over.hops_of(work, [hard, simple])}
        table = handing_over.hops_in(work, since=clock.now().replace(day=1), until=clock.now().replace(day=28))
    assert (rows[hard].is_hard, rows[hard].hops, rows[hard].through_first_line) == (True, 0, 0)
    assert (rows[simple].is_hard, rows[simple].hops) == (False, 2)
    told = [(each.is_hard, each.items, each.none.hits, each.mean) for each in table]
    assert told == [(True, 1, 1, 0), (False, 1, 0, 2)]


def _with(table: Table) -> Table:
    return Table(table.rows, table.from_level, frozenset({ADVOCATES, "service"}))


def _decide(app: App, person: Actor, item_id: int) -> None:
    with app.unit_of_work(person) as work:
        handing_over.decide(work, item_id, "do", reason="Right.", knowing=True)
