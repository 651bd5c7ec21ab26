"""What a single customer can send: it costs that customer's message at most, never the import, never the others."""

import gzip
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback import queries
from bpm.feedback.imports import runs
from bpm.feedback.intake import reader
from bpm.feedback.models import ImportRun
from bpm.feedback.queries import ItemFilter
from bpm.foundation.work import SYSTEM, Actor, Work
from tests.conftest import MONDAY

LONG = 4_000_000
SEPARATOR = "From eve Mon Mar  2 09:00:00 2026\n"


def _mail(head: str, body: str = "Hello", sender: str = "eve@example.org") -> bytes:
    return f"{SEPARATOR}From: {sender}\nMessage-ID: <attack@x>\n{head}\n\n{body}\n\n".encode()


def _honest(number: int) -> bytes:
    head = f"From: ann@example.org\nMessage-ID: <m{number}@x>"
    return f"{SEPARATOR}{head}\n\nWords {number}\n\n".encode()


def _parts(depth: int) -> str:
    heads = (f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    return "".join(heads).removesuffix("\n")


def _of(unit: str, size: int = LONG) -> str:
    return unit * (size // len(unit))


MAILS: dict[str, bytes] = {
    "brackets in From": _mail("", sender="(" * 20_000 + "eve@example.org"),
    "nested comments in From": _mail("", sender="(" * 5000 + ")" * 5000 + " eve@example.org"),
    "quotes in From": _mail("", sender='"' * 20_000),
    "a million addresses in From": _mail("", sender=_of("a@b.c,")),
    "backslashes in From": _mail("", sender=_of('\\"')),
    "unfinished tags": _mail("Content-Type: text/html", _of("<a ")),
    "unfinished comments": _mail("Content-Type: text/html", _of("<!--")),
    "unfinished quotes in tags": _mail("Content-Type: text/html", _of("<a \"'")),
    "unfinished scripts": _mail("Content-Type: text/html", _of("<script>")),
    "huge character references": _mail("Content-Type: text/html", "&#" + "9" * 100_000 + "; hello"),
    "encoded words": _mail("Subject: " + _of("=?utf-8?q?a?= ")),
    "unfinished encoded words": _mail("Subject: " + _of("=?a?q?")),
    "an encoded word in no charset": _mail("Subject: =?no-such?b?////?= =?rot13?q?uryyb?= =?utf-8?b?x?="),
    "parameters": _mail('Content-Type: text/plain; a="' + _of(";")),
    "a million headers": _mail(_of("a: b\n").rstrip()),
    "a charset that costs the square": _mail("Content-Type: text/plain; charset=punycode", _of("a-b9")),
    "no such charset": _mail("Content-Type: text/plain; charset=x-nobody", "Grüße"),
    "ten thousand parts": _mail("Content-Type: multipart/mixed; boundary=x", "--x\n\nhi\n" * 10_000 + "--x--"),
    "parts within parts": _mail(_parts(3000)),
    "mails within mails": _mail("Content-Type: message/rfc822", "Content-Type: message/rfc822\n\n" * 20_000),
    "a broken encoding": _mail("Content-Transfer-Encoding: base64", "=" * 100_000),
    "empty lines": _mail("", _of("\n", 1_000_000)),
    "the words of a reply, over and over": _mail("", _of("on " + "wrote " * 49 + "\n", 1_000_000)),
    "a date that is none": _mail("Date: Mon, 99 Foo 2026 99:99:99 +9999"),
    "a date out of the calendar": _mail("Date: Mon, 01 Jan 0001 00:00:00 +1400"),
    "NUL and raw bytes": SEPARATOR.encode()
    + b"From: \xff\x00 <e\x00ve@example.org>\nSubject: \xfc\x00\n\nHi \x00\xff\n\n",
    "too long a message": _mail("", "x" * 6_000_000),
}


def _import(app: App, content: bytes, name: str, **mapping: str) -> queries.RunRow:
    form = feedback_format(name)
    with app.unit_of_work() as work:
        run_id = feedback.start_import(
            work, content, file_name=name, format_name=form, mapping=mapping, channel="", source="s"
        ).id
    while feedback.sweep_imports(app.unit_of_work):
        pass
    with app.unit_of_work.reading() as work:
        return queries.get_run(work, run_id)


def feedback_format(name: str) -> str:
    return {"mbox": "mbox", "jsonl": "jsonl", "csv": "csv", "json": "mastodon", "vtt": "webvtt"}[name.split(".")[1]]


def _texts(app: App) -> list[str]:
    with app.unit_of_work.reading() as work:
        return sorted(row.text for row in queries.list_items(work, ItemFilter(), 500).rows)


def _errors(app: App, run: queries.RunRow) -> list[queries.RowErrorRow]:
    with app.unit_of_work.reading() as work:
        return queries.list_row_errors(work, run.id)


@pytest.mark.parametrize("attack", MAILS)
def test_one_hostile_mail_costs_no_other_mail(app: App, attack: str) -> None:
    run = _import(app, _honest(1) + MAILS[attack] + _honest(2), "in.mbox")
    assert run.status == "done"
    assert {"Words 1", "Words 2"} <= set(_texts(app))
    assert run.new + run.failed == 3
    assert all(error.row == 2 and error.reason for error in _errors(app, run))


def _status(number: int, content: str = "<p>Hello</p>", **more: Any) -> dict[str, Any]:
    account = {"acct": "ann@example.org"}
    told = {"id": str(number), "uri": f"u{number}", "created_at": "2026-01-01T00:00:00Z", "content": content}
    return told | {"account": account} | more


def _line(number: int, text: str = "Hello", **more: Any) -> bytes:
    return (
        json.dumps({"id": f"k{number}", "channel": "chat", "text": text, **more}, ensure_ascii=False).encode() + b"\n"
    )


DEEP = b"[" * 5000 + b"]" * 5000
FILES: dict[str, tuple[str, bytes, int]] = {
    "a line of 20 MB": ("a.jsonl", _line(1) + _line(2, "x" * 20_000_000) + _line(3), 2),
    "a line that is nested deeply": ("a.jsonl", _line(1) + b'{"text": "x", "a": ' + DEEP + b"}\n" + _line(3), 2),
    "a line that can be read but hardly written": (
        "a.jsonl",
        _line(1) + b'{"channel": "chat", "text": "x", "a": ' + b"[" * 250 + b"]" * 250 + b"}\n" + _line(3),
        3,
    ),
    "marks upon marks": ("a.jsonl", _line(1) + _line(2, "e" + "\u0316\u0301" * 500_000) + _line(3), 3),
    "marks in the wrong order": ("a.jsonl", _line(1) + _line(2, "e" + "\u0301" * 9**5 + "\u0316" * 9**5) + _line(3), 3),
    "a long date": ("a.jsonl", _line(1) + _line(2, date="2026-01-01" + " " * 10**6 + "x") + _line(3), 3),
    "a long address": ("a.jsonl", _line(1) + _line(2, email="a@" + "a." * 10**6 + ">") + _line(3), 3),
    "a number without end": (
        "a.jsonl",
        _line(1) + b'{"text": "x", "channel": "chat", "rating": 1e999}\n' + _line(3),
        3,
    ),
    "a lone surrogate": ("a.jsonl", _line(1) + b'{"text": "\\ud800x", "channel": "chat"}\n' + _line(3), 3),
    "a cell of 20 MB": ("a.csv", b"text,id\nHello,1\n" + b"x" * 20_000_000 + b",2\nHello,3\n", 2),
    "a million cells": ("a.csv", b"text,id\nHello,1\n" + b"x," * 10**6 + b"\nHello,3\n", 2),
    "a deep status": (
        "a.json",
        json.dumps([_status(1)]).encode()[:-1]
        + b', {"id": "2", "x": '
        + DEEP
        + b"},"
        + json.dumps(_status(3)).encode()
        + b"]",
        2,
    ),
    "a status of 6 MB": ("a.json", json.dumps([_status(1), _status(2, "x" * 6_000_000), _status(3)]).encode(), 2),
    "a status of unfinished tags": (
        "a.json",
        json.dumps([_status(1), _status(2, _of("<a ", LONG // 4)), _status(3)]).encode(),
        3,
    ),
    "one long exchange": (
        "a.json",
        json.dumps([_status(n, in_reply_to_id=str(n - 1)) for n in range(1, 8001)]).encode(),
        8000,
    ),
}


@pytest.mark.parametrize("attack", FILES)
def test_one_hostile_record_of_a_file_costs_no_other_record(app: App, attack: str) -> None:
    name, content, new = FILES[attack]
    run = _import(app, content, name)
    assert (run.status, run.new) == ("done", new)
    assert "Hello" in _texts(app)
    assert run.failed == (0 if new != 2 else 1)
    assert all(error.reason and error.row for error in _errors(app, run))


@pytest.mark.parametrize(
    "cues",
    [
        "00:01.000 --> 00:01.000\n<v Customer>Hello\n\n" * 50_000,
        "00:01.000 --> 00:02.000\n" + "<v Customer>a" * 200_000,
        "00:01.000 --> 00:02.000\nCustomer: Hello\n" + "b\n" * 500_000,
        "00:01.000 --> 00:02.000\n<v Customer>Hello " + "<v " * 500_000,
        "00:01.000 --> 00:02.000\n<v Customer>Hello <v" + " " * 1_000_000,
        "ab: x" + " " * 1_000_000 + "y\n\n00:01.000 --> 00:02.000\n<v Customer>Hello",
    ],
    ids=[
        "cues that touch",
        "voices in one cue",
        "lines in one cue",
        "unfinished voices",
        "a wide voice",
        "a wide fact",
    ],
)
def test_a_hostile_transcript_is_read_in_the_time_it_has(app: App, cues: str) -> None:
    assert _import(app, f"WEBVTT\n\n{cues}\n".encode(), "a.vtt").new == 1


@pytest.mark.parametrize(("filling", "remedy"), [(b" ", "npack it"), (b"\n", "npack it")])
def test_a_small_file_that_unpacks_to_a_huge_one_is_refused_with_what_came_before_kept(
    app: App, monkeypatch: pytest.MonkeyPatch, filling: bytes, remedy: str
) -> None:
    monkeypatch.setattr(reader, "READ_SECONDS", 1.0)
    run = _import(app, gzip.compress(_line(1) + filling * 60_000_000, 1), "bomb.jsonl.gz")
    assert (run.status, run.new) == ("failed", 1)
    assert remedy in run.problem


# A bound so small that the slow message of these tests exceeds it, and no other record comes near.
TIGHT = 0.7
SLOW = _mail("Content-Type: text/html", _of("<a "))


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "READ_SECONDS", TIGHT)


@pytest.mark.both_databases
@pytest.mark.usefixtures("tight")
def test_a_record_that_stopped_its_reader_is_set_aside_once_and_the_others_come_in(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    stops: list[int] = []
    set_aside = runs._set_aside

    def count(*call: Any) -> None:
        stops.append(call[2].place_in_file)
        set_aside(*call)

    monkeypatch.setattr(runs, "_set_aside", count)
    run = _import(app, b"".join(map(_honest, range(3))) + SLOW + _honest(3) + SLOW + _honest(4), "in.mbox")
    assert (run.status, run.new, run.failed) == ("done", 5, 2)
    assert stops == [3, 5]
    assert [(error.row, error.kind) for error in _errors(app, run)] == [(4, "set_aside"), (6, "set_aside")]
    assert "set aside" in _errors(app, run)[0].reason
    with app.unit_of_work.reading() as work:
        assert queries.count_set_aside(work) == 2


class _KilledError(BaseException):
    """The worker is gone."""


@pytest.mark.usefixtures("tight")
def test_a_restart_goes_on_behind_what_stopped_the_reader(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    content = _honest(0) + SLOW + _honest(1)
    with app.unit_of_work() as work:
        run_id = feedback.start_import(
            work, content, file_name="in.mbox", format_name="mbox", mapping={}, channel="", source="s"
        ).id

    def die(*_: object) -> None:
        raise _KilledError

    with monkeypatch.context() as patch, pytest.raises(_KilledError):
        patch.setattr(runs, "_write_batch", die)  # the worker dies as soon as it would write what it had read
        feedback.sweep_imports(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        assert list(work.session.get_one(ImportRun, run_id).set_aside) == ["1"]
    monkeypatch.setattr(runs, "_set_aside", die)  # no reader dies again
    while feedback.sweep_imports(app.unit_of_work):
        pass
    assert _texts(app) == ["Words 0", "Words 1"]


def test_nothing_is_read_while_a_transaction_is_open(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "PIECE", 1000)
    opened: list[int] = []

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert not opened, "the file is read while a transaction is open"
            return super().read(size)

    @contextmanager
    def transactions(actor: Actor = SYSTEM) -> Iterator[Work]:
        opened.append(1)
        with app.unit_of_work(actor) as work:
            yield work
        opened.pop()

    monkeypatch.setattr(runs, "BATCH", 10)
    with app.unit_of_work() as work:
        run = feedback.start_import(
            work, b"x", file_name="a.jsonl", format_name="jsonl", mapping={}, channel="chat", source="s"
        )
        run_id = run.id
    assert runs.take_in(transactions, run_id, Watched(b"".join(map(_line, range(100))))) == 100


def test_files_are_never_read_in_this_process(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("read here")

    for place in (
        "channels.tables.table.read_record",
        "channels.jsonl.reader.flatten",
        "channels.mbox.bulk.message_from_bytes",
    ):
        monkeypatch.setattr(f"bpm.feedback.{place}", never)
    monkeypatch.setattr("bpm.feedback.intake.webhook_items.json.read_record", never)
    shown = feedback.preview(b"text,id\nHello,1\n", "csv", {}, now=MONDAY, channel="chat")
    assert [row.item.text for row in shown.rows if row.item] == ["Hello"]
    assert _import(app, _honest(1), "in.mbox").new == 1
    large = json.dumps([{"channel": "chat", "text": "x" * 1000, "id": str(n)} for n in range(200)]).encode()
    assert len(reader.read_body(large, reader.Context("", "s"), now=MONDAY)) == 200


def test_a_preview_names_what_stops_its_reader_and_shows_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LOOK_SECONDS", TIGHT)
    shown = feedback.preview(_honest(0) + SLOW + _honest(1), "mbox", {}, now=MONDAY)
    assert [row.number for row in shown.rows] == [1, 3]
    assert [row.number for row in shown.errors] == [2]


def test_a_mail_in_everyday_form_is_read_as_before(app: App) -> None:
    message = EmailMessage()
    message["From"] = '"Müller, Jörg (Einkauf)" <joerg@example.org>'
    message["Subject"] = "Grüße aus Köln"
    message["Date"] = "Mon, 02 Mar 2026 08:00:00 +0100"
    message.set_content("Das Paket ist da.\n\n-- \nJörg")
    message.add_alternative("<p>Das Paket ist <b>da</b>.</p>", subtype="html")
    message.add_attachment("not the words", filename="notes.txt")
    _import(app, message.as_bytes(), "one.mbox")
    with app.unit_of_work.reading() as work:
        [row] = queries.list_items(work, ItemFilter()).rows
    assert (row.text, row.subject, row.author) == ("Das Paket ist da.", "Grüße aus Köln", "Müller, Jörg (Einkauf)")
