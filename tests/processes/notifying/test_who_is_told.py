"""Who is told of what: tasks, due times, failures, signatures, versions, imports and bulk actions."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update

from bpm import feedback, identity, notices, processes
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import teamwork
from bpm.engine.models import Failure, WorkItem
from bpm.feedback.models import ImportRun
from bpm.feedback.status import ImportStatus
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.notices import Way
from bpm.processes.notifying import SOON, due_kind
from bpm.worker import sweep_once
from tests.conftest import MONDAY
from tests.notices.conftest import choose, subjects, told
from tests.web.conftest import REFUND, put_live, start_refund

pytestmark = pytest.mark.both_databases


def make(app: App, name: str, *roles: str, groups: tuple[str, ...] = ()) -> Actor:
    with app.unit_of_work() as work:
        user = identity.create_user(
            work, name, display_name=name.capitalize(), password="correct horse battery",
            roles=list(roles or ("staff",)), groups=list(groups),
        )  # fmt: skip
        return identity.actor_of(user)


def told_all(app: App) -> None:
    """What the worker does for notices."""
    notices.sweep_cues(app.unit_of_work, processes.TELLERS)
    processes.sweep_due(app.unit_of_work)
    processes.sweep_offers(app.unit_of_work)
    processes.sweep_settled(app.unit_of_work)


def items(app: App) -> list[int]:
    with app.unit_of_work.reading() as work:
        return [row[0] for row in work.session.query(WorkItem.id).order_by(WorkItem.id)]


def hand_over(app: App, who: Actor, item: int, to: Actor) -> None:
    with app.unit_of_work(who) as work:
        engine.assign(work, item, to.user_id or 0)


def set_due(app: App, due_at: datetime) -> None:
    with app.unit_of_work() as work:
        work.session.execute(update(WorkItem).values(due_at=due_at))


NAMED = REFUND.replace(b'camunda:candidateGroups="service"', b'camunda:assignee="ada"', 1)


def test_tasks_that_a_process_gives_to_a_person_are_one_notice(app: App) -> None:
    ada = make(app, "ada", groups=("service",))
    put_live(app, NAMED)
    start_refund(app, "A-1")
    told_all(app)
    assert [(row.subject, row.link) for row in told(app, ada)] == [
        ("A task for you: “Check the claim” (Refund A-1)", f"/tasks/{items(app)[0]}")
    ]
    for number in range(3):
        start_refund(app, f"B-{number}")
    told_all(app)
    [row] = told(app, ada)
    assert (row.subject, row.link, row.count) == (
        "Tasks for you: “Check the claim” (Refund)", "/tasks?scope=mine", 4,
    )  # fmt: skip


def test_what_is_over_is_done_and_counts_no_longer(app: App) -> None:
    ada, bob = make(app, "ada", groups=("service",)), make(app, "bob", groups=("service",))
    put_live(app)
    start_refund(app)
    [item] = items(app)
    hand_over(app, ada, item, bob)
    assert subjects(app, bob) == ["Ada gave you “Check the claim” (Refund A-17)"]
    hand_over(app, bob, item, ada)
    told_all(app)
    assert (len(subjects(app, ada)), subjects(app, bob)) == (1, [])
    with app.unit_of_work(ada) as work:
        engine.complete(work, item, {"approved": False, "amount": 5})
    told_all(app)
    assert subjects(app, ada) == []
    assert told(app, ada)[0].done_at is not None


def test_offers_are_told_to_those_who_asked_and_only_what_is_new(app: App, clock: FixedClock) -> None:
    ada, bob = make(app, "ada", groups=("service",)), make(app, "bob", groups=("service",))
    put_live(app)
    start_refund(app, "before")
    with app.unit_of_work(ada) as work:
        kept = notices.get_preferences(work, ada.user_id or 0)
        wanted = notices.Preferences({**kept.ways, "offered": Way.SCREEN})
        notices.save_preferences(work, ada.user_id or 0, wanted, newest_offer=processes.newest_task(work))
    clock.advance(timedelta(minutes=1))
    told_all(app)
    assert subjects(app, ada) == []
    for number in range(3):
        start_refund(app, f"C-{number}")
    clock.advance(timedelta(minutes=1))
    told_all(app)
    told_all(app)
    assert [(row.subject, row.count) for row in told(app, ada)] == [("New tasks for Service", 3)]
    assert subjects(app, bob) == []


@pytest.mark.parametrize(
    ("created", "due", "kind"),
    [
        (-10, None, None),
        (-10, 5, None),
        (-10, 4, "due_soon"),
        (-10, 1, "due_soon"),
        (-1, 1, None),  # it was given less time than that
        (-10, 0, "overdue"),
        (-1, 0, "overdue"),
        (-100, -50, "overdue"),
    ],
)
def test_a_task_is_due_soon_or_overdue_by_its_times_alone(created: int, due: int | None, kind: str | None) -> None:
    hour = SOON / 4
    due_at = None if due is None else MONDAY + due * hour
    assert due_kind(_clocked(MONDAY + created * hour, due_at), MONDAY) == kind


def test_a_clock_that_stands_still_makes_no_task_overdue() -> None:
    task = _clocked(MONDAY - 3 * SOON, MONDAY - SOON / 4, target_seconds=3_600, paused_at=MONDAY - SOON / 2)
    assert due_kind(task, MONDAY) is None


def _clocked(created_at: datetime, due_at: datetime | None, **clock: Any) -> Any:
    return SimpleNamespace(
        created_at=created_at,
        due_at=due_at,
        **{"target_seconds": None, "paused_at": None, "paused_seconds": 0, **clock},
    )


def test_a_person_is_told_once_that_a_task_is_due_soon_and_once_that_it_is_overdue(app: App, clock: FixedClock) -> None:
    ada = make(app, "ada", groups=("service",))
    put_live(app)
    start_refund(app)
    with app.unit_of_work(ada) as work:
        engine.claim(work, items(app)[0])
    set_due(app, clock.now() + timedelta(hours=10))
    for hours, said in (
        (5, []),
        (1, ["Due soon"]),
        (1, ["Due soon"]),
        (3, ["Overdue", "Due soon"]),
        (1, ["Overdue", "Due soon"]),
    ):
        clock.advance(timedelta(hours=hours))
        told_all(app)
        told_all(app)
        assert [row.subject.split(":")[0] for row in told(app, ada)] == said
    assert {row.count for row in told(app, ada)} == {1}
    with app.unit_of_work(ada) as work:
        notices.mark_read(work)
    set_due(app, clock.now() + timedelta(hours=6))
    clock.advance(timedelta(hours=7))
    told_all(app)
    assert subjects(app, ada) == ["Overdue: “Check the claim”"]


def test_a_storm_of_failures_is_one_notice_for_operators_and_one_for_who_uploaded(app: App) -> None:
    otto, dora, eve = make(app, "otto", "operator"), make(app, "dora", "designer"), make(app, "eve", "staff")
    start, end = REFUND.index(b'<userTask id="check"'), REFUND.index(b"</userTask>") + len(b"</userTask>")
    asking = b'<serviceTask id="check" camunda:type="external" camunda:topic="nobody.does.this"/>'
    prepared = engine.check(REFUND[:start] + asking + REFUND[end:], "refund.bpmn")
    with app.unit_of_work(dora) as work:
        version = engine.deploy(work, prepared)
        for department in app.settings.sign_offs:
            engine.sign(work, version.id, department, method="console")
        engine.go_live(work, version.id)
    for number in range(12):
        start_refund(app, f"A-{number}")
    while sweep_once(app):
        pass
    told_all(app)
    [seen] = told(app, otto)
    assert (seen.subject, seen.count) == ("Refund fails at check", 12)
    assert seen.link.startswith("/operations/failures?cause=unknown_topic&element=check")
    assert [(row.subject, row.link) for row in told(app, dora)] == [("Refund fails at check", "/processes/refund")]
    assert told(app, eve) == []
    with app.unit_of_work() as work:
        for failure in work.session.query(Failure.id).all():
            engine.skip(work, failure[0], {"approved": False}, reason="by hand")
    told_all(app)
    assert subjects(app, otto) == []


def test_who_may_sign_is_asked_until_they_did_and_told_when_it_is_live(app: App) -> None:
    dora = make(app, "dora", "designer")
    mia = make(app, "mia", "manager", groups=("marketing",))
    ivo = make(app, "ivo", "manager", groups=("it",))
    make(app, "sam", "staff", groups=("it",))
    with app.unit_of_work(dora) as work:
        version = engine.deploy(work, engine.check(REFUND, "refund.bpmn"))
    asked = ["Your signature is wanted: Refund, version 1"]
    assert [subjects(app, each) for each in (mia, ivo, dora)] == [asked, asked, []]
    with app.unit_of_work(mia) as work:
        engine.sign(work, version.id, "marketing")
    assert [subjects(app, each) for each in (mia, ivo)] == [[], asked]
    with app.unit_of_work(ivo) as work:
        engine.sign(work, version.id, "it")
    with app.unit_of_work() as work:
        engine.sign(work, version.id, "operations", method="console")
    with app.unit_of_work(ivo) as work:
        engine.go_live(work, version.id)
    live = ["Refund, version 1 is live"]
    assert [subjects(app, each) for each in (dora, mia, ivo)] == [live, live, []]


def test_what_goes_live_in_one_go_asks_nobody(app: App) -> None:
    mia = make(app, "mia", "manager", groups=("marketing",))
    put_live(app)
    assert told(app, mia) == []


def test_who_began_an_import_is_told_how_it_ended(app: App) -> None:
    ida = make(app, "ida", "advocate")
    with app.unit_of_work() as work:
        for name, content in (("good.jsonl", b'{"text": "It came late."}\n'), ("bad.jsonl", b"")):
            work.session.add(
                ImportRun(
                    file_name=name,
                    format="jsonl",
                    channel="email",
                    source="shop",
                    mapping={"text": "text"},
                    status=ImportStatus.WAITING,
                    created_at=work.now(),
                    created_by=ida.user_id,
                    content=content,
                    total_bytes=len(content),
                )
            )
    while feedback.sweep_imports(app.unit_of_work):
        pass
    assert sorted(row.subject.split(":")[0].split(" stopped")[0] for row in told(app, ida)) == [
        "Import of bad.jsonl", "Import of good.jsonl",
    ]  # fmt: skip


def test_who_began_a_bulk_action_is_told_that_it_ended(app: App) -> None:
    otto = make(app, "otto", "operator")
    put_live(app)
    started = [start_refund(app, f"A-{number}") for number in range(3)]
    with app.unit_of_work(otto) as work:
        engine.begin_batch(work, "suspend", started, {}, reason="to look at them")
    while engine.sweep_batches(app.unit_of_work):
        pass
    assert subjects(app, otto) == ["Bulk action ended: 3 in all, 0 refused"]


def test_a_kind_that_a_person_turned_off_is_not_told(app: App) -> None:
    ada, bob = make(app, "ada", groups=("service",)), make(app, "bob", groups=("service",))
    choose(app, bob, "assigned", Way.OFF)
    put_live(app)
    start_refund(app)
    hand_over(app, ada, items(app)[0], bob)
    assert told(app, bob) == []


def test_a_task_handed_to_a_group_is_told_to_its_people_with_the_note(app: App) -> None:
    ada, fay = make(app, "ada", groups=("service",)), make(app, "fay", groups=("finance",))
    make(app, "gus", "manager", groups=("finance",))
    put_live(app)
    start_refund(app)
    [item] = items(app)
    with app.unit_of_work(ada) as work:
        teamwork.hand_over(work, item, teamwork.Recipient(group="finance"), text="It is about money.")
    told_of = "Ada handed “Check the claim” (Refund A-17) to your group: It is about money."
    assert (subjects(app, fay), subjects(app, ada)) == ([told_of], [])
    told_all(app)
    assert subjects(app, fay) == [told_of]
    with app.unit_of_work(fay) as work:
        engine.claim(work, item)
    told_all(app)
    assert subjects(app, fay) == []
