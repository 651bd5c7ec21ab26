"""Gaps of who can talk about what; a learner's decisions beside the real ones; chances only after, and with consent."""

from datetime import date

import pytest

from bpm import identity
from bpm.app import App
from bpm.feedback import Taker
from bpm.feedback.items import get_current
from bpm.feedback.models import ContactPoint
from bpm.feedback.people.consent import give_consent
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.work import Actor
from bpm.processes import handing_over, routing
from bpm.processes.handing_over import may_follow
from bpm.processes.routing.reasons import reasons
from bpm.processes.routing.shadowing import Compared, agreement
from bpm.processes.routing.skills import Training
from tests.processes.conftest import Say, make_person


def test_a_reason_with_nobody_trained_and_active_is_a_gap_and_stands_first() -> None:
    topics = [("billing", 9, "harder"), ("delivery / late", 5, "simple"), ("fraud", 2, "difficult")]
    trainings = [Training(1, "delivery"), Training(2, "fraud", date(2026, 3, 1)), Training(9, "billing")]
    found = reasons(topics, trainings, {1: "Ann", 2: "Ben"}, on=date(2026, 3, 2))
    assert [(each.topic, each.is_gap, each.people) for each in found] == [
        ("billing", True, ()),  # who was trained is gone
        ("fraud", True, ()),  # the training is over
        ("delivery / late", False, ("Ann",)),
    ]


def test_agreement_counts_what_is_decided_alone() -> None:
    rows = [Compared(1, "do", "x", "do", "y"), Compared(2, "no", "x", "do", "y"), Compared(3, "no", "x", None, "")]
    assert (agreement(rows).hits, agreement(rows).n) == (1, 2)


def test_a_learner_says_what_they_would_do_and_reads_later_whether_it_was_done(
    app: App, say: Say, advocate: Actor
) -> None:
    learner = make_person(app, "lea", "advocate")
    one, two = say(), say()
    for item_id, would in ((one, "no"), (one, "do"), (two, "no")):
        with app.unit_of_work(learner) as work:
            routing.shadow(work, item_id, would, why="As the book says.")
    with pytest.raises(InvalidInputError), app.unit_of_work(learner) as work:
        routing.shadow(work, two, "perhaps", why="x")
    with app.unit_of_work.reading() as work:
        assert get_current(work, one).decision is None
        assert routing.list_learners(work)[0].waiting == 2
    for item_id in (one, two):
        with app.unit_of_work(advocate) as work:
            handing_over.decide(work, item_id, "do", reason="She is right.")
    with app.unit_of_work.reading() as work:
        (found,) = routing.list_learners(work)
        assert (found.name, found.agreement.hits, found.agreement.n, found.waiting) == ("Lea", 1, 2, 0)
    with pytest.raises(ConflictError), app.unit_of_work(learner) as work:
        routing.shadow(work, one, "no", why="Too late.")


@pytest.mark.parametrize(
    ("troubles", "open_work", "consent", "word"),
    [(1, 0, True, "settled"), (0, 1, True, "open"), (0, 0, False, "agreed"), (0, 0, True, "")],
)
def test_a_chance_waits_for_the_matter_then_for_consent(
    troubles: int, open_work: int, consent: bool, word: str
) -> None:
    found = may_follow(troubles_open=troubles, work_open=open_work, has_consent=consent)
    assert found.is_open == (not word)
    assert word in found.why_not


def test_a_chance_on_an_open_complaint_is_refused_with_the_reason_and_goes_on_after(
    app: App, say: Say, advocate: Actor
) -> None:
    item_id = say()
    with app.unit_of_work() as work:
        identity.ensure_group(work, "sales")
    sales = Taker(group_key="sales")
    with pytest.raises(ConflictError, match="not settled"), app.unit_of_work(advocate) as work:
        handing_over.follow(work, item_id, sales, what="A bigger plan.")
    with app.unit_of_work(advocate) as work:
        handing_over.decide(work, item_id, "do", reason="Sent again.")
    with pytest.raises(ConflictError, match="not agreed"), app.unit_of_work(advocate) as work:
        handing_over.follow(work, item_id, sales, what="A bigger plan.")
    with app.unit_of_work(advocate) as work:
        customer = get_current(work, item_id).customer_id
        point = work.session.query(ContactPoint).filter_by(customer_id=customer).first()
        assert point is not None
        give_consent(work, point.id, purpose="offers", channel="email", given_by="The form of March.")
    with pytest.raises(InvalidInputError), app.unit_of_work(advocate) as work:
        handing_over.follow(work, item_id, sales, what=" ")
    with app.unit_of_work(advocate) as work:
        row = handing_over.follow(work, item_id, sales, what="A bigger plan.")
        assert (row.group_key, row.status, "A bigger plan." in row.note) == ("sales", "open", True)
