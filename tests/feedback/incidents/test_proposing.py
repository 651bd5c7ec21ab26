"""A morning outage is proposed in minutes, a quiet day and a new source are none, and people have the last word."""

from datetime import timedelta

from bpm import identity, notices
from bpm.app import App
from bpm.feedback import incidents
from bpm.feedback.incidents import IncidentWatch
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.statistics.bursts import Burst, Detector, Report
from tests.conftest import MONDAY
from tests.feedback.incidents.conftest import Report as Take


def test_the_morning_outage_is_proposed_within_fifteen_minutes_and_what_comes_after_joins(
    app: App, clock: FixedClock, report: Take, quiet_weeks: None, advocate: Actor
) -> None:
    """07:30 to 09:30; a report every five hours in the weeks before it."""
    clock.set(MONDAY.replace(hour=7, minute=29))
    watch = IncidentWatch(Detector)
    watch(app.unit_of_work)
    proposed_after = None
    for minute in range(0, 120, 3):
        clock.advance(timedelta(minutes=3))
        report(text=f"Cannot log in since this morning ({minute})")
        watch(app.unit_of_work)
        with app.unit_of_work.reading() as work:
            if proposed_after is None and incidents.list_bars(work):
                proposed_after = minute
    with app.unit_of_work.reading(advocate) as work:
        (row,) = incidents.list_incidents(work).rows
        detail = incidents.get_detail(work, row.id)
        (notice,) = notices.list_notices(work, unread=True).rows
    assert proposed_after is not None
    assert proposed_after <= 15
    assert (row.status, row.theme, row.people, row.items) == ("proposed", "login", 40, 40)
    assert row.began_at <= MONDAY.replace(hour=7, minute=35)
    assert detail.entries[-1].kind == "proposed"
    assert (notice.kind, notice.link) == ("incident", f"/incidents/{row.id}")


def test_one_person_who_writes_often_and_a_file_of_old_reports_propose_nothing(
    app: App, report: Take, quiet_weeks: None
) -> None:
    watch = IncidentWatch(Detector)
    watch(app.unit_of_work)
    for _ in range(20):
        report("ada")
    for minute in range(40):  # taken in now, said three days ago
        report(said_at=MONDAY - timedelta(days=3, minutes=minute))
    watch(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        assert incidents.list_incidents(work).rows == ()


def test_what_people_dismissed_is_not_proposed_again_the_same_morning(
    app: App, clock: FixedClock, report: Take, advocate: Actor, outage: int
) -> None:
    with app.unit_of_work(advocate) as work:
        incidents.dismiss(work, outage, reason="A drill.")
    watch = IncidentWatch(lambda: Always())
    watch(app.unit_of_work)
    clock.advance(timedelta(minutes=30))
    report("dee")
    watch(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        assert [row.status for row in incidents.list_incidents(work).rows] == ["dismissed"]
    clock.advance(timedelta(hours=13))
    report("eve")
    watch(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        assert [row.status for row in incidents.list_incidents(work).rows] == ["proposed", "dismissed"]


class Always:
    """A detector to which everything is a burst."""

    def feed(self, report: Report) -> list[Burst]:
        return [Burst(report.at, report.theme, "proposed", (report.item,), 0.1, 2, 900.0, 1e-9)]


def test_an_item_that_a_person_took_out_does_not_join_again(
    app: App, clock: FixedClock, report: Take, advocate: Actor, acknowledged: int
) -> None:
    with app.unit_of_work.reading() as work:
        gone = incidents.list_hit_items(work, acknowledged).rows[0].id
    with app.unit_of_work(advocate) as work:
        incidents.unlink_item(work, acknowledged, gone)
    watch = IncidentWatch(Detector)
    watch(app.unit_of_work)
    new = report("dee")
    watch(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        linked = {row.id for row in incidents.list_hit_items(work, acknowledged).rows}
        assert incidents.incident_of_item(work, new) is not None
        assert incidents.incident_of_item(work, gone) is None
    assert new in linked
    assert gone not in linked
    with app.unit_of_work(advocate) as work:
        assert incidents.link_items(work, acknowledged, [gone]) == 1


def test_praise_or_silence_hints_that_it_is_over(app: App, clock: FixedClock, report: Take, acknowledged: int) -> None:
    clock.advance(timedelta(minutes=5))
    for who in ("ada", "bob", "cyd"):
        report(who, "It works again, thank you!", kind="praise")
    incidents.sweep_incidents(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        (bar,) = incidents.list_bars(work)
    assert bar.calmer_because == "3 people wrote praise in the last hour"


def test_people_are_told_once_when_a_promised_word_is_due(
    app: App, clock: FixedClock, advocate: Actor, acknowledged: int
) -> None:
    assert incidents.sweep_due_updates(app.unit_of_work) == 0
    clock.advance(timedelta(minutes=61))
    assert [incidents.sweep_due_updates(app.unit_of_work) for _ in range(2)] == [1, 0]
    with app.unit_of_work.reading(advocate) as work:
        (row,) = notices.list_notices(work, unread=True).rows
        assert row.subject == "The promised update is due: Signing in fails"
        assert identity.may(advocate, identity.Permission.ANSWER)
