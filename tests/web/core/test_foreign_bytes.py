"""What people send as files is never parsed in the web process: its parsers are trapped while every door gets files."""

import ast
import csv
import email.parser
import gzip
import html.parser
import io
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from traceback import walk_stack
from typing import Any

import pytest
from flask import Flask
from lxml import etree

from bpm import feedback
from bpm.app import App
from bpm.feedback.raw_item import RawItem
from bpm.processes import perception
from tests.architecture.modules import modules, tree
from tests.processes.conftest import make_person
from tests.processes.own_ways.conftest import STEPS, in_a_row
from tests.processes.perception.test_gap import REASONS, table
from tests.web.conftest import REFUND, Browser, put_live

SignIn = Callable[..., Browser]
PARSERS = {"csv", "email", "gzip", "html.parser", "lxml", "mailbox", "openpyxl", "tarfile", "xml", "zipfile", "zlib"}
KEPT_UNREAD = {
    "web.tasks.files": "it is attached: only its first bytes are looked at",
    "web.outbox.engage": "the same",
    "web.inbox.learned.topics": "the worker's child reads it",
    "web.core.idempotency": "its bytes are hashed",
    "web.core.sessions.kept_forms": "its name alone",
    "web.core.errors": "whether there is one",
}


def test_no_module_of_the_web_imports_a_parser() -> None:
    found = {
        f"{name}: {each}"
        for name, path in modules().items()
        if name.startswith("web.")
        for node in ast.walk(tree(path))
        for each in _named(node)
        if each in PARSERS or each.partition(".")[0] in PARSERS
    }
    assert not found


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom):
        yield node.module or ""
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)


OWN_WRITING = {"bpm.engine.bpmn.offers", "importlib.metadata"}
"""They read the executable form of a model, which the checking child wrote, and what is installed."""


def _takes_files(name: str) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "files" and ast.unparse(node) == "request.files"
               for node in ast.walk(tree(modules()[name])))  # fmt: skip


def _zip(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


@contextmanager
def trapped(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever reads a format fails at once, but where a module reads what our own child has written."""

    def catching(reader: Callable[..., Any]) -> Callable[..., Any]:
        def caught(*given: Any, **named: Any) -> Any:
            near = [frame.f_globals["__name__"] for frame, _ in islice(walk_stack(sys._getframe(1)), 6)]
            if not OWN_WRITING.isdisjoint(near):
                return reader(*given, **named)
            raise AssertionError("foreign bytes were parsed in the web process")

        return caught

    with monkeypatch.context() as patch:
        for room, name in (
            (csv, "reader"), (csv, "DictReader"), (etree, "fromstring"), (etree, "parse"), (etree, "iterparse"),
            (etree, "XMLParser"), (zipfile, "ZipFile"), (gzip, "GzipFile"), (email.parser.BytesParser, "parse"),
            (email.parser.Parser, "parse"), (html.parser.HTMLParser, "feed"),
        ):  # fmt: skip
            patch.setattr(room, name, catching(getattr(room, name)))
        patch.setitem(sys.modules, "openpyxl", None)
        yield


def test_files_are_parsed_in_children_at_every_door(
    app: App, web: Flask, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_live(app, in_a_row(STEPS), "repair.bpmn")
    bundle = _zip(**{"refund.bpmn": REFUND, "README.md": b"What it is for."})
    book = _zip(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
    with app.unit_of_work() as work:
        feedback.receive(work, RawItem("email", "shop", "It broke.", author_email="jo@example.org"))
    ada = signed_in("ada", "admin", groups=("it",))
    with app.unit_of_work(make_person(app, "mona", "manager")) as work:
        study = perception.make_study(work, title="Why", question="Why?", items=REASONS)
    ways, study_page = {"process": "repair", "customer": "1"}, f"/insights/perception/{study}/imports"
    doors: dict[str, tuple[tuple[str, dict[str, Any], int], ...]] = {
        "web.own_ways.ways": (
            ("/own-ways", {**ways, "file": (b"order;step\n2;Send it\n1;Call me\n", "mine.csv")}, 303),
            ("/own-ways", {**ways, "file": (in_a_row({"x": "Mend it"}), "mine.bpmn")}, 303),
            ("/own-ways", {**ways, "file": (b'step\n"Call', "mine.csv")}, 400),
            ("/own-ways", {**ways, "file": (b"<no/>", "mine.bpmn")}, 400),
        ),
        "web.perception.pages": (
            (study_page, {"table": (table(people=3).encode(), "r.csv")}, 303),
            (study_page, {"table": (b"person,side\n\xff", "r.csv")}, 400),
        ),
        "web.inbox.imports": tuple(
            ("/inbox/imports", {"file": (content, name)}, 303)
            for content, name in (
                (b"text,when\nIt broke,2026-01-01\n", "a.csv"), (b"From x\nSubject: Hi\n\nIt broke.\n", "a.mbox"),
                (book, "a.xlsx"), (b"<rss><channel/></rss>", "a.xml"),
                (gzip.compress(b'{"text": "Hi"}\n'), "a.jsonl.gz"),
                (b"WEBVTT\n\n00:01.000 --> 00:02.000\nAnn: Hi\n", "a.vtt"), (b'[{"text": "Hi"}]', "a.json"),
            )
        ),
        "web.elsewhere.pages": (
            ("/insights/elsewhere", {"key": "x", "log": (b"case,activity,started_at\n1,a,2026-01-01\n", "l.csv")}, 303),
            ("/insights/elsewhere", {"key": "y", "log": (b"<log/>", "l.xes"), "diagram": (REFUND, "d.bpmn")}, 0),
        ),
        "web.designer.uploads": (("/processes/uploads", {"file": (bundle, "refund.zip")}, 0),),
    }  # fmt: skip
    takes = {name for name in modules() if name.startswith("web.") and _takes_files(name)}
    assert takes == set(doors) | set(KEPT_UNREAD)
    for path, given, status in (door for several in doors.values() for door in several):
        sent = {
            name: (io.BytesIO(each[0]), each[1]) if isinstance(each, tuple) else each for name, each in given.items()
        }
        ada.token()
        with trapped(monkeypatch):
            answer = ada.post(path, sent)
        # Checks of models have four seconds of the clock, which is little on a busy machine: 0 means any honest answer.
        assert answer.status_code in ({status} if status else {303, 400}), (
            f"{path}: {given}: {answer.get_data(as_text=True)[-900:]}"
        )
        if path == "/inbox/imports":
            with trapped(monkeypatch):
                assert ada.get(answer.location).status_code == 200
