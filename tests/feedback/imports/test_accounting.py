"""Every row of a file is accounted for, what is said beside the file counts, and what is kept can be handed out."""

import json
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from bpm import feedback
from bpm.app import App
from bpm.attachments.models import Attachment, AttachmentPiece
from bpm.cli.export import export
from bpm.cli.import_feedback import import_
from bpm.feedback.language import detect
from bpm.foundation.errors import EarshotError


@pytest.fixture
def take_in(app: App, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Import a file by the command; gives its report."""
    monkeypatch.setattr("bpm.cli.import_feedback.opened", lambda: app)
    monkeypatch.setattr("bpm.cli.export.opened", lambda: app)

    def run(content: str, *arguments: str, name: str = "told.jsonl") -> dict[str, Any]:
        (tmp_path / name).write_text(content)
        done = CliRunner().invoke(import_, [str(tmp_path / name), "--json", *arguments])
        if done.exception is not None:
            raise done.exception
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return run


def handed_out() -> list[dict[str, Any]]:
    done = CliRunner().invoke(export, ["items", "--json"], catch_exceptions=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def line(**fields: Any) -> str:
    return json.dumps({"channel": "survey", **fields}) + "\n"


def test_each_row_is_new_or_named_with_its_place_and_reason(take_in: Callable[..., dict[str, Any]]) -> None:
    content = line(id=1, text="Fine.") + "{oops\n" + line(id=1, text="Fine.") + line(id=2, rating=4) + line(id=3)
    told = take_in(content)
    assert (told["rows"], told["new"], told["changed"], told["skipped"], told["failed"]) == (5, 2, 0, 1, 2)
    assert [each["place"] for each in told["errors"]] == ["line 2", "line 5"]
    assert [(each["place"], each["reason"]) for each in told["left_out"]] == [("line 3", "It is in this file twice.")]


def test_what_is_known_already_is_listed_and_counted(take_in: Callable[..., dict[str, Any]]) -> None:
    content = line(id=1, text="Fine.") + line(id=2, text="Not so fine.")
    take_in(content)
    told = take_in(content)
    assert (told["new"], told["skipped"], told["known"]) == (0, 2, 2)
    assert [each["place"] for each in told["left_out"]] == ["line 1", "line 2"]


def test_a_score_without_words_is_an_item_and_nobody_knows_when_it_was_given(
    take_in: Callable[..., dict[str, Any]],
) -> None:
    take_in(line(id=1, rating=9))
    [item] = handed_out()
    assert (item["text"], item["rating"], item["said_at"], item["language"]) == ("", 9.0, None, None)
    assert item["received_at"]


def test_an_export_of_an_empty_home_is_empty(take_in: object) -> None:
    assert handed_out() == []


def test_the_language_is_found_and_handed_out(take_in: Callable[..., dict[str, Any]]) -> None:
    take_in(line(id=1, text="Seit drei Tagen warte ich auf meine Rechnung.") + line(id=2, text="ok"))
    assert [item["language"] for item in handed_out()] == ["de", None]


def test_a_language_is_not_guessed_from_signs_and_numbers() -> None:
    assert detect("+49 30 123 456 :-) \U0001f44d https://example.org/angebote") == (None, 0.0)
    assert detect("I have waited for my refund since last Monday, please help.")[0] == "en"


def test_a_date_said_beside_the_file_holds_where_the_file_does_not_say(take_in: Callable[..., dict[str, Any]]) -> None:
    content = line(id=1, text="One.") + line(id=2, text="Two.", said_at="2026-02-02T10:00:00Z")
    take_in(content, "--said-at", "2026-02-01T09:30:00", "--zone", "Europe/Berlin")
    assert [item["said_at"] for item in handed_out()] == ["2026-02-01T08:30:00Z", "2026-02-02T10:00:00Z"]


@pytest.mark.parametrize(
    ("option", "value"), [("--zone", "Europe/Atlantis"), ("--said-at", "yesterday"), ("--date-order", "ydm")]
)
def test_an_option_that_cannot_be_is_refused_by_its_name_before_anything_comes_in(
    take_in: Callable[..., dict[str, Any]], option: str, value: str
) -> None:
    with pytest.raises((EarshotError, SystemExit)) as refused:
        take_in(line(id=1, text="Fine."), option, value)
    assert isinstance(refused.value, SystemExit) or value in str(refused.value)
    assert handed_out() == []


def test_the_names_of_our_own_speakers_are_whole(take_in: Callable[..., dict[str, Any]]) -> None:
    call = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Doe, Jane>How can I help?\n\n"
        "00:03.000 --> 00:04.000\n<v Jane>My router is dead.\n"
    )
    take_in(call, "--agent", "Doe, Jane", name="call.vtt")
    assert [item["text"] for item in handed_out()] == ["My router is dead."]


def test_undoing_an_import_takes_the_files_of_its_items_and_they_come_again_with_it(
    app: App, take_in: Callable[..., dict[str, Any]]
) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "jo@example.org", "help@shop.example", "<1@example.org>"
    mail["Date"] = "Mon, 02 Mar 2026 09:00:00 +0000"
    mail.set_content("The lid broke, see the picture.")
    mail.add_attachment(b"\x89PNG\r\n\x1a\n" + b"x" * 300, maintype="image", subtype="png", filename="lid.png")

    def kept() -> tuple[int, int]:
        with app.unit_of_work.reading() as work:
            counts = (select(func.count()).select_from(table) for table in (Attachment, AttachmentPiece))
            files, pieces = (work.session.scalar(each) or 0 for each in counts)
            return files, pieces

    for _time in range(2):
        run = take_in(mail.as_string(), name="mail.eml")["run"]
        assert kept() == (1, 1)
        with app.unit_of_work() as work:
            feedback.undo_import(work, run)
        assert kept() == (0, 0)
