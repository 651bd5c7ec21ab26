"""Nothing sees private data but who opens the raw record: not the tables, not the lists, not a process."""

import base64
import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from bpm import feedback, schema, secrets
from bpm.app import App
from bpm.audit.models import AuditWaiting
from bpm.feedback import queries
from bpm.feedback.models import FeedbackItem, ImportRowError, RawRecord
from bpm.feedback.privacy.mask import mask
from bpm.feedback.privacy.older_items import moved_along, sweep_older_items
from bpm.feedback.privacy.raw_records import open_raw, reseal_records
from bpm.foundation.db import Base
from bpm.foundation.errors import ForbiddenError, InvalidInputError, SecretUnreadableError
from bpm.foundation.work import Actor
from tests.feedback.conftest import reading, said

pytestmark = pytest.mark.both_databases

PHONE = "+49 30 55512377"
KEYS = [base64.b64encode(bytes([number]) * 32).decode() for number in (7, 8)]


def everywhere(app: App, but: tuple[str, ...] = ()) -> str:
    """All that the tables hold, as one text."""
    with app.database.connect() as connection:
        return "\n".join(
            str(row)
            for table in Base.metadata.sorted_tables
            if table.name not in but
            for row in connection.execute(select(table)).all()
        )


def take_in(app: App, content: bytes, name: str = "x.jsonl", form: str = "jsonl") -> int:
    with app.unit_of_work() as work:
        run_id = feedback.start_import(
            work, None, file_name=name, format_name=form, mapping={}, channel="chat", source="desk"
        ).id
    feedback.take_in(app.unit_of_work, run_id, io.BytesIO(content))
    return run_id


def test_words_are_masked_before_they_are_kept_and_say_so(app: App, receive: Callable[..., int]) -> None:
    item_id = receive(f"Call me on {PHONE}. It is broken.", subject=f"Call {PHONE}", extra={"whole": f"x {PHONE}"})
    with app.unit_of_work.reading() as work:
        item = queries.get_item(work, item_id)
    assert item.row.text == "Call me on [phone]. It is broken."
    assert item.masked == {"phone": 2}
    assert "55512377" not in everywhere(app, but=("raw_record",))


def test_a_call_is_masked_turn_by_turn_with_the_question_in_mind(app: App) -> None:
    turns = [
        {"role": "agent", "text": "May I have the last four digits of your account number?"},
        {"role": "customer", "text": "4471"},
        {"role": "customer", "text": "It took 24 days."},
    ]
    take_in(app, json.dumps({"turns": turns, "author_name": "Ann"}).encode())
    with app.unit_of_work.reading() as work:
        [row] = queries.list_items(work, queries.ItemFilter()).rows
        item = queries.get_item(work, row.id)
    assert row.text == "[account]\nIt took 24 days."
    assert [turn["text"] for turn in item.extra["turns"]] == [turns[0]["text"], "[account]", "It took 24 days."]


def test_who_says_it_stays_for_that_is_how_we_answer(app: App, receive: Callable[..., int]) -> None:
    item_id = receive("My name is Ann Lee, ann@example.org.", author_name="Ann Lee", author_email="ann@example.org")
    with app.unit_of_work.reading() as work:
        row = queries.get_item(work, item_id).row
    assert (row.author, row.text) == ("Ann Lee", "My name is [name], [email].")
    assert "ann@example.org" in everywhere(app, but=("feedback_item", "raw_record"))


def test_a_row_that_did_not_come_in_shows_no_private_data(app: App) -> None:
    take_in(app, f'{{"text": "", "note": "{PHONE}"}}\n'.encode())
    with app.unit_of_work.reading() as work:
        assert "[phone]" in work.session.scalars(select(ImportRowError.raw)).one()
    assert "55512377" not in everywhere(app, but=("import_run",))


def test_the_same_file_again_brings_nothing_new(app: App) -> None:
    content = f'{{"text": "Call {PHONE}"}}\n{{"text": "Call +49 30 55512378"}}\n'.encode()
    first, second = take_in(app, content), take_in(app, content)
    with app.unit_of_work.reading() as work:
        assert (queries.get_run(work, first).new, queries.get_run(work, second).new) == (2, 0)
        assert queries.get_run(work, second).skipped == 2


def test_another_number_in_the_same_words_is_another_version(app: App, receive: Callable[..., int]) -> None:
    first = receive(f"Call {PHONE}", natural_key="7")
    second = receive("Call +49 30 55512378", natural_key="7")
    assert first != second
    assert receive("Call +49 30 55512378", natural_key="7") == second


def test_the_raw_record_opens_by_right_with_a_reason_and_on_record(
    app: App, advocate: Actor, receive: Callable[..., int]
) -> None:
    item_id = receive(f"Call {PHONE}", author_name="Ann")
    with app.unit_of_work(advocate) as work, pytest.raises(ForbiddenError):
        open_raw(work, [item_id], reason="Curious.")
    chief = replace(advocate, roles=frozenset({"admin"}))
    with app.unit_of_work(chief) as work, pytest.raises(InvalidInputError):
        open_raw(work, [item_id], reason=" ")
    with app.unit_of_work(chief) as work:
        assert open_raw(work, [item_id], reason="The court asks.")[item_id]["text"] == f"Call {PHONE}"
    with app.unit_of_work.reading() as work:
        [noted] = work.session.scalars(select(AuditWaiting).where(AuditWaiting.verb == "item.open_raw"))
        assert (json.loads(noted.details)["reason"], noted.object_id) == ("The court asks.", str(item_id))


def test_with_a_key_the_record_is_sealed_and_goes_over_to_the_next_key(app: App, receive: Callable[..., int]) -> None:
    receive(f"Call {PHONE}")
    secrets.add_key(app.settings)
    sealed_id = receive(f"Ring {PHONE}")
    assert sweep_older_items(app.unit_of_work) == 1
    assert "55512377" not in everywhere(app)
    with app.unit_of_work.reading() as work:
        before = set(work.session.scalars(select(RawRecord.key_id)))
    secrets.add_key(app.settings)
    with app.unit_of_work() as work:
        assert reseal_records(work) == 2
        assert not before & set(work.session.scalars(select(RawRecord.key_id)))
        assert open_raw(work, [sealed_id], reason="To see.")[sealed_id]["text"] == f"Ring {PHONE}"
    (app.settings.home / "secrets_keys").unlink()
    with app.unit_of_work() as work, pytest.raises(SecretUnreadableError):
        open_raw(work, [sealed_id], reason="To see.")


WHEN = "'2026-03-01 08:00:00+00:00'"
OLD_ITEM = text(
    "INSERT INTO feedback_item (channel, source, natural_key, content_hash, version, current, text, subject, said_at,"
    " received_at, placed_at, author_name, author_handle, url, extra, raw) VALUES ('email', 'mail', 'old-1', :hash, 1,"
    f" true, :words, '', {WHEN}, {WHEN}, {WHEN}, 'Ann', '', '', '{{}}', :raw)"
)


def test_items_of_the_release_before_are_masked_and_known_again(app: App) -> None:
    words = f"Please call {PHONE} about the parcel."
    schema.downgrade(app.database, to="0020")
    with app.database.begin() as connection:
        hashed = feedback.intake.normalise.content_hash(said(words))
        connection.execute(OLD_ITEM, {"hash": hashed, "words": words, "raw": json.dumps({"body": words})})
    schema.upgrade(app.database, settings=app.settings)
    with app.unit_of_work() as work:
        item_id = work.session.scalars(select(FeedbackItem.id)).one()
        start = words.index("parcel")
        evidence = [feedback.Evidence(start, start + 6, "parcel", "complaint", 0.5)]
        feedback.record_classification(work, item_id, reading(evidence=tuple(evidence)))
    assert sweep_older_items(app.unit_of_work) == 1
    assert sweep_older_items(app.unit_of_work) == 0
    with app.unit_of_work() as work:
        item = queries.get_item(work, item_id)
        assert item.row.text == "Please call [phone] about the parcel."
        [spoke] = item.evidence
        assert item.row.text[spoke["start"] : spoke["end"]] == "parcel"
        assert open_raw(work, [item_id], reason="To see.")[item_id] == {"body": words}
    with app.unit_of_work() as work:
        assert feedback.receive(work, said(words, natural_key="old-1")).outcome == "skipped"
    assert "55512377" not in everywhere(app, but=("raw_record",))
    schema.downgrade(app.database, to="0020", settings=app.settings)
    with app.database.connect() as connection:
        raw = connection.execute(text("SELECT raw FROM feedback_item")).scalar_one()
    assert (json.loads(raw) if isinstance(raw, str) else raw) == {"body": words}


def test_evidence_on_masked_words_is_left_out() -> None:
    words = f"Call {PHONE} or leave."
    evidence = [{"start": 5, "end": 9, "text": words[5:9]}, {"start": 24, "end": 29, "text": words[24:29]}]
    moved = moved_along(evidence, mask(words))
    assert moved == [{"start": 16, "end": 21, "text": "leave"}]
