"""Administrators make calendars by their screens, see what they mean before saving, and give them to groups."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bpm import calendars, identity
from bpm.app import App
from bpm.audit.listing import list_verbs
from bpm.engine import api as engine
from bpm.foundation.clock import FixedClock
from tests.web.conftest import Browser, put_live

SignIn = Callable[..., Browser]
MONDAY = datetime(2026, 4, 27, 10, 0, tzinfo=UTC)
"""At noon by Berlin's clock; the Friday after is a holiday."""


@pytest.fixture
def alex(signed_in: SignIn, app: App, clock: FixedClock) -> Browser:
    with app.unit_of_work() as work:
        identity.ensure_group(work, "service", name="Service desk")
        identity.ensure_group(work, "it", name="IT")
    clock.advance(MONDAY - clock.now())
    return signed_in("alex", "admin")


def office(**more: object) -> dict[str, object]:
    days = {f"week-0-{day}": "09:00-12:30, 13:30-17:00" for day in range(5)} | {"week-0-5": "", "week-0-6": ""}
    return {"name": "Office", "zone": "Europe/Berlin", "country": "DE", "region": "BY", **days, **more}


def kept(app: App) -> tuple[calendars.NamedCalendar, ...]:
    with app.unit_of_work.reading() as work:
        return calendars.list_calendars(work)


@pytest.mark.both_databases
def test_a_calendar_is_made_changed_given_and_deleted_and_all_of_it_is_on_record(app: App, alex: Browser) -> None:
    assert "No calendars" in alex.see("/admin/calendars").words
    made = alex.do("/admin/calendars", office(groups=["service"], own_days="2026-12-28\n2026-12-24 9-12"))
    assert "Saved" in made.words
    assert "Service desk 35 Germany" in made.words
    first = kept(app)[0]
    assert [f"{day}" for day in first.calendar.closed] == ["2026-12-28"]
    assert first.calendar.open[0][1] == ((540, 720),)
    form = alex.get(f"/admin/calendars/{first.id}").get_data(as_text=True)
    assert "09:00-12:30, 13:30-17:00" in form
    assert "2026-12-24 09:00-12:00" in form
    later = {"week-1-from": "2026-07-01", **{f"week-1-{day}": "08:00-14:00" for day in range(7)}}
    alex.do(f"/admin/calendars/{first.id}", office(name="Main office", groups=["", "it"], **later))
    changed = kept(app)[0]
    assert (changed.name, changed.groups, len(changed.calendar.weeks)) == ("Main office", ("", "it"), 2)
    assert "Main office is gone" in alex.do(f"/admin/calendars/{first.id}/removal").words
    with app.unit_of_work.reading() as work:
        assert {"calendar.save", "calendar.remove"} <= set(list_verbs(work))


def test_a_preview_says_when_hours_end_and_which_holidays_come(app: App, alex: Browser) -> None:
    page = alex.do("/admin/calendars/preview", office(hours="35", own_days="2026-04-30"))
    assert "35 h of work that begin now end on" in page.words
    assert "Wednesday, 2026-05-06 12:00 CEST" in page.words
    assert "Friday, 2026-05-01" in page.words
    assert kept(app) == ()


def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_kept(app: App, alex: Browser) -> None:
    wrong = office(**{"week-0-2": "17:00-09:00", "own_days": "2026-12-24\nsoon"}, name="")
    answer = alex.post("/admin/calendars", wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "ends before it begins" in page
    assert "Line 2: soon is no day" in page
    never = alex.post("/admin/calendars", {"name": "Never", "zone": "UTC", "week-0-0": ""})
    assert "never opens" in never.get_data(as_text=True)
    alex.do("/admin/calendars", office())
    assert "Another calendar has this name" in alex.do("/admin/calendars", office()).words
    assert len(kept(app)) == 1


def test_only_administrators_come_in(signed_in: SignIn) -> None:
    assert signed_in("stella", "staff").get("/admin/calendars").status_code == 403


def test_targets_are_set_for_a_process_its_activities_and_groups(app: App, alex: Browser) -> None:
    put_live(app)
    assert "Refund" in alex.see("/admin/service-targets").words
    saved = alex.do("/admin/service-targets/refund", {"-hours": "16", "group service-minutes": "90"})
    assert "2 targets changed" in saved.words
    assert "begun now, due 2026-04-28 02:00 UTC" in saved.words
    with app.unit_of_work.reading() as work:
        assert engine.get_service_targets(work, "refund") == {"": "PT16H", "group service": "PT90M"}
        assert "process.service_target" in list_verbs(work)
    assert "16 h 1" in alex.see("/admin/service-targets").words
    assert "whole numbers" in alex.do("/admin/service-targets/refund", {"-hours": "soon"}).words
