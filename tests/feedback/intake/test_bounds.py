"""What is too long is cut by name, what cannot be when it was said is refused by name: the same for all ways in."""

import io
import json
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from click.testing import CliRunner

from bpm import feedback
from bpm.app import App
from bpm.cli.import_feedback import import_
from bpm.feedback import RawItem, queries
from bpm.feedback.channels import FORMATS, Context, webhook
from bpm.feedback.channels.html import to_text
from bpm.feedback.limits import LONGEST_TEXT, SMALL_BODY
from bpm.feedback.privacy.raw_records import open_raw
from bpm.foundation.work import Actor
from tests.feedback.conftest import said

pytestmark = pytest.mark.both_databases

WORDS = "äöü " * 100_000
"""700,000 bytes, of two-byte letters that the bound may fall into."""


def _import(app: App, content: bytes, name: str, form: str) -> int:
    with app.unit_of_work() as work:
        run = feedback.start_import(work, None, file_name=name, format_name=form, mapping={}, channel="", source="s")
        run_id = run.id
    feedback.take_in(app.unit_of_work, run_id, io.BytesIO(content))
    return run_id


def _by_file(form: str, content: bytes) -> Callable[[App, Actor], str]:
    def take(app: App, _advocate: Actor) -> str:
        run_id = _import(app, content, f"x.{form}", form)
        with app.unit_of_work.reading() as work:
            assert queries.get_run(work, run_id).new == 1
            [told] = queries.list_row_errors(work, run_id)
        assert told.kind == "cut"
        return told.reason

    return take


def _by_webhook(app: App, _advocate: Actor) -> str:
    with app.unit_of_work() as work:
        hook = feedback.save_webhook(work, "Desk", channel="chat")
    body, at = json.dumps({"text": WORDS}).encode(), str(int(app.clock.now().timestamp()))
    assert len(body) > SMALL_BODY
    signature = webhook.sign(hook.secret, at, body)
    headers = {"x-earshot-timestamp": at, "x-earshot-signature": signature}
    [got] = feedback.receive_webhook(app.unit_of_work, hook.key, body, headers=headers).received
    return got.cut


def _by_hand(app: App, advocate: Actor) -> str:
    with app.unit_of_work(advocate) as work:
        return feedback.capture(work, "call", WORDS).cut


def _by_receiving(app: App, _advocate: Actor) -> str:
    with app.unit_of_work() as work:
        return feedback.receive(work, said(WORDS)).cut


CALL = f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Customer>{WORDS}\n"
STATUS = {"id": "1", "created_at": "2026-01-01T00:00:00Z", "content": WORDS, "account": {"acct": "a@b.c"}}


@pytest.mark.parametrize(
    "take",
    [
        _by_webhook,
        _by_hand,
        _by_receiving,
        _by_file("jsonl", json.dumps({"text": WORDS, "channel": "chat"}).encode()),
        _by_file("csv", f"text\n{WORDS}\n".encode()),
        _by_file("mbox", f"From: a@b.c\nContent-Type: text/plain; charset=utf-8\n\n{WORDS}\n".encode()),
        _by_file("mastodon", json.dumps([STATUS]).encode()),
        _by_file("webvtt", CALL.encode()),
    ],
    ids=["webhook", "by hand", "receive", "jsonl", "csv", "mbox", "mastodon", "webvtt"],
)
def test_words_are_cut_by_name_and_the_raw_record_holds_all_of_them(
    app: App, advocate: Actor, take: Callable[[App, Actor], str]
) -> None:
    assert take(app, advocate).startswith("Its words are the first 200,000 of ")
    with app.unit_of_work.reading() as work:
        [row] = queries.list_items(work, queries.ItemFilter()).rows
        item = queries.get_item(work, row.id)
    assert LONGEST_TEXT - 4 < len(item.row.text.encode()) <= LONGEST_TEXT
    assert feedback.describe_cut(item.extra["cut"])
    assert len(json.dumps(item.extra, ensure_ascii=False).encode()) < LONGEST_TEXT + 1_000
    with app.unit_of_work() as work:
        record = open_raw(work, [row.id], reason="The customer asked for all of it.")[row.id]
    assert WORDS.strip() in json.dumps(record, ensure_ascii=False)


@pytest.mark.parametrize(
    "written",
    [
        "0001-01-01T00:00:00+05:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-05:00",
        "1969-12-31T23:59:59Z",
        "2026-03-03T09:00:01Z",
        "Mon, 01 Jan 1901 00:00:00 +1400",
        "99999999999",
        "2026-13-45",
        "2026-01-01" + " " * 1000 + "x",
        "31.12.0001",
    ],
)
@pytest.mark.parametrize("field", ["said_at", "revised_at"])
def test_an_instant_that_cannot_be_is_named(app: App, written: str, field: str) -> None:
    run_id = _import(app, json.dumps({"text": "x", "channel": "chat", field: written}).encode(), "x.jsonl", "jsonl")
    with app.unit_of_work.reading() as work:
        [error] = queries.list_row_errors(work, run_id)
    assert error.reason.startswith(f"{field}: ")


def test_a_clock_that_is_some_hours_ahead_is_believed(app: App) -> None:
    run_id = _import(app, b'{"text": "x", "channel": "chat", "said_at": "2026-03-03T08:59:00Z"}', "x.jsonl", "jsonl")
    with app.unit_of_work.reading() as work:
        assert queries.get_run(work, run_id).new == 1


def test_an_instant_that_cannot_be_costs_the_date_and_not_the_words(app: App) -> None:
    with app.unit_of_work() as work:
        feedback.receive(work, RawItem("chat", "s", "x", said_at=app.clock.now().replace(year=1)))
    with app.unit_of_work.reading() as work:
        [row] = queries.list_items(work, queries.ItemFilter()).rows
    assert (row.text, row.said_at, row.placed_at) == ("x", None, row.received_at)


def test_every_row_that_did_not_come_in_is_reported(
    app: App, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr("bpm.cli.import_feedback.opened", lambda: app)
    file = tmp_path_factory.mktemp("bad") / "bad.jsonl"
    file.write_bytes(b'{"text": "fine", "channel": "chat"}\n' + b"{oops\n" * 2500)
    output = CliRunner().invoke(import_, [str(file)]).output
    assert "2500 failed" in output
    assert all(f"  line {row}: It is no JSON" in output for row in range(2, 2502))
    report = json.loads(CliRunner().invoke(import_, [str(file), "--json"]).output)
    assert [error["place"] for error in report["errors"]] == [f"line {row}" for row in range(2, 2502)]


def test_what_is_nobodys_voice_is_reported_apart(app: App, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr("bpm.cli.import_feedback.opened", lambda: app)
    file = tmp_path / "in.mbox"
    file.write_bytes(b"From x\nFrom: a@b.c\nAuto-Submitted: auto-replied\n\nI am away\n")
    report = json.loads(CliRunner().invoke(import_, [str(file), "--json"]).output)
    assert (report["failed"], report["skipped"], report["errors"]) == (0, 1, [])
    assert report["left_out"] == [{"place": "message 1", "reason": "an automatic reply", "row": 1}]


UNITS = ["<a ", "<!--", "<", "<a \"'", "<script>", "</script>", "<head>", "&#x", "<title", "<?", "<p>", '<a b="<c" ']


@pytest.mark.parametrize("unit", UNITS)
def test_html_costs_in_proportion_to_its_length(unit: str) -> None:
    to_text(unit)  # what is made ready once is no cost of a text
    assert _steps(lambda: to_text(unit * 4000)) <= 2.1 * _steps(lambda: to_text(unit * 2000)) + 20


def _answer(number: int) -> dict[str, Any]:
    return STATUS | {"content": "x", "id": str(number), "in_reply_to_id": str(number - 1)}


RECORDS: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "voices in a cue": ("webvtt", lambda n: b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v Customer>a" * n),
    "cues": ("webvtt", lambda n: b"WEBVTT\n\n" + b"00:01.000 --> 00:01.000\n<v Customer>a\n\n" * n),
    "lines of a mail": ("mbox", lambda n: b"From: a@b.c\n\n" + b"on a day he wrote\n" * n),
    "addresses": ("mbox", lambda n: b"From: " + b"a@b.c, " * min(n, 1400) + b"\n\n" + b"x" * n),
    "an exchange": (
        "mastodon",
        lambda n: json.dumps(
            [STATUS | {"content": "x", "id": str(k), "in_reply_to_id": str(k - 1)} for k in range(n)]
        ).encode(),
    ),
}


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_costs_in_proportion_to_its_length(kind: str) -> None:
    name, written = RECORDS[kind]

    def read(size: int) -> Callable[[], object]:
        content = written(size)
        return lambda: list(FORMATS[name].parse(io.BufferedReader(io.BytesIO(content)), Context("chat", "s")))  # type: ignore[type-var]  # the stubs want a name and a mode

    read(10)()  # tables of words are read once
    assert _steps(read(2000)) <= 2.2 * _steps(read(1000)) + 200


def _steps(act: Callable[[], object]) -> int:
    """Lines of Python that are run."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal counted
        counted += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        act()
    finally:
        sys.settrace(before)
    return counted
