"""Logs of processes that run elsewhere are taken in row by row, and nothing of them is lost in silence."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bpm.app import App
from bpm.cli import cli
from bpm.foundation.errors import ConflictError, EarshotError, InvalidInputError
from bpm.processes import event_log, outside
from bpm.processes.outside import LogReport
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE

Take = Callable[..., LogReport]
EVER = (datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))

LOANS = """Case ID;Activity;Start Time;Complete Time;Version;Role;Customer
L-1;Apply;03.02.2026 09:00;03.02.2026 09:10;7;Desk;c-1
L-1;Check papers;03.02.2026 10:00;04.02.2026 16:00;7;Back office;c-1
L-2;Apply;13.02.2026 09:00;13.02.2026 09:05;7;Desk;c-2
L-2;Check papers;13.02.2026 11:00;;7;Back office;c-2
;Check papers;13.02.2026 11:00;;7;;
L-3;;13.02.2026 11:00;;7;;
L-3;Apply;yesterday;soon;7;;
L-3;Apply;14.02.2026 12:00;14.02.2026 11:00;7;;
L-4;Sign;N/A;15.02.2026 11:00;7;;
"""


@pytest.fixture
def take(app: App, tmp_path: Path) -> Take:
    def run(content: str | bytes, name: str = "loans.csv", key: str = "loans", **more: object) -> LogReport:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return outside.import_log(app.unit_of_work, path, key=key, **more)  # type: ignore[arg-type]  # options of a test

    return run


def activities(app: App, key: str = "loans") -> dict[str, outside.OutsideActivity]:
    with app.unit_of_work.reading() as work:
        process = outside.get_outside(work, key)
        found = outside.list_activities(work, process.id, since=EVER[0], until=EVER[1])
        return {each.activity: each for each in found}


@pytest.mark.both_databases
def test_every_row_is_kept_or_named_with_its_place_and_the_same_file_adds_nothing(app: App, take: Take) -> None:
    report = take(LOANS)
    assert (report.rows, report.new, report.failed, report.cases) == (9, 5, 4, 3)
    told = {each.place: each.reason for each in report.problems if each.kind == "failed"}
    assert list(told) == ["line 6", "line 7", "line 8", "line 9"]
    assert "no case" in told["line 6"]
    assert "ends before it begins" in told["line 9"]
    found = activities(app)
    assert found["Apply"].visits == 2
    assert (found["Check papers"].open, found["Check papers"].lane) == (1, "Back office")
    assert found["Check papers"].work.n == 1
    assert found["Sign"].work.n == 0, "nobody knows when it began"
    again = take(LOANS)
    assert (again.new, again.changed, again.known) == (0, 0, 5)
    later = take(LOANS.replace("13.02.2026 11:00;;7;Back", "13.02.2026 11:00;13.02.2026 12:00;7;Back"))
    assert (later.new, later.changed, later.known) == (0, 1, 4)
    assert activities(app)["Check papers"].open == 0
    assert take(LOANS).changed == 0, "an older log takes nothing back"


def test_the_order_of_days_and_months_is_learned_from_the_file_or_asked_for(app: App, take: Take) -> None:
    rows = "case,activity,timestamp\n1,a,{first}\n1,b,{second}\n"
    assert take(rows.format(first="04/03/2026", second="04/13/2026"), key="us").new == 2
    assert take(rows.format(first="04/03/2026", second="13/03/2026"), key="eu").new == 2
    doubtful = rows.format(first="04/03/2026", second="05/03/2026")
    assert take(doubtful, key="open").failed == 2
    assert take(doubtful, key="open", options=outside.LogOptions(order="dmy", zone="Europe/Berlin")).new == 2
    with app.unit_of_work.reading() as work:
        assert outside.get_outside(work, "open").first_at == datetime(2026, 3, 3, 23, tzinfo=UTC)


XES = """<?xml version="1.0"?><log xmlns="http://www.xes-standard.org/">
<trace><string key="concept:name" value="p1"/>{first}{second}{third}</trace>
<trace><string key="other" value="x"/>{first}</trace></log>"""


def event(activity: str, at: str, transition: str = "") -> str:
    life = f'<string key="lifecycle:transition" value="{transition}"/>' if transition else ""
    return (
        f'<event><string key="concept:name" value="{activity}"/>{life}'
        f'<string key="org:group" value="Ward"/><date key="time:timestamp" value="{at}"/></event>'
    )


def test_events_of_xes_become_visits_by_their_life_cycle(app: App, take: Take) -> None:
    content = XES.format(
        first=event("Triage", "2026-01-05T10:00:00+01:00", "schedule"),
        second=event("Triage", "2026-01-05T10:05:00+01:00", "start"),
        third=event("Triage", "2026-01-05T10:20:00+01:00", "complete") + event("Leave", "2026-01-05T11:00:00+01:00"),
    )
    report = take(gzip.compress(content.encode()), name="ward.xes.gz", key="ward")
    assert (report.new, report.left_out, report.failed) == (2, 1, 1)
    assert any(each.place == "trace 2, event 1" for each in report.problems)
    found = activities(app, "ward")
    assert found["Triage"].work.n == 1
    assert found["Leave"].work.n == 0
    with app.unit_of_work.reading() as work:
        process = outside.get_outside(work, "ward")
        (flow,) = outside.list_flows(work, process.id, since=EVER[0], until=EVER[1]).flows
    assert (flow.before, flow.after, flow.times) == ("Triage", "Leave", 1)


def test_what_does_not_fit_is_cut_or_refused_by_name_and_unused_columns_are_said(take: Take) -> None:
    rows = [
        "case,activity,timestamp,group,price,colour",
        f"1,Pay,2026-02-01T10:00Z,{'g' * 300},7,red",
        f"1,{'x' * 301},2026-02-01T11:00Z,,,",
    ]
    report = take("\n".join(rows))
    assert (report.rows, report.new, report.failed) == (2, 1, 1)
    told = {(each.place, each.kind): each.reason for each in report.problems}
    assert "price, colour" in told["line 1", "warning"]
    assert "group was cut" in told["line 2", "warning"]
    assert "longer than 300" in told["line 3", "failed"]


@pytest.mark.parametrize("form", ["csv", "xes"])
def test_our_own_log_comes_back_as_one_of_another_process(
    app: App, take: Take, go_live: GoLive, trigger: Callable[..., int], say: Say, form: str
) -> None:
    go_live(CARE, "care")
    trigger()
    for _ in range(3):
        say()
    written = b"".join(event_log.FORMATS[form].written(lambda: event_log.read_cases(app.unit_of_work, "care")))
    report = take(written, name=f"log.{form}", key="care elsewhere", diagram=("care.bpmn", CARE))
    assert report.cases == 3
    assert report.failed == 0
    assert report.unmatched == []
    assert all(each.element for each in activities(app, "care elsewhere").values())


def test_a_diagram_given_later_places_what_is_there_and_names_what_it_does_not_draw(app: App, take: Take) -> None:
    rows = "case,activity,timestamp\n1,read_complaint,2026-02-01T10:00:00Z\n1,Dance,2026-02-01T11:00:00Z\n"
    take(rows, key="old")
    assert activities(app, "old")["read_complaint"].element == ""
    report = take(rows, key="old", diagram=("care.bpmn", CARE))
    assert (report.known, report.unmatched) == (2, ["Dance"])
    assert activities(app, "old")["read_complaint"].element == "read"


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("log.csv", "a,b\n1,2\n", "no column for"),
        ("log.csv", "", "empty"),
        ("log.xes", "<log><trace>", "no XES"),
        ("log.xes", "<log/>", "no trace"),
        ("log.xes", '<!DOCTYPE log [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><log><trace>&b;</trace></log>', ""),
        ("log.csv.gz", "not packed at all", "no column for"),
    ],
)
def test_a_file_that_is_no_log_says_why_and_keeps_what_came_before(
    take: Take, name: str, content: str, word: str
) -> None:
    report = take(content, name=name)
    assert report.new == 0
    assert word in report.problem


def test_what_runs_here_or_has_no_known_ending_is_refused(take: Take, go_live: GoLive) -> None:
    go_live(CARE, "care")
    with pytest.raises(ConflictError):
        take(LOANS, key="care")
    with pytest.raises(InvalidInputError):
        take(LOANS, name="log.pdf")
    with pytest.raises(EarshotError):
        take(LOANS, diagram=("x.bpmn", b"<nothing/>"))


def test_many_cases_are_read_in_batches_and_grow_in_proportion(app: App, take: Take) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    lines = ["case_id,activity,started_at,completed_at"]
    for number in range(1_500):
        at = start + timedelta(minutes=number)
        lines.append(f"{number % 300},step {number % 7},{at.isoformat()},{(at + timedelta(minutes=5)).isoformat()}")
    report = take("\n".join(lines))
    assert (report.new, report.cases) == (1_500, 300)


@pytest.mark.parametrize("asked", [("export", "log"), ("measure", "--by", "version")])
def test_of_a_process_that_runs_elsewhere_it_is_said_that_it_does(
    app: App, take: Take, asked: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_HOME", str(app.settings.home))
    monkeypatch.setenv("EARSHOT_DATABASE_URL", app.settings.url)
    take(LOANS)
    answered = CliRunner().invoke(cli, [*asked, "--process", "loans"])
    assert answered.exit_code == 1
    assert "runs elsewhere" in str(answered.exception)
