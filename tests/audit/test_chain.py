"""The audit trail is linked in one order, and whatever is changed in it afterwards is found."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bpm import audit
from bpm.app import App
from bpm.audit import Filters, Thing, Verdict
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError

pytestmark = pytest.mark.both_databases


def note(app: App, number: int = 1, *, about: str = "case 1", **after: object) -> None:
    with app.unit_of_work() as work:
        audit.record(work, "task.claim", Thing("task", number, "Check the order", about), after=after or {"n": number})


def verdict_of(app: App) -> Verdict:
    with app.unit_of_work.reading() as work:
        return audit.verify(work)


def tamper(app: App, statement: str) -> None:
    """As somebody would who owns the database: with its triggers switched off."""
    with app.database.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = replica")
            connection.exec_driver_sql(statement)
            connection.exec_driver_sql("SET session_replication_role = DEFAULT")
            return
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(statement)
        for _, sql in triggers:
            connection.exec_driver_sql(sql)


def test_a_row_waits_for_the_sealer_and_is_read_before_and_after(app: App, clock: FixedClock) -> None:
    note(app)
    assert verdict_of(app).unsealed == 1
    audit.sweep_unsealed(app.unit_of_work)
    assert verdict_of(app).unsealed == 1, "rows that come close together are linked together"
    clock.advance(timedelta(seconds=5))
    for wait_is_over in (False, True):
        if wait_is_over:
            audit.sweep_unsealed(app.unit_of_work)
        with app.unit_of_work.reading() as work:
            (row,) = audit.list_rows(work, Filters()).rows
        assert (row.words, row.after, row.position) == ("Check the order", {"n": 1}, 1 if wait_is_over else None)
    assert verdict_of(app).unsealed == 0


def test_what_a_command_takes_back_leaves_no_row(app: App) -> None:
    with pytest.raises(ConflictError), app.unit_of_work() as work:
        audit.record(work, "task.claim", Thing("task", 1))
        raise ConflictError("Somebody was first.")
    assert verdict_of(app).unsealed == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor_id = 7 WHERE position = 3",
        "UPDATE audit_entry SET at = '2020-01-01 00:00:00+00:00' WHERE position = 3",
        "UPDATE audit_entry SET hash = '00' WHERE position = 3",
        "UPDATE audit_value SET details = '{}' WHERE entry_id = (SELECT id FROM audit_entry WHERE position = 3)",
        "DELETE FROM audit_entry WHERE position = 3",
        "UPDATE audit_entry SET position = position + 100 WHERE position > 3",
    ],
)
def test_one_row_that_was_tampered_with_is_found(app: App, statement: str) -> None:
    for number in range(6):
        note(app, number)
    audit.seal_all(app.unit_of_work)
    assert verdict_of(app).is_whole
    with pytest.raises(IntegrityError, match=r"append-only|audit_entry"), app.database.begin() as connection:
        connection.exec_driver_sql(statement)
    assert verdict_of(app).is_whole
    if statement.startswith("DELETE"):
        tamper(app, "DELETE FROM audit_value WHERE entry_id = (SELECT id FROM audit_entry WHERE position = 3)")
    tamper(app, statement)
    assert not verdict_of(app).is_whole


def test_a_waiting_row_cannot_be_changed_or_taken_away_before_it_is_linked(app: App) -> None:
    note(app)
    for statement in ("DELETE FROM audit_waiting", "UPDATE audit_waiting SET verb = 'task.release'"):
        with pytest.raises(IntegrityError, match="append-only"), app.database.begin() as connection:
            connection.exec_driver_sql(statement)
    tamper(app, "UPDATE audit_waiting SET details = '{}'")
    assert "waits" in verdict_of(app).broken[0]


def test_a_chain_that_was_cut_off_is_found_by_the_mark_and_by_a_head_noted_earlier(app: App) -> None:
    for number in range(4):
        note(app, number)
    audit.seal_all(app.unit_of_work)
    with app.unit_of_work() as work:
        whole = audit.verify_new(work)
        audit.remember(work, whole)
    tamper(app, "DELETE FROM audit_value WHERE entry_id IN (SELECT id FROM audit_entry WHERE position > 2)")
    tamper(app, "DELETE FROM audit_entry WHERE position > 2")
    with app.unit_of_work.reading() as work:
        assert audit.verify(work).is_whole
        assert "noted earlier" in audit.verify(work, expected=whole.head).broken[0]
        assert "cut off" in audit.verify_new(work).broken[0]


def test_verifying_goes_on_where_it_ended(app: App) -> None:
    for number in range(5):
        note(app, number)
    audit.seal_all(app.unit_of_work)
    with app.unit_of_work() as work:
        audit.remember(work, audit.verify_new(work))
    note(app, 6)
    audit.seal_all(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        verdict = audit.verify_new(work)
    assert (verdict.is_whole, verdict.verified, verdict.position) == (True, 1, 6)


def test_erasure_takes_the_values_and_the_salt_and_keeps_the_chain(app: App, tmp_path: Path) -> None:
    note(app, 1, about="case 1", name="Miriam Marker")
    audit.seal_all(app.unit_of_work)
    note(app, 2, about="case 2", name="Otto Other")
    note(app, 3, about="case 1", name="Miriam Marker")
    with app.unit_of_work() as work:
        assert audit.erase_values(work, ["case 1"]) == 2
    verdict = verdict_of(app)
    assert (verdict.is_whole, verdict.erased, verdict.verified) == (True, 2, 3)
    with app.unit_of_work.reading() as work:
        rows = audit.list_rows(work, Filters()).rows
        assert [(row.erased, (row.after or {}).get("name")) for row in rows] == [
            (True, None), (False, "Otto Other"), (True, None)
        ]  # fmt: skip
        tables = ("audit_waiting", "audit_entry", "audit_value")
        left = [str(row) for table in tables for row in work.session.execute(text(f"SELECT * FROM {table}"))]
    assert not [row for row in left if "Miriam" in row]


def test_commands_and_sealers_at_once_end_in_one_order(app: App) -> None:
    def write(start: int) -> None:
        for number in range(start, start + 10):
            note(app, number)
            if number % 3 == 0:
                audit.seal_all(app.unit_of_work)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, (0, 100, 200, 300)))
    audit.seal_all(app.unit_of_work)
    verdict = verdict_of(app)
    assert (verdict.is_whole, verdict.verified, verdict.unsealed) == (True, 40, 0)
    with app.unit_of_work.reading() as work:
        rows = audit.list_rows(work, Filters(), limit=100).rows
    assert sorted(int(row.object_id) for row in rows) == sorted(n for s in (0, 100, 200, 300) for n in range(s, s + 10))
    assert sorted(row.position or 0 for row in rows) == list(range(1, 41))


def test_sealing_that_dies_in_the_middle_is_done_by_the_next(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        note(app, number)
    dying = pytest.MonkeyPatch()
    dying.setattr("bpm.audit.sealing.delete", lambda _table: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        audit.seal_all(app.unit_of_work)
    dying.undo()
    assert (verdict_of(app).verified, verdict_of(app).unsealed) == (0, 3)
    audit.seal_all(app.unit_of_work)
    assert (verdict_of(app).is_whole, verdict_of(app).verified) == (True, 3)


def test_hostile_values_are_kept_and_verify(app: App) -> None:
    note(app, 1, text="NUL \x00, half a pair \ud800, ∞ and a line\nbreak", amount=float("inf"), long="x" * 100_000)
    audit.seal_all(app.unit_of_work)
    assert verdict_of(app).is_whole
    with app.unit_of_work.reading() as work:
        (row,) = audit.list_rows(work, Filters()).rows
    assert row.after is not None
    assert "100,000 characters" in row.after["long"]


def test_filters_find_by_person_verb_object_instant_and_text(app: App, clock: FixedClock) -> None:
    note(app, 1, note="red_balloon 50%")
    clock.advance(timedelta(days=1))
    note(app, 2, note='a "quoted" kite')
    audit.seal_all(app.unit_of_work)
    note(app, 3, note="redXballoon 500")

    def found(**filters: object) -> list[str]:
        with app.unit_of_work.reading() as work:
            return [row.object_id for row in audit.list_rows(work, Filters(**filters)).rows]  # type: ignore[arg-type]  # each by name

    assert found() == ["3", "2", "1"]
    assert found(text="RED_balloon 50%") == ["1"]
    assert found(text='"quoted"') == ["2"]
    assert found(verb="task") == ["3", "2", "1"]
    assert found(verb="task.claim", object_id="2") == ["2"]
    assert found(verb="tas") == []
    assert found(since=clock.now()) == ["3", "2"]
    assert found(until=clock.now()) == ["1"]
    assert found(who="system") == found(who="Earshot") == ["3", "2", "1"]
    assert found(who="12") == found(who="Check") == []


def test_pages_go_on_after_the_last_row_across_linked_and_waiting_ones(app: App) -> None:
    for number in range(7):
        note(app, number)
        if number == 3:
            audit.seal_all(app.unit_of_work)
    seen: list[str] = []
    after: int | None = None
    for _ in range(9):
        with app.unit_of_work.reading() as work:
            page = audit.list_rows(work, Filters(), after=after, limit=2)
        seen += [row.object_id for row in page.rows]
        after = page.after
        if after is None:
            break
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]


def test_an_export_runs_no_formula_and_keeps_numbers(app: App) -> None:
    for text_ in ("=1+1", " @SUM(A1)", "\t-2", '"=3"', "harmless"):
        with app.unit_of_work() as work:
            audit.record(work, "task.claim", Thing("task", 1, text_))
    lines = list(audit.export_csv(app.unit_of_work, Filters()))
    cells = [line.split('","')[9] for line in lines[1:]]
    assert [cell.startswith("'") for cell in cells] == [False, True, True, True, True]
    rows = [json.loads(line) for line in audit.export_lines(app.unit_of_work, Filters())]
    assert [row["words"] for row in rows][-1] == "=1+1"
