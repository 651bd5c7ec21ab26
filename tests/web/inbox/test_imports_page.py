"""Imports in the browser: upload, preview, mapping, run with progress, undo; webhook sources."""

import io
import re
from datetime import timedelta

from bpm import feedback
from bpm.app import App
from bpm.feedback import queries
from bpm.feedback.queries import ItemFilter
from bpm.foundation.clock import FixedClock
from tests.web.conftest import Browser, page_of

TABLE = b"when;what;who\n2026-02-03;The parcel never came;a@example.org\nsoon;Second row;\n"


def _upload(browser: Browser, content: bytes = TABLE, name: str = "table.csv", **fields: str) -> str:
    answer = browser.post("/inbox/imports", {"file": (io.BytesIO(content), name), **fields})
    assert answer.status_code == 303, page_of(answer)
    return answer.location


def test_a_table_is_looked_at_mapped_run_and_undone(app: App, advocate: Browser) -> None:
    place = _upload(advocate)
    page = advocate.see(place)
    mapping = {"column": ["when", "what", "who"], "field": ["said_at", "text", "author_email"]}
    sent = {"format": "csv", "channel": "email", "source": "shop", "name": "shop table", **mapping}
    assert advocate.post(f"{place}/mapping", sent).status_code == 303
    page = advocate.see(place)
    assert "The parcel never came" in page
    assert "date unknown" in page
    assert "shop table" in page
    assert advocate.post(f"{place}/start").status_code == 303
    page = advocate.see(place)
    assert 'hx-trigger="every 1s"' in page.markup
    while feedback.sweep_imports(app.unit_of_work):
        pass
    page = advocate.see(place)
    assert "hx-trigger" not in page.markup
    assert "taken in, with a warning" in page
    with app.unit_of_work.reading() as work:
        rows = queries.list_items(work, ItemFilter()).rows
    assert {(row.channel, row.source) for row in rows} == {("email", "shop")}
    assert [row.said_at for row in rows if row.text == "Second row"] == [None]
    advocate.post(f"{place}/undo")
    assert "withdrawn" in advocate.see(place)
    with app.unit_of_work.reading() as work:
        assert queries.list_items(work, ItemFilter()).rows == ()


def test_a_file_whose_format_nobody_can_tell_is_refused_with_what_to_do(advocate: Browser) -> None:
    answer = advocate.post("/inbox/imports", {"file": (io.BytesIO(b"x"), "notes.pdf")})
    assert answer.status_code == 400
    assert "Choose the format" in page_of(answer)
    assert advocate.post("/inbox/imports", {}).status_code == 400


def test_a_draft_can_be_thrown_away_but_not_twice(advocate: Browser) -> None:
    place = _upload(advocate)
    assert advocate.post(f"{place}/discard").status_code == 303
    assert advocate.get(place).status_code == 404
    assert "No import yet" in advocate.see("/inbox/imports")


def test_a_run_that_is_going_cannot_be_changed(advocate: Browser) -> None:
    place = _upload(advocate, b'{"id": "1", "channel": "chat", "text": "Hi there"}\n', "items.jsonl")
    advocate.post(f"{place}/start")
    assert advocate.post(f"{place}/mapping", {"format": "csv"}).status_code == 409


def test_saved_mappings_are_listed_renamed_tried_on_a_file_and_deleted(advocate: Browser) -> None:
    place = "/inbox/imports/mappings"
    assert "No mapping is saved yet" in advocate.see(place)
    draft = _upload(advocate)
    columns = {"column": ["when", "what", "who"], "field": ["said_at", "text", "author_email"]}
    for name in ("shop table", "other"):
        advocate.post(f"{draft}/mapping", {"format": "csv", "channel": "email", "name": name, **columns})
    page = advocate.see(place)
    assert "shop table" in page
    assert "mail address of the customer" in page
    assert "author_email" not in page
    for name, told, status in (("  ", "Give it a name", 400), ("other", "Another mapping is called other", 409)):
        answer = advocate.post(f"{place}/1/name", {"name": name})
        assert (answer.status_code, told in page_of(answer)) == (status, True)
    assert "Renamed." in advocate.do(f"{place}/1/name", {"name": " Weekly  export "})
    tried = advocate.see(
        _upload(advocate, b"when;what;who\n2026-02-04;It broke;b@example.org\n", saved="Weekly export")
    )
    assert "It broke" in tried
    assert "b@example.org" in tried
    assert "is deleted" in advocate.do(f"{place}/1/deletion")
    assert "Weekly export" not in advocate.see(place)
    assert advocate.post(f"{place}/1/deletion").status_code == 404
    gone = {"file": (io.BytesIO(TABLE), "table.csv"), "saved": "Weekly export"}
    assert advocate.post("/inbox/imports", gone).status_code == 400


def test_a_webhook_secret_is_told_while_the_source_is_new(clock: FixedClock, advocate: Browser) -> None:
    place = advocate.post("/inbox/imports/webhooks", {"name": "Help desk", "channel": "chat"}).location
    page = advocate.see(place)
    [secret] = re.findall(r"Secret (\S{20,})", page.words)
    later = advocate.see("/inbox/imports")
    assert "Help desk" in later
    assert secret not in later
    clock.advance(timedelta(minutes=11))
    assert secret not in advocate.see(place, follow_redirects=True)
    advocate.post("/inbox/imports/webhooks/1/switch", {"active": "off"})
    assert "refuses calls" in advocate.see("/inbox/imports")


AWAY = b"From x@y Mon Mar  2 09:00:00 2026\nFrom: a@example.org\nAuto-Submitted: auto-replied\n\nBack on Monday.\n"


def test_what_was_left_out_is_taken_in_all_the_same_by_one_click(app: App, advocate: Browser) -> None:
    place = _upload(advocate, AWAY, "away.mbox")
    advocate.post(f"{place}/start")
    while feedback.sweep_imports(app.unit_of_work):
        pass
    assert advocate.see(place).has("button", "Take it in all the same")
    assert advocate.post(f"{place}/take/1").status_code == 303
    page = advocate.see(place)
    assert not page.has("button", "Take it in all the same")
    assert page.has("link", "taken in all the same")
    with app.unit_of_work.reading() as work:
        [row] = queries.list_items(work, ItemFilter()).rows
        [run] = queries.list_runs(work)
    assert (row.text, run.new, run.left_out) == ("Back on Monday.", 1, 0)
    assert advocate.post(f"{place}/take/1").status_code == 409


def test_what_was_said_of_a_source_once_holds_for_its_next_file(app: App, advocate: Browser) -> None:
    table = b"text,date\nIt rains in,2026-02-03 09:00\n"
    first = _upload(advocate, table, source="desk")
    advocate.post(
        f"{first}/mapping", {"format": "csv", "channel": "survey", "source": "desk", "_zone": "Europe/Berlin"}
    )
    advocate.post(f"{first}/start")
    second = _upload(advocate, table, "other.csv", source="desk")
    assert 'value="Europe/Berlin"' in advocate.see(second).markup
