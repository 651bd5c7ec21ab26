"""The administrator sets working hours and service targets, and sees what they mean before saving."""

from collections.abc import Callable

from bpm import calendars
from bpm.app import App
from tests.e2e.looking import Looker

Look = Callable[..., Looker]


def test_a_calendar_is_tried_and_saved(app: App, look: Look, person: Callable[..., None]) -> None:
    person("alex", "admin", groups=("service",))
    alex = look("alex")
    page = alex.visit("/admin/calendars")
    alex.check_in_every_window("calendars-none")
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
    alex.check_in_every_window("calendar")
    page.get_by_role("button", name="Save calendar").click()
    page.get_by_role("link", name="Office").wait_for()
    alex.check_in_every_window("calendars")
    with app.unit_of_work.reading() as work:
        assert calendars.list_calendars(work)[0].groups == ("service",)
