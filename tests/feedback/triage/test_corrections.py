"""Classifications and corrections: one claim is current, a person overrules the machine, every change is kept."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bpm import feedback
from bpm.app import App
from bpm.feedback import Evidence, queries
from bpm.feedback.events import FeedbackClassified
from bpm.feedback.models import Classification, Correction
from bpm.feedback.queries import ItemFilter
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.work import Actor
from tests.feedback.conftest import reading

pytestmark = pytest.mark.both_databases

Receive = Callable[..., int]


@pytest.fixture
def heard(app: App) -> list[FeedbackClassified]:
    found: list[FeedbackClassified] = []
    app.bus.subscribe(FeedbackClassified, lambda work, event: found.append(event))
    return found


def test_a_reading_becomes_the_current_classification(
    app: App, receive: Receive, heard: list[FeedbackClassified]
) -> None:
    item = receive()
    evidence = (Evidence(4, 10, "parcel", "complaint", 0.7),)
    with app.unit_of_work() as work:
        assert [each.id for each in queries.list_unclassified(work)] == [item]
        feedback.record_classification(work, item, reading(evidence=evidence))
    with app.unit_of_work.reading() as work:
        assert queries.list_unclassified(work) == []
        detail = queries.get_item(work, item)
        assert queries.kinds_of(work, [item, 99]) == {item: "complaint"}
    assert (detail.row.primary, detail.row.urgency, detail.row.topic) == ("complaint", 2, "delivery")
    assert detail.row.text[detail.evidence[0]["start"] : detail.evidence[0]["end"]] == "parcel"
    assert heard == [FeedbackClassified(item)]


def test_a_newer_model_replaces_the_older_one(app: App, receive: Receive) -> None:
    item = receive()
    for version, kind in (("m1", "complaint"), ("m2", "request")):
        with app.unit_of_work() as work:
            feedback.record_classification(work, item, reading(kind, model_version=version))
    with app.unit_of_work.reading() as work:
        rows = work.session.scalars(select(Classification).order_by(Classification.id)).all()
        assert [(row.primary, row.current) for row in rows] == [("complaint", False), ("request", True)]


def test_a_correction_is_current_kept_and_told(
    app: App, receive: Receive, advocate: Actor, heard: list[FeedbackClassified]
) -> None:
    item = receive()
    with app.unit_of_work() as work:
        feedback.record_classification(work, item, reading())
    with app.unit_of_work(advocate) as work:
        feedback.correct(work, item, primary="request", urgency=1)
    with app.unit_of_work.reading() as work:
        row = queries.get_item(work, item).row
        kept = {each.field: (each.before, each.after) for each in work.session.scalars(select(Correction))}
    assert (row.primary, row.urgency, row.sentiment, row.confidence) == ("request", 1, -0.8, 1.0)
    assert row.corrected
    assert kept == {"primary": ("complaint", "request"), "urgency": (2, 1), "kinds": (["complaint"], ["request"])}
    assert heard[-1] == FeedbackClassified(item, corrected=True)


def test_a_machine_does_not_overrule_a_person(app: App, receive: Receive, advocate: Actor) -> None:
    item = receive()
    with app.unit_of_work(advocate) as work:
        feedback.correct(work, item, primary="praise", sentiment=1)
    with app.unit_of_work() as work:
        feedback.record_classification(work, item, reading("complaint", model_version="m2"))
    with app.unit_of_work.reading() as work:
        assert queries.get_item(work, item).row.primary == "praise"


def test_correcting_what_is_right_already_keeps_no_correction(app: App, receive: Receive, advocate: Actor) -> None:
    item = receive()
    with app.unit_of_work() as work:
        feedback.record_classification(work, item, reading(abstained=True, confidence=0.3))
    with app.unit_of_work(advocate) as work:
        feedback.correct(work, item, primary="complaint")
    with app.unit_of_work.reading() as work:
        assert work.session.scalars(select(Correction)).all() == []
        row = queries.get_item(work, item).row
    assert (row.corrected, row.abstained) == (True, False)


def test_only_a_person_corrects_and_only_to_labels_that_exist(app: App, receive: Receive, advocate: Actor) -> None:
    item = receive()
    with pytest.raises(ForbiddenError), app.unit_of_work() as work:
        feedback.correct(work, item, primary="praise")
    with pytest.raises(InvalidInputError, match="outage_report"), app.unit_of_work(advocate) as work:
        feedback.correct(work, item, primary="rant")
    with pytest.raises(InvalidInputError), app.unit_of_work(advocate) as work:
        feedback.correct(work, item, urgency=4)


def test_filters_narrow_the_list(app: App, receive: Receive) -> None:
    angry, calm, unread = receive("The parcel is 50% late"), receive("Lovely shop"), receive("Hm", channel="chat")
    with app.unit_of_work() as work:
        feedback.record_classifications(
            work, {angry: reading(), calm: reading("praise", sentiment=0.9, urgency=0, topic=None)}
        )
    expected = [
        (ItemFilter(kind="complaint"), {angry}),
        (ItemFilter(topic="delivery"), {angry}),
        (ItemFilter(channel="chat"), {unread}),
        (ItemFilter(min_urgency=2), {angry}),
        (ItemFilter(sentiment="positive"), {calm}),
        (ItemFilter(unsure=True), {unread}),
        (ItemFilter(text="parcel LATE"), {angry}),
        (ItemFilter(text="50%"), {angry}),
        (ItemFilter(text="_"), set()),
        (ItemFilter(ids=[calm, unread]), {calm, unread}),
        (ItemFilter(undecided=True), {angry, calm, unread}),
    ]
    with app.unit_of_work.reading() as work:
        for wanted, ids in expected:
            assert {row.id for row in queries.list_items(work, wanted).rows} == ids, wanted
            assert queries.count_by(work, wanted) == len(ids)


def test_pages_follow_each_other_without_gap_or_repetition(app: App, receive: Receive) -> None:
    items = [receive(f"word {number}") for number in range(7)]
    seen: list[int] = []
    after = None
    with app.unit_of_work.reading() as work:
        while True:
            page = queries.list_items(work, ItemFilter(after=after), 3)
            seen += [row.id for row in page.rows]
            after = page.after
            if after is None:
                break
    assert sorted(seen) == items
    assert len(seen) == len(set(seen))
