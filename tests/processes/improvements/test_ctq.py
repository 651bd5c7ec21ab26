"""What is critical to quality: leaves name a measure with limits; how well they are met is what a hand count gives."""

from datetime import timedelta

import pytest

from bpm import processes
from bpm.app import App
from bpm.engine import api as engine
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.work import Actor
from bpm.processes import improvements
from bpm.processes.improvements import ImprovementDraft, ctq
from bpm.processes.improvements.ctq import NodeDraft
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE

DAYS = (0.5, 1, 1.5, 2, 2, 3, 3, 4, 6, 7, 9, 12)
"""How many days each parcel took: the fixture."""


@pytest.fixture
def idea(app: App, go_live: GoLive, advocate: Actor) -> int:
    go_live(CARE, "care")
    with app.unit_of_work(advocate) as work:
        return improvements.propose_improvement(work, ImprovementDraft("care", "Quicker parcels"))


def test_a_leaf_names_a_measure_with_a_limit_and_stands_under_a_driver(app: App, idea: int, advocate: Actor) -> None:
    with app.unit_of_work(advocate) as work:
        need = ctq.add_node(work, idea, NodeDraft("need", "My parcel comes when you say"))
        driver = ctq.add_node(work, idea, NodeDraft("driver", "Speed", need))
        for wrong, field in (
            (NodeDraft("ctq", "Fast", driver, "", "", "3"), "measure"),
            (NodeDraft("ctq", "Fast", driver, "likes", "", "3"), "measure"),
            (NodeDraft("ctq", "Fast", driver, "waiting"), "upper"),
            (NodeDraft("ctq", "Fast", driver, "waiting", "5", "3"), "upper"),
            (NodeDraft("ctq", "Fast", driver, "waiting", "", "soon"), "upper"),
            (NodeDraft("ctq", "Fast", need, "waiting", "", "3"), "parent"),
            (NodeDraft("driver", "Speed", driver), "parent"),
            (NodeDraft("need", " "), "words"),
            (NodeDraft("wish", "More"), "kind"),
        ):
            with pytest.raises(InvalidInputError) as refused:
                ctq.add_node(work, idea, wrong)
            assert field in refused.value.fields, wrong
        leaf = ctq.add_node(work, idea, NodeDraft("ctq", "It waits a day at most", driver, "waiting", "", "24"))
        [root] = ctq.read_tree(work, idea)
        node = root.children[0].children[0]
        assert (node.id, node.measure_title, node.limits) == (leaf, "Waiting time", "at most 24 hours")
        ctq.drop_node(work, idea, need)
        assert ctq.read_tree(work, idea) == ()


def test_the_met_rate_is_that_of_a_hand_count(
    app: App, idea: int, say: Say, advocate: Actor, clock: FixedClock
) -> None:
    with app.unit_of_work() as work:
        cases = [engine.start(work, "care", {"days": days, "late": days > 3}).id for days in DAYS]
    for place, sentiment in enumerate([-0.9] * 3 + [0.5] * 9):
        item = say(f"Parcel {place}.", sentiment=sentiment)
        with app.unit_of_work(advocate) as work:
            processes.attribute(work, item, version_id=1, element="read", instance_id=cases[place])
    clock.advance(timedelta(hours=30))
    with app.unit_of_work(advocate) as work:
        need = ctq.add_node(work, idea, NodeDraft("need", "My parcel comes when you say"))
        driver = ctq.add_node(work, idea, NodeDraft("driver", "Speed", need))
        days = ctq.add_node(work, idea, NodeDraft("ctq", "Three days", driver, "variable:days", "", "3"))
        words = ctq.add_node(work, idea, NodeDraft("ctq", "Content", driver, "negative_share", "", "20"))
        waits = ctq.add_node(work, idea, NodeDraft("ctq", "Seen within a day", driver, "waiting", "", "24"))
        [root] = ctq.read_tree(work, idea)
        leaves = root.children[0].children
        found = {key: rows[0] for key, rows in ctq.figures_of(work, idea, leaves).items() if rows}
    assert (found[days].met.hits, found[days].met.n) == (sum(each <= 3 for each in DAYS), len(DAYS)) == (7, 12)
    assert found[days].dpmo == pytest.approx(5 / 12 * 1_000_000)
    assert found[days].sigma == pytest.approx(1.71, abs=0.005)
    assert "Fewer than 30" in found[days].capability.why_not
    assert (found[words].met.hits, found[words].met.n) == (9, 12)
    assert "numbers or times" in found[words].capability.why_not
    # Nobody has taken a task yet: each has waited for 30 hours, and cannot meet 24 any more.
    assert (found[waits].met.hits, found[waits].met.n, found[waits].open) == (0, 12, 0)
    assert found[waits].sigma is None
