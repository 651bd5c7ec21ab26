"""The administrator sets working hours and service targets, and sees what they mean before saving."""

from collections.abc import Callable

import pytest

from bpm import calendars
from bpm.app import App
from tests.e2e.looking import Looker

Look = Callable[..., Looker]


@pytest.mark.parametrize("window", [{"width": 1280}, {"width": 390, "dark": True}], ids=str)
def test_a_calendar_is_tried_and_saved(
    app: App, look: Look, person: Callable[..., None], window: dict[str, object]
) -> None:
    person("alex", "admin", groups=("service",))
    alex = look("alex", **window)
    kind = "-".join(str(value) for value in window.values())
    page = alex.visit("/admin/calendars")
    alex.check(f"calendars-none-{kind}")
    page.get_by_role("link", name="New calendar").first.click()
    page.get_by_label("Name", exact=True).fill("Office")
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    page.get_by_label("Country").select_option(label="Germany")
    page.get_by_label("Region").locator("option", has_text="Bayern").wait_for(state="attached")
    page.get_by_label("Region").select_option(label="Bayern")
    page.get_by_label("Monday").first.fill("09:00-12:30, 13:30-17:00")
    page.get_by_text("Friday, 2026-04-03").wait_for()
    page.get_by_label("Hours of work, from now").fill("8")
    page.get_by_text("Tuesday, 2026-03-03 11:00 CET").wait_for()
    page.get_by_label("service", exact=False).check()
    alex.check(f"calendar-{kind}")
    page.get_by_role("button", name="Save calendar").click()
    page.get_by_role("link", name="Office").wait_for()
    alex.check(f"calendars-{kind}")
    with app.unit_of_work.reading() as work:
        assert calendars.list_calendars(work)[0].groups == ("service",)
