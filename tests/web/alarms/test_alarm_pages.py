"""From an alarm to its chart and rows, its cause, its owner, an improvement, and a baseline set anew on record."""

from collections.abc import Callable
from datetime import timedelta

from bpm import audit, calendars
from bpm.app import App
from bpm.calendars import Calendar, Week
from bpm.foundation.clock import FixedClock
from bpm.processes import alarms
from tests.processes.alarms.history import DAYS, FIRST_DAY, hurting_days
from tests.processes.conftest import GoLive
from tests.processes.models import CARE
from tests.web.conftest import Browser

SignedIn = Callable[..., Browser]


def test_an_alarm_is_read_explained_linked_to_its_cause_and_becomes_an_improvement(
    app: App, go_live: GoLive, clock: FixedClock, signed_in: SignedIn
) -> None:
    clock.set(FIRST_DAY)
    mona = signed_in("mona", "manager")
    assert "Nothing was looked at yet" in mona.see("/insights/alarms")
    hurting_days(app, go_live(CARE, "care"))
    with app.unit_of_work() as work:
        hours = ((8 * 60, 17 * 60),)
        closed = frozenset({(FIRST_DAY + timedelta(days=58)).date()})
        calendars.save_calendar(work, "Stock-taking", Calendar("UTC", (Week((hours,) * 7),), closed=closed))
    clock.set(FIRST_DAY + timedelta(days=DAYS, hours=9))
    alarms.sweep_alarms(app.unit_of_work)
    mona = signed_in("mia", "manager")

    page = mona.see("/insights/alarms")
    assert "More negative feedback: Mend what broke in Care" in page
    assert "of these is false on average" in page
    assert "A theme grows: late parcels" in page
    with app.unit_of_work.reading() as work:
        found = {row.series: row.id for row in alarms.list_alarms(work).rows}
    path = f"/insights/alarms/{found['negative:care:mend']}"
    page = mona.see(path)
    picture = page.get("img", "Negative share, with limits")
    assert "Limits: 3 sigma from the first 28 points of the phase, frozen." in picture.name
    assert "Holiday: closed by the calendar “Stock-taking”" in page
    newest = next(link for link in page.links if link.startswith("/insights/processes/care/charts/negative/2"))
    assert "Words" in mona.see(newest)

    page = mona.do(f"{path}/causes", {"cause": "holiday:2025-10-29"})
    assert "chosen by Mia" in page
    page = mona.do(f"{path}/causes", {"words": "The glue was changed."})
    assert "The glue was changed." in page
    assert "Name what caused it." in mona.do(f"{path}/causes", {"words": " "})
    page = mona.do(f"{path}/status", {"status": "acknowledged"})
    assert "It is acknowledged now." in page
    assert "Mia" in page
    assert "Say what it was." in mona.do(f"{path}/status", {"status": "explained", "reason": ""})
    page = mona.do(f"{path}/improvement", {"title": "Use the old glue"})
    assert "Use the old glue" in page
    assert "/improvements/1" in mona.see(path).links
    mona.do(f"{path}/status", {"status": "closed", "reason": "Old glue is back."})
    assert "Mend what broke in Care" not in [
        link.name for link in mona.see("/insights/alarms?status=raised").all("link")
    ]
    theme = f"/insights/alarms/{next(number for series, number in found.items() if series.startswith('theme'))}"
    assert "Items a day, with limits" in " ".join(each.name for each in mona.see(theme).all("img"))

    chart = "/insights/processes/care/charts/waiting"
    page = mona.see(f"{chart}?element=mend")
    assert "XmR chart" in page
    wait = next(link for link in page.links if link.startswith(f"{chart}/2"))
    assert "Waits that ended" in mona.see(wait)
    sent = {"element": "mend", "since": "2025-10-31", "reason": "Two mend instead of four."}
    assert "set anew by Mia" in mona.do(f"{chart}/baseline", sent)
    assert "Say why another level" in mona.do(f"{chart}/baseline", {**sent, "reason": ""})
    with app.unit_of_work.reading() as work:
        assert [row.reason for row in audit.list_rows(work, audit.Filters(verb="baseline.set")).rows] == [
            sent["reason"]
        ]
    assert "complaints" in mona.see("/insights/processes/care/charts/complaints?element=mend")
    assert "there is nothing to limit" in mona.see("/insights/processes/care/charts/rework")
    mona.see("/insights/processes/care/charts/likes", status=404)
    signed_in("stella", "staff").see("/insights/alarms", status=403)
