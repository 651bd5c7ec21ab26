"""Work items: who sees them, who has them, who was first, and what a form takes."""

from datetime import timedelta

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import WorkItem
from bpm.engine.queries import WorkItemFilter, get_work_item, list_work_items
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, NotFoundError
from bpm.foundation.work import Actor
from tests.engine import acting
from tests.engine.models import ONE_TASK, begin, go_live
from tests.engine.refund_forms import FOR_SERVICE, FORM

pytestmark = pytest.mark.both_databases


def test_a_person_sees_what_is_offered_to_their_groups_and_nothing_else(app: App, anna: Actor, cleo: Actor) -> None:
    go_live(app, FOR_SERVICE)
    begin(app, "served")
    (item,) = acting.items(app, anna)
    assert acting.items(app, cleo) == ()
    with pytest.raises(NotFoundError), app.unit_of_work.reading(cleo) as work:
        get_work_item(work, item.id)
    with pytest.raises(NotFoundError), app.unit_of_work(cleo) as work:
        engine.complete(work, item.id, {})
    with pytest.raises(NotFoundError), app.unit_of_work(cleo) as work:
        engine.claim(work, item.id)
    with pytest.raises(NotFoundError), app.unit_of_work(cleo) as work:
        engine.save_draft(work, item.id, {"a": 1})


def test_work_that_is_assigned_is_seen_by_its_person_whatever_their_groups(app: App, olga: Actor, cleo: Actor) -> None:
    go_live(app, FOR_SERVICE)
    begin(app, "served")
    (item,) = acting.items(app, olga)
    with app.unit_of_work(olga) as work:
        engine.assign(work, item.id, cleo.user_id or 0)
    assert [row.id for row in acting.items(app, cleo, scope="mine")] == [item.id]


def test_work_offered_to_nobody_in_particular_is_everybodys(app: App, anna: Actor, cleo: Actor) -> None:
    go_live(app, ONE_TASK)
    begin(app, "one")
    assert acting.items(app, anna) == acting.items(app, cleo) != ()


def test_one_claims_and_the_other_reads_who_has_it(app: App, clock: FixedClock, anna: Actor, ben: Actor) -> None:
    go_live(app, FOR_SERVICE)
    begin(app, "served")
    (item,) = acting.items(app, anna)
    with app.unit_of_work(anna) as work:
        engine.claim(work, item.id)
        engine.claim(work, item.id)
    clock.advance(timedelta(minutes=5))
    with pytest.raises(ConflictError, match=r"Anna claimed .* at 2026-03-02 09:00"), app.unit_of_work(ben) as work:
        engine.claim(work, item.id)
    with pytest.raises(ConflictError, match="Anna has this work item"), app.unit_of_work(ben) as work:
        engine.complete(work, item.id, {})
    assert acting.items(app, ben, scope="groups") == ()
    with app.unit_of_work(anna) as work:
        engine.release(work, item.id)
    assert len(acting.items(app, ben, scope="groups")) == 1


def test_who_completes_second_reads_who_was_first_and_when(app: App, anna: Actor, ben: Actor) -> None:
    go_live(app, FOR_SERVICE)
    begin(app, "served")
    (item,) = acting.items(app, anna)
    with app.unit_of_work(anna) as work:
        engine.complete(work, item.id, {})
    with pytest.raises(ConflictError, match=r"Anna completed .* at 2026-03-02 09:00:00"), app.unit_of_work(ben) as work:
        engine.complete(work, item.id, {})
    assert acting.broken(app) == []


def test_work_of_a_cancelled_instance_says_that_its_process_withdrew_it(app: App, anna: Actor) -> None:
    go_live(app, FOR_SERVICE)
    instance_id = begin(app, "served")
    (item,) = acting.items(app, anna)
    with app.unit_of_work() as work:
        engine.cancel(work, instance_id, reason="over")
    with pytest.raises(ConflictError, match="withdrawn"), app.unit_of_work(anna) as work:
        engine.complete(work, item.id, {})


def test_what_fits_the_form_becomes_the_result_and_the_variables(app: App, anna: Actor) -> None:
    go_live(app, FOR_SERVICE, forms={"Answer": FORM})
    instance_id = begin(app, "served")
    acting.complete(app, "Answer", {"answer": "done", "amount": 2.5}, actor=anna)
    (item,) = acting.items(app, status="completed")
    with app.unit_of_work.reading() as work:
        detail = get_work_item(work, item.id)
    assert detail.result == {"answer": "done", "amount": 2.5}
    assert detail.completed_by == "Anna"
    assert detail.schema == FORM
    assert acting.instance(app, instance_id).variables == {"answer": "done", "amount": 2.5}


def test_a_draft_may_be_incomplete_and_goes_when_the_work_is_done(app: App, anna: Actor) -> None:
    go_live(app, FOR_SERVICE, forms={"Answer": FORM})
    begin(app, "served")
    (item,) = acting.items(app)
    with app.unit_of_work(anna) as work:
        engine.save_draft(work, item.id, {"kind": "maybe", "unknown": 1})
    with app.unit_of_work.reading() as work:
        assert get_work_item(work, item.id).draft == {"kind": "maybe"}
    acting.complete(app, "Answer", {"answer": "x"})
    with app.unit_of_work.reading() as work:
        assert get_work_item(work, item.id).draft is None


def test_pages_of_open_work_join_without_gap_or_double(app: App, anna: Actor) -> None:
    go_live(app, FOR_SERVICE, ONE_TASK)
    for _ in range(4):
        begin(app, "served")
        begin(app, "one")
    seen: list[int] = []
    after: int | None = None
    with app.unit_of_work.reading(anna) as work:
        for _ in range(10):
            page = list_work_items(work, WorkItemFilter(after=after), limit=3)
            seen += [row.id for row in page.rows]
            after = page.after
            if after is None:
                break
        everything = list(work.session.query(WorkItem.id).order_by(WorkItem.id))
    assert seen == [row.id for row in everything]


def test_the_list_can_be_narrowed_to_a_process_and_to_words(app: App) -> None:
    go_live(app, FOR_SERVICE, ONE_TASK)
    begin(app, "served")
    with app.unit_of_work() as work:
        engine.start(work, "one", {}, business_key="R-17")
    assert [item.element for item in acting.items(app, process="served")] == ["Answer"]
    assert [item.element for item in acting.items(app, text="read")] == ["Read"]
    assert [item.element for item in acting.items(app, text="R-17")] == ["Read"]
    assert acting.items(app, text="50%") == ()
