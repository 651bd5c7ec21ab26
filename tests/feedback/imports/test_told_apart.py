"""What is the same thing and what is another one: rows without a key, keys used twice, versions in any order, undo."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback import queries
from bpm.feedback.intake.repeats import is_cut
from bpm.feedback.models import ContactPoint, ContactPointTold, Conversation, ConversationLink, Customer, CustomerLink
from bpm.feedback.queries import ItemFilter

pytestmark = pytest.mark.both_databases

Take = Callable[..., queries.RunRow]


@pytest.fixture
def take(app: App) -> Take:
    """Import JSON lines (or a table) into one source; gives the run."""

    def run(*rows: dict[str, Any], table: str = "") -> queries.RunRow:
        content = table.encode() or b"".join(json.dumps({"channel": "email"} | row).encode() + b"\n" for row in rows)
        with app.unit_of_work() as work:
            run_id = feedback.start_import(
                work, content, file_name="told", format_name="csv" if table else "jsonl", mapping={},
                channel="survey" if table else "", source="desk",
            ).id  # fmt: skip
        while feedback.sweep_imports(app.unit_of_work):
            pass
        with app.unit_of_work.reading() as work:
            return queries.get_run(work, run_id)

    return run


def texts(app: App) -> list[str]:
    with app.unit_of_work.reading() as work:
        return sorted(row.text for row in queries.list_items(work, ItemFilter()).rows)


def undo(app: App, run: queries.RunRow) -> None:
    with app.unit_of_work() as work:
        feedback.undo_import(work, run.id)


def remains(app: App) -> list[int]:
    """How many rows there are of people, addresses, conversations and links."""
    tables = (Customer, ContactPoint, ContactPointTold, Conversation, CustomerLink, ConversationLink)
    with app.unit_of_work.reading() as work:
        return [work.session.query(table).count() for table in tables]


ANSWERS = "Points,Comment\n7,Fine\n7,Fine\n2,Slow\n"


def test_equal_rows_without_a_key_are_as_many_answers_and_known_when_they_come_again(app: App, take: Take) -> None:
    assert take(table=ANSWERS).new == 3
    again = take(table=ANSWERS)
    assert (again.new, again.changed, again.skipped) == (0, 0, 3)
    more = take(table=ANSWERS + "7,Fine\n2,Slow\n")
    assert (more.new, more.skipped) == (2, 3)
    assert texts(app) == ["Fine", "Fine", "Fine", "Slow", "Slow"]


def test_rows_beyond_one_batch_are_counted_over_the_whole_file(
    app: App, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bpm.feedback.imports.runs.BATCH", 4)
    monkeypatch.setattr("bpm.feedback.imports.runs.BATCHES_PER_SWEEP", 1)
    table = "Points,Comment\n" + "7,Fine\n" * 11
    assert take(table=table).new == 11
    assert take(table=table).new == 0


@pytest.mark.parametrize(("key", "cut"), [("1.29403E+18", True), ("9,4e+17", True), ("1290", False), ("E5", False)])
def test_an_id_that_a_spreadsheet_cut_is_none(key: str, cut: bool) -> None:
    assert is_cut(key) is cut


def test_an_id_of_another_author_on_another_day_is_another_thing_and_says_so(app: App, take: Take) -> None:
    take({"id": 1, "text": "In spring.", "author_email": "a@example.org", "said_at": "2026-01-05T09:00:00Z"})
    other = {"id": 1, "text": "In fall!", "author_email": "b@example.org", "said_at": "2026-02-05T09:00:00Z"}
    run = take(other)
    assert (run.new, run.changed, run.warned) == (1, 0, 1)
    assert texts(app) == ["In fall!", "In spring."]
    assert take(other).new == 0


def test_ids_that_start_anew_in_each_file_hide_nothing(app: App, take: Take) -> None:
    take(*({"id": n, "text": f"spring number {n} arrived"} for n in range(4)))
    run = take(
        *({"id": n, "text": f"something else: {word}"} for n, word in enumerate(("roof", "door", "lamp", "sink")))
    )
    assert (run.new, run.changed) == (4, 0)
    assert len(texts(app)) == 8


OLD = {"id": 1, "text": "The lamp is brokn.", "said_at": "2026-02-01T09:00:00Z"}
MENDED = OLD | {"text": "The lamp is broken.", "updated_at": "2026-02-03T09:00:00Z"}
BETWEEN = OLD | {"text": "The lamp is brocken.", "updated_at": "2026-02-02T09:00:00Z"}
BACK = OLD | {"updated_at": "2026-02-04T09:00:00Z"}


@pytest.mark.parametrize(
    ("order", "shown"),
    [
        ((MENDED, OLD), MENDED),
        ((MENDED, OLD, BETWEEN), MENDED),
        ((BETWEEN, MENDED, OLD), MENDED),
        ((OLD, MENDED, BACK), BACK),
        ((BACK, MENDED), BACK),
    ],
)
def test_the_source_says_which_version_is_newest_in_whatever_order_they_come(
    app: App, take: Take, order: tuple[dict[str, Any], ...], shown: dict[str, Any]
) -> None:
    for each in order:
        take(each)
    assert texts(app) == [shown["text"]]


def test_a_late_original_shows_when_the_correction_is_undone(app: App, take: Take) -> None:
    correction = take(MENDED)
    late = take(OLD)
    assert (late.new, late.changed, late.skipped) == (0, 0, 1)
    undo(app, correction)
    assert texts(app) == [OLD["text"]]


def test_words_go_to_the_author_that_the_source_names_now(app: App, take: Take) -> None:
    take(OLD | {"author_email": "a@example.org"}, {"id": 2, "text": "Me too.", "author_email": "a@example.org"})
    run = take(OLD | {"author_email": "b@example.org"})
    assert run.changed == 1
    with app.unit_of_work.reading() as work:
        rows = queries.list_items(work, ItemFilter()).rows
    assert len({row.customer_id for row in rows}) == len({row.conversation_id for row in rows}) == 2


ANN = {"id": 1, "text": "One.", "said_at": "2026-02-01T09:00:00Z", "author_email": "ann@example.org"}
BO = {"id": 2, "text": "Two.", "said_at": "2026-02-01T09:00:00Z", "author_email": "bo@example.org"}


def test_an_undone_import_leaves_nobody_and_comes_again_as_it_was(app: App, take: Take) -> None:
    run = take(ANN, BO)
    there = remains(app)
    undo(app, run)
    assert remains(app) == [0] * 6
    assert take(ANN, BO).new == 2
    assert remains(app) == there


def test_what_a_second_run_holds_too_stays_with_its_people_until_that_is_undone(app: App, take: Take) -> None:
    first, second = take(ANN, BO), take(ANN)
    undo(app, first)
    assert texts(app) == ["One."]
    assert remains(app)[:2] == [1, 1]
    undo(app, second)
    assert (texts(app), remains(app)) == ([], [0] * 6)


def test_an_address_that_only_the_undone_run_told_goes_from_somebody_who_stays(app: App, take: Take) -> None:
    take(ANN)
    undo(app, take(BO | {"author_email": "ann@example.org", "author_phone": "+49301234567"}))
    assert remains(app)[:2] == [1, 1]
    assert texts(app) == ["One."]


def test_people_whom_a_wrong_import_joined_are_two_again_when_it_is_undone(app: App, take: Take) -> None:
    line = {"author_email": "desk@example.org"}
    wrong = take(
        ANN | line | {"id": 11, "author_phone": "+49301111111"}, BO | line | {"id": 12, "author_phone": "+49302222222"}
    )
    take(
        ANN | {"author_email": "", "author_phone": "+49301111111"},
        BO | {"author_email": "", "author_phone": "+49302222222"},
    )
    undo(app, wrong)
    with app.unit_of_work.reading() as work:
        rows = queries.list_items(work, ItemFilter()).rows
    assert len({row.customer_id for row in rows}) == len({row.conversation_id for row in rows}) == 2
    assert remains(app)[:2] == [2, 2]


def test_undone_in_any_order_and_imported_again_is_as_imported(app: App, take: Take) -> None:
    first, second = take(OLD, BO), take(OLD | {"text": "The lamp is off."}, BO)
    undo(app, first)
    assert texts(app) == ["The lamp is off.", "Two."]
    undo(app, second)
    assert texts(app) == []
    take(OLD, BO)
    assert texts(app) == ["The lamp is brokn.", "Two."]
