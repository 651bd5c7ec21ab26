"""The inbox's list as a file: with its filters, safe in a spreadsheet, on record."""

import csv
import io
import json
from collections.abc import Callable

from bpm import audit
from bpm.app import App
from tests.web.conftest import Browser


def test_the_list_is_handed_out_with_its_filters(advocate: Browser, heard: Callable[..., int]) -> None:
    heard("=cmd() leaks", channel="chat")
    heard("Another word", channel="email")
    page = advocate.see("/inbox?view=all&channel=chat")
    assert page.has("link", "Export as CSV")
    answer = advocate.get("/inbox/export.csv?view=all&channel=chat")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert [(row["text"], row["channel"]) for row in rows] == [("'=cmd() leaks", "chat")]
    lines = advocate.get("/inbox/export.jsonl?view=all").get_data(as_text=True).splitlines()
    assert {json.loads(line)["channel"] for line in lines} == {"chat", "email"}


def test_who_handed_it_out_is_on_record(app: App, advocate: Browser, heard: Callable[..., int]) -> None:
    heard("A word")
    advocate.get("/inbox/export.csv?view=all")
    with app.unit_of_work.reading() as work:
        rows = audit.list_rows(work, audit.Filters()).rows
    assert "feedback.export" in {row.verb for row in rows}
