"""Under the limit nobody is asked, above it somebody else decides; what only one customer gets is PR."""

import pytest

from bpm import feedback
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine.queries import WorkItemFilter, WorkItemRow
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.work import Actor
from bpm.processes import goodwill, routing
from bpm.processes.goodwill import GestureRow, Rules, Wish
from bpm.processes.status import Purpose
from tests.processes.conftest import Say, make_person


def wish(cost: int, purpose: Purpose = Purpose.SERVICE, margin: int | None = None) -> Wish:
    return Wish(
        what="A voucher", amount=cost, cost=cost, purpose=purpose, why="Three weeks late.", margin_per_visit=margin
    )


def tasks(app: App, person: Actor) -> list[WorkItemRow]:
    with app.unit_of_work.reading(person) as work:
        return list(engine_queries.list_work_items(work, WorkItemFilter()).rows)


def gesture(app: App, item_id: int) -> GestureRow:
    with app.unit_of_work.reading() as work:
        return goodwill.gestures_of(work, item_id)[-1]


def test_under_the_limit_no_approval_is_made_and_a_new_topic_takes_the_talk_from_nobody(
    app: App, say: Say, advocate: Actor
) -> None:
    item_id = say()
    with app.unit_of_work(advocate) as work:
        routing.assign(work, item_id, advocate.user_id or 0)
        goodwill.give(work, item_id, wish(5_000, margin=800))
    found = gesture(app, item_id)
    assert (found.status, found.visits, found.for_all, found.verdict.is_given) == ("given", 7, 5_000_000, True)
    assert tasks(app, advocate) == []

    with app.unit_of_work(advocate) as work:
        feedback.correct(work, item_id, topic="sales")
    with app.unit_of_work.reading() as work:
        assert routing.owners(work, [item_id])[item_id].user_id == advocate.user_id


def test_above_the_limit_somebody_else_decides_and_never_the_giver(app: App, say: Say, advocate: Actor) -> None:
    boss = make_person(app, "mia", "manager", "operations")
    item_id = say(urgency=3)
    for approved, person, status in ((True, boss, "given"), (False, boss, "declined"), (True, advocate, "declined")):
        with app.unit_of_work(advocate) as work:
            goodwill.give(work, item_id, wish(9_000))
        assert gesture(app, item_id).status == "waiting"
        (task,) = tasks(app, boss)
        assert task.name == "Approve a gesture"
        with app.unit_of_work(person) as work:
            engine.complete(work, task.id, {"approved": approved, "approval_why": "As it is."}, by_form=True)
        assert gesture(app, item_id).status == status
        assert tasks(app, boss) == []


def test_what_the_rule_gives_nobody_else_is_booked_as_pr(app: App, say: Say, advocate: Actor) -> None:
    item_id = say(primary="praise", extra={"followers": 100_000})
    with pytest.raises(InvalidInputError, match="no service"), app.unit_of_work(advocate) as work:
        goodwill.give(work, item_id, wish(4_000))
    with app.unit_of_work(advocate) as work:
        goodwill.give(work, item_id, wish(4_000, Purpose.PR))
    found = gesture(app, item_id)
    assert (found.purpose, found.verdict.is_given, found.verdict.up_to) == ("pr", False, 0)
    with app.unit_of_work.reading() as work:
        assert goodwill.totals(goodwill.gestures_of(work, item_id)) == {Purpose.SERVICE: (0, 0), Purpose.PR: (1, 4_000)}
    for wrong in (wish(0), Wish("", 1, 1, Purpose.PR, "x"), Wish("x", 1, 1, Purpose.PR, " ")):
        with pytest.raises(InvalidInputError), app.unit_of_work(advocate) as work:
            goodwill.give(work, item_id, wrong)


def test_the_rules_are_a_managers_and_each_change_has_its_reason(app: App, say: Say, advocate: Actor) -> None:
    boss = make_person(app, "mia", "manager", "operations")
    with pytest.raises(ForbiddenError), app.unit_of_work(advocate) as work:
        goodwill.save_rules(work, Rules(), reason="More for all.")
    for rules, reason in ((Rules(), " "), (Rules(approvers="nobody"), "They know.")):
        with pytest.raises(InvalidInputError), app.unit_of_work(boss) as work:
            goodwill.save_rules(work, rules, reason=reason)
    with app.unit_of_work(boss) as work:
        goodwill.save_rules(work, Rules(limits={"maya": 20_000}), reason="She has the long ones.")
    item_id = say(urgency=3)
    with app.unit_of_work(advocate) as work:
        goodwill.give(work, item_id, wish(15_000))
    assert gesture(app, item_id).status == "given"
