"""Import runs: progress, row errors, crash and race, undo, preview, and the command."""

import gzip
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from bpm import feedback
from bpm.app import App
from bpm.cli.import_feedback import import_
from bpm.feedback import queries
from bpm.feedback.imports import runs
from bpm.feedback.intake import receive
from bpm.feedback.queries import ItemFilter
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.work import SYSTEM, Actor, Work
from tests.conftest import MONDAY

pytestmark = pytest.mark.both_databases


def _lines(number: int, text: str = "word") -> bytes:
    rows = ({"id": f"k{n}", "channel": "chat", "source": "s", "text": f"{text} {n}"} for n in range(number))
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _start(app: App, content: bytes, name: str = "items.jsonl", format_name: str = "jsonl") -> int:
    with app.unit_of_work() as work:
        run = feedback.start_import(
            work, content, file_name=name, format_name=format_name, mapping={}, channel="chat", source="s"
        )
        return run.id


def _sweep(app: App) -> None:
    while feedback.sweep_imports(app.unit_of_work):
        pass


def _run(app: App, run_id: int) -> queries.RunRow:
    with app.unit_of_work.reading() as work:
        return queries.get_run(work, run_id)


def _texts(app: App) -> set[str]:
    with app.unit_of_work.reading() as work:
        return {row.text for row in queries.list_items(work, ItemFilter(), 5000).rows}


def _import(app: App, content: bytes) -> queries.RunRow:
    run_id = _start(app, content)
    _sweep(app)
    return _run(app, run_id)


def test_the_same_file_twice_adds_nothing_the_second_time(app: App) -> None:
    first, second = _import(app, _lines(700)), _import(app, _lines(700))
    assert (first.status, first.new, first.share) == ("done", 700, 1.0)
    assert (second.new, second.changed, second.skipped) == (0, 0, 700)


def test_a_packed_file_is_the_same_file(app: App) -> None:
    _import(app, _lines(5))
    assert _import(app, gzip.compress(_lines(5))).skipped == 5


def test_a_bad_row_is_named_and_stops_nobody(app: App) -> None:
    run = _import(app, _lines(2) + b"{oops\n" + b'{"id": "e", "text": ""}\n' + _lines(3))
    assert (run.new, run.skipped, run.failed) == (3, 2, 2)
    with app.unit_of_work.reading() as work:
        errors = queries.list_row_errors(work, run.id)
    assert [error.row for error in errors] == [3, 4, 5, 6]
    assert "no words" in errors[1].reason


def test_a_run_goes_on_where_a_dead_worker_left_it(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "BATCH", 10)
    run_id = _start(app, _lines(35))
    feedback.take_in(app.unit_of_work, run_id, io.BytesIO(_lines(35)), most_batches=2)
    half = _run(app, run_id)
    assert (half.status, half.done_rows, half.new) == ("running", 20, 20)
    assert 0 < half.share <= 1
    _sweep(app)
    assert (_run(app, run_id).status, _run(app, run_id).new, _run(app, run_id).done_rows) == ("done", 35, 35)


def test_a_batch_that_another_worker_has_done_is_left_to_it(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "BATCH", 10)
    run_id = _start(app, _lines(30))
    opened = 0

    @contextmanager
    def slow(actor: Actor = SYSTEM) -> Iterator[Work]:
        nonlocal opened
        opened += 1
        if opened == 2:  # between reading the run and writing its first batch
            feedback.take_in(app.unit_of_work, run_id, io.BytesIO(_lines(30)), most_batches=1)
        with app.unit_of_work(actor) as work:
            yield work

    assert feedback.take_in(slow, run_id, io.BytesIO(_lines(30))) == 0
    assert _run(app, run_id).new == 10
    _sweep(app)
    assert _run(app, run_id).new == 30


def test_a_damaged_file_fails_with_what_came_before_kept(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "BATCH", 50)
    packed = gzip.compress(b"".join(_lines(1, f"{n} " * 200).replace(b"k0", b"q%d" % n) for n in range(400)))
    run = _import(app, packed[: len(packed) - 200])
    assert run.status == "failed"
    assert "damaged" in run.problem
    assert run.new > 0


def test_undo_withdraws_what_came_and_shows_what_it_had_replaced(app: App) -> None:
    _import(app, _lines(3, "old"))
    second = _import(app, _lines(4, "new"))
    assert (second.changed, second.new) == (3, 1)
    with app.unit_of_work() as work:
        assert feedback.undo_import(work, second.id) == feedback.Undone(4, 0)
    assert _texts(app) == {"old 0", "old 1", "old 2"}
    assert _run(app, second.id).status == "undone"
    with app.unit_of_work() as work:
        assert feedback.undo_import(work, second.id) == feedback.Undone(0, 0)


def test_an_undone_file_can_come_again(app: App) -> None:
    first = _import(app, _lines(3))
    with app.unit_of_work() as work:
        feedback.undo_import(work, first.id)
    assert _texts(app) == set()
    again = _import(app, _lines(3))
    assert again.new == 3
    assert len(_texts(app)) == 3


def test_undo_keeps_what_somebody_has_acted_on(app: App, advocate: Actor) -> None:
    run = _import(app, _lines(3))
    with app.unit_of_work(advocate) as work:
        item = queries.list_items(work, ItemFilter(text="word 1")).rows[0]
        feedback.decide(work, item.id, "do", reason="Right.")
    with app.unit_of_work(advocate) as work:
        assert feedback.undo_import(work, run.id) == feedback.Undone(2, 1)
    assert _texts(app) == {"word 1"}


def test_undoing_a_run_that_is_going_stops_it(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "BATCH", 10)
    run_id = _start(app, _lines(30))
    feedback.take_in(app.unit_of_work, run_id, io.BytesIO(_lines(30)), most_batches=1)
    with app.unit_of_work() as work:
        feedback.undo_import(work, run_id)
    _sweep(app)
    assert _texts(app) == set()


def test_a_preview_shows_rows_errors_and_the_mapping_it_guessed() -> None:
    content = b"when;comment;E-Mail\n2026-02-03;Good;a@example.org\nsoon;Bad;\n"
    found = feedback.preview(content, "csv", {}, now=MONDAY, channel="survey")
    assert found.mapping == {"comment": "text", "E-Mail": "author_email"}
    mapped = feedback.preview(content, "csv", found.mapping | {"when": "said_at"}, now=MONDAY, channel="survey")
    assert [row.item.text for row in mapped.rows if row.item] == ["Good", "Bad"]
    assert [row.item.said_at is None for row in mapped.rows if row.item] == [False, True]
    assert feedback.preview(b"\x1f\x8bbroken", "csv", {}, now=MONDAY).problem


def test_a_run_needs_a_known_format_channel_and_content(app: App) -> None:
    for format_name, channel, content in (("pdf", "", b"x"), ("csv", "fax", b"x"), ("csv", "chat", b"")):
        with pytest.raises(InvalidInputError), app.unit_of_work() as work:
            feedback.start_import(
                work, content, file_name="f", format_name=format_name, mapping={}, channel=channel, source=""
            )


def test_what_a_colleague_heard_is_an_item_like_any_other(app: App, advocate: Actor) -> None:
    with app.unit_of_work(advocate) as work:
        got = feedback.capture(work, "call", "She wants a paper bill.", person="+44 20 7946 0018")
    with app.unit_of_work.reading() as work:
        item = queries.get_item(work, got.item_id)
    assert item.row.customer_id is not None
    assert item.extra["written_down_by"] == "Maya"


@pytest.fixture
def command(app: App, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    monkeypatch.setattr("bpm.cli.import_feedback.opened", lambda: app)

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(import_, [str(argument) for argument in arguments])
        return result.exit_code, result.output

    return run


def test_the_command_reports_as_its_help_says(command: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    file.write_bytes(_lines(3) + b"nonsense\n")
    code, output = command(str(file), "--json")
    report = json.loads(output)
    assert code == 0
    assert (report["new"], report["changed"], report["skipped"], report["failed"]) == (3, 0, 0, 1)
    assert report["errors"][0]["place"] == "line 4"
    code, output = command("--undo", str(report["run"]), "--json")
    counts = {"run": report["run"], "withdrawn": 3, "kept": 0}
    assert json.loads(output) == {**counts, "cases_ended": [], "cases_kept": []}


def test_the_command_previews_maps_and_asks_for_a_format(
    command: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    file = tmp_path / "table.dat"
    file.write_text("a,b\nHello,1\n")
    assert command(str(file))[0] == 2
    code, output = command(str(file), "--format", "csv", "--mapping", "a=text,b=natural_key", "--preview")
    assert code == 0
    assert "a -> text" in output
    assert "Hello" in output
    assert "1 new" in command(str(file), "--format", "csv", "--mapping", "a=text,b=natural_key")[1]


def test_a_row_that_cannot_be_kept_is_its_own_error_and_costs_no_other_row(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_all = receive.keep_all

    def break_on_poison(work: Work, items: list[feedback.RawItem], *, run_id: int | None) -> list[feedback.Received]:
        if any("poison" in item.text for item in items):
            raise ZeroDivisionError("nobody foresaw this")
        return keep_all(work, items, run_id=run_id)

    monkeypatch.setattr(runs, "keep_all", break_on_poison)
    poison = b'{"id": "p", "channel": "chat", "source": "s", "text": "poison"}\n'
    run = _import(app, _lines(7) + poison + _lines(9).split(b"\n", 7)[-1])
    assert (run.status, run.new, run.failed) == ("done", 9, 1)
    with app.unit_of_work.reading() as work:
        [error] = queries.list_row_errors(work, run.id)
    assert error.row == 8
    assert "ZeroDivisionError" in error.reason


@pytest.mark.parametrize("pairs", ["x,a=text", ",=text"])
def test_a_mapping_that_is_no_list_of_pairs_is_named(
    app: App, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pairs: str
) -> None:
    monkeypatch.setattr("bpm.cli.import_feedback.opened", lambda: app)
    file = tmp_path / "items.csv"
    file.write_text("a\nb\n")
    result = CliRunner().invoke(import_, [str(file), "--mapping", pairs])
    assert isinstance(result.exception, InvalidInputError)
