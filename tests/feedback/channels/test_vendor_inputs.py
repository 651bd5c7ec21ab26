"""What tools really send and export is read as their documents say: whose words, when, by whom, and what is nobody's.

`vendors.jsonl` holds a case a line: a file's text or the body of a webhook, options, and the rows that must come out
(fields of an item that are not empty, or why there is none).
"""

import io
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from bpm.feedback.channels import Context, Row, get_format, guess_format
from bpm.feedback.intake.normalise import normalise
from bpm.feedback.intake.webhook_items import rows as webhook_rows

NOW = datetime(2026, 11, 30, 14, tzinfo=UTC)
FIELDS = (
    "text", "subject", "question", "channel", "natural_key", "said_at", "revised_at", "author_name", "author_handle",
    "author_email", "author_phone", "author_id", "thread_key", "in_reply_to", "rating",
)  # fmt: skip
CASES = [json.loads(line) for line in Path(__file__).with_name("vendors.jsonl").read_text("utf-8").splitlines()]


def _told(row: Row) -> dict[str, Any]:
    if row.ignored or row.item is None:
        return {"left_out": row.ignored} if row.ignored else {"failed": row.reason.split(":")[0]}
    item = normalise(row.item, now=NOW)
    values = {name: getattr(item, name) for name in FIELDS}
    if values["natural_key"].startswith(("content ", "transcript ")):
        values["natural_key"] = ""
    plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
    return {name: value for name, value in plain.items() if value not in ("", None)}


def _read(content: bytes, name: str, options: dict[str, str]) -> Iterable[Row]:
    kind = guess_format(name, content)
    assert kind
    form = get_format(kind)
    return form.parse(io.BytesIO(content), Context(form.channel, "src", name, options))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_tools_send_is_read_as_their_documents_say(case: dict[str, Any]) -> None:
    options = case.get("options", {})
    if "webhook" in case:
        found = webhook_rows(json.dumps(case["webhook"]).encode(), Context("", "src", "", options), now=NOW)
    else:
        encoding = "utf-16" if "utf16" in case["name"] else "utf-8"
        found = iter(_read(case["body"].encode(encoding), case["file"], options))
    assert [_told(row) for row in found] == case["rows"]


def _book(book: openpyxl.Workbook) -> list[dict[str, Any]]:
    content = io.BytesIO()
    book.save(content)
    return [_told(row) for row in _read(content.getvalue(), "book.xlsx", {})]


def test_of_a_workbook_the_sheet_with_words_is_read_whatever_stands_around_it() -> None:
    book = openpyxl.Workbook()
    codes = book.active
    codes.append(["Code", "Meaning"])
    codes.append(["1", "It is a complaint, they say"])
    codes.sheet_state = "hidden"
    cover = book.create_sheet("Cover")
    cover.append(["Report"])
    cover.append(["Made by Ann"])
    answers = book.create_sheet("Answers")
    answers.append(["Customer", None, "Feedback", None, None])
    answers.append(["Name", "E-mail", "Comment", "Date", "Score"])
    answers.append(["Ann Lee", "ann@example.org", "The box was crushed", date(2026, 3, 2), "#SPILL!"])
    answers.append(["Bob Roe", "bob@example.org", "#GETTING_DATA", "03.03.2026", 5])
    answers.append([None, None, "Total", None, "=SUM(E3:E4)"])
    said = {"author_name": "Ann Lee", "author_email": "ann@example.org", "said_at": "2026-03-02T00:00:00+00:00"}
    scored = {"author_name": "Bob Roe", "author_email": "bob@example.org", "said_at": "2026-03-03T00:00:00+00:00"}
    assert _book(book) == [
        {"text": "The box was crushed", "channel": "survey", **said},
        {"channel": "survey", "rating": 5.0, **scored},
        {"left_out": "a row of totals"},
    ]


def test_days_of_a_workbook_that_counts_from_1904_are_the_days_it_shows() -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["Comment", "Date"])
    shown = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 -- a workbook knows no zone
    book.active.append(["The lid broke", shown])
    assert [each["said_at"] for each in _book(book)] == ["2026-03-02T09:30:00+00:00"]
