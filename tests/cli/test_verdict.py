"""`earshot verdict` prints the settled figures, tells threats, and names every row and entry that does not fit."""

import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_models import home, run

__all__ = ["home"]
PLAN = {"outcome": "share", "direction": "lower", "smallest": 0.05, "design": "randomised", "looks": 1}
HEADER = "case_id,arm,started_at,customer,outcome"


def _verdict(folder: Path, rows: list[str], header: str = HEADER, **plan: Any) -> dict[str, Any]:
    table, laid_down = folder / "cases.csv", folder / "plan.json"
    table.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    laid_down.write_text(json.dumps(PLAN | plan), "utf-8")
    answer = run("verdict", table, "--plan", laid_down, "--json")
    if answer.exception is not None:
        raise answer.exception
    found: dict[str, Any] = json.loads(answer.output)
    return found


def _rows(n: int, old: float, new: float, *, days: int = 30, seed: int = 1) -> list[str]:
    draw = random.Random(seed)
    rows = []
    for case in range(2 * n):
        arm = ("v1", "v2")[case % 2]
        day = date(2026, 3, 2) + timedelta(draw.randrange(days))
        rows.append(f"{case},{arm},{day},c{case // 4},{int(draw.random() < (old, new)[case % 2])}")
    return rows


def test_a_change_that_helped(tmp_path: Path) -> None:
    found = _verdict(tmp_path, _rows(600, 0.35, 0.15))
    assert found["verdict"] == "improved"
    assert found["n"] == {"v1": 600, "v2": 600}
    low, high = found["interval"]
    assert low < found["estimate"] < high < 0
    assert 0 < found["power"] < 1
    assert found["sentence"].startswith("Improved by -0.")
    assert ["customers had cases on both" in each for each in found["threats"]] == [True]


def test_worse_no_difference_and_not_shown(tmp_path: Path) -> None:
    assert _verdict(tmp_path, _rows(600, 0.15, 0.35))["verdict"] == "worse"
    assert _verdict(tmp_path, _rows(600, 0.15, 0.35), direction="higher")["verdict"] == "improved"
    assert _verdict(tmp_path, _rows(900, 0.2, 0.2), smallest=0.2)["verdict"] == "no difference"
    few = _verdict(tmp_path, _rows(60, 0.3, 0.28))
    assert few["verdict"] == "not shown"
    assert "cases more per arm" in few["needs"]


@pytest.mark.parametrize("design", ["before_after", "series"])
def test_a_weak_design_never_says_improved(design: str, tmp_path: Path) -> None:
    draw = random.Random(2)
    rows = [
        f"{case},{'old' if day < 100 else 'new'},{date(2026, 1, 5) + timedelta(day)},c{case},"
        f"{int(draw.random() < (0.4 if day < 100 else 0.1))}"
        for case, day in enumerate(sorted(draw.randrange(200) for _ in range(800)))
    ]
    found = _verdict(tmp_path, rows, design=design)
    assert found["verdict"] == "not shown"
    assert found["estimate"] < -0.1
    assert any(each.startswith(("weak design", "too few periods")) for each in found["threats"])


def test_an_unhealthy_split_allows_no_verdict(tmp_path: Path) -> None:
    rows = _rows(600, 0.35, 0.15)
    lopsided = [row for place, row in enumerate(rows) if place % 2 or place % 3]
    found = _verdict(tmp_path, lopsided)
    assert found["verdict"] == "not shown"
    assert found["threats"][0].startswith("sample ratio: 400 and 600")
    assert _verdict(tmp_path, lopsided, ratio={"v1": 2, "v2": 3})["verdict"] == "improved"
    twice = _verdict(tmp_path, [*rows, rows[0].replace("v1", "v2")])
    assert twice["verdict"] == "not shown"
    assert twice["threats"][0].startswith("cases in both arms: 1 cases")


def test_no_verdict_before_a_full_week_nor_of_a_handful(tmp_path: Path) -> None:
    early = _verdict(tmp_path, _rows(600, 0.35, 0.15, days=4))
    assert (early["verdict"], early["threats"][0][:20]) == ("not shown", "one week is not over")
    few = _verdict(tmp_path, _rows(7, 0.35, 0.15))
    assert (few["verdict"], few["estimate"], few["interval"]) == ("not shown", None, None)
    assert few["threats"][0].startswith("no data: 7 cases of v1")


def test_a_mix_that_shifts_is_told(tmp_path: Path) -> None:
    rows = [f"{row},{'app' if place % 2 and place % 5 else 'mail'}" for place, row in enumerate(_rows(600, 0.3, 0.1))]
    found = _verdict(tmp_path, rows, header=f"{HEADER},channel")
    assert found["verdict"] == "not shown"
    assert found["threats"][0].startswith("mix shift: the mix by channel")


def test_staged_groups_are_compared_in_time(tmp_path: Path) -> None:
    """All get worse by ten points; the groups that changed do not."""
    draw, rows = random.Random(3), []
    for case in range(4000):
        group, week = draw.randrange(10), draw.randrange(12)
        new = group < 5 and week >= 6
        level = 0.2 + 0.02 * (group % 3) + (0.1 if week >= 6 else 0) - (0.12 if new else 0)
        day = date(2026, 3, 2) + timedelta(7 * week + draw.randrange(7))
        rows.append(f"{case},{'new' if new else 'old'},{day},c{case},{int(draw.random() < level)},g{group},{week}")
    found = _verdict(tmp_path, rows, header=f"{HEADER},group,period", design="staged")
    assert found["verdict"] == "improved"
    assert found["interval"][0] < -0.12 < found["interval"][1]
    with pytest.raises(Exception, match="no column group"):
        _verdict(tmp_path, _rows(20, 0.3, 0.3), design="staged")


def test_looks_that_are_planned_widen_the_interval(tmp_path: Path) -> None:
    rows = _rows(200, 0.3, 0.2)
    once, often = _verdict(tmp_path, rows), _verdict(tmp_path, rows, looks=5, planned=1000)
    assert often["look"] == 1
    assert often["interval"][1] - often["interval"][0] > 2 * (once["interval"][1] - once["interval"][0])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("x,v1,soon,c,1", "line 3: started_at “soon” is no instant"),
        ("x,v1,2026-03-02,c,maybe", "line 3: outcome “maybe” is no share of a case"),
        (",v1,2026-03-02,c,1", "line 3: case_id is empty"),
        ("x,,2026-03-02,c,1", "line 3: arm is empty"),
        ("0,v1,2026-03-02,c,1", "line 3: the case 0 stands on line 2 already"),
    ],
)
def test_a_row_that_does_not_fit_is_named(row: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=said):
        _verdict(tmp_path, ["0,v1,2026-03-02,c,1", row, "2,v2,2026-03-02,c,1"])


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"outcome": "nps"}, 'outcome is "nps": write one of share, rate, mean'),
        ({"smallest": 0}, "smallest is 0"),
        ({"smallest": 5}, "five points of a hundred"),
        ({"looks": 0}, "looks is 0"),
        ({"design": None}, "design is null"),
        ({"control": "v9"}, "no case of the arm v9"),
    ],
)
def test_a_plan_that_does_not_fit_says_what_would(plan: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=said):
        _verdict(tmp_path, _rows(20, 0.3, 0.3), **plan)


def test_a_name_in_the_plan_that_is_not_read_is_told(tmp_path: Path) -> None:
    assert _verdict(tmp_path, _rows(20, 0.3, 0.3), smalest=0.1)["not_read"] == ["smalest"]
    said = run("verdict", tmp_path / "cases.csv", "--plan", tmp_path / "plan.json").output
    assert "Not read in the plan: smalest." in said


def test_the_cases_that_a_plan_needs_are_said_before(tmp_path: Path) -> None:
    asked = '{"from": 0.3, "to": 0.2, "design": "randomised"}'
    plan = tmp_path / "plan.json"
    plan.write_text(asked, "utf-8")
    for arguments in (("--power", asked), ("--power", str(plan)), ("--power", "--plan", str(plan))):
        assert json.loads(run("verdict", "--json", *arguments).output)["n_per_arm"] == 293
    assert "293 cases per arm" in run("verdict", "--plan", plan, "--power").output
    assert run("verdict", "--power", '{"from": 0.3}').exit_code == 1
    assert run("verdict", "--power", '{"from": 0.3, "to": 0.2, "design": "guess"}').exit_code == 1
    assert run("verdict").exit_code == 1
