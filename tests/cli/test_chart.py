"""`earshot chart` prints the settled figures, and names every row that does not fit."""

import json
from pathlib import Path

import pytest

from tests.cli.test_models import home, run

__all__ = ["home"]


def _file(folder: Path, text: str) -> Path:
    path = folder / "weeks.csv"
    path.write_text(text, "utf-8")
    return path


def test_a_chart_as_json(tmp_path: Path) -> None:
    rows = "\n".join(f"2026-W{week:02},{10 + week % 3},100" for week in range(1, 25))
    found = json.loads(run("chart", _file(tmp_path, f"period,value,n\n{rows}\n2026-W25,40,100\n"), "--kind", "p",
                           "--json").output)  # fmt: skip
    assert found.keys() >= {"centre", "limits", "sigma_z", "lag1", "signals", "provisional"}
    assert len(found["limits"]) == 25
    assert found["signals"][-1] | {"rule": "3 sigma", "index": 24, "points": [24]} == found["signals"][-1]
    assert found["provisional"] is False


def test_a_chart_in_words(tmp_path: Path) -> None:
    path = _file(tmp_path, "\ufeffPeriod;Value\n" + "\n".join(f"{n};{10 + n % 2}" for n in range(1, 15)) + "\n15;30\n")
    answer = run("chart", path, "--kind", "xmr", "--baseline", "14")
    assert "15: 3 sigma, above" in answer.output
    assert "The baseline has 14 points" in answer.output


@pytest.mark.parametrize(
    ("rows", "kind", "said"),
    [
        ("1,3,10\n2,4,0\n3,1,10", "p", "line 3: n is 0"),
        ("1,3,10\n2,-4,10\n3,1,10", "u", "line 3: value -4 is negative"),
        ("1,3,10\n2,many,10\n3,1,10", "xmr", "line 3: value “many” is no number"),
        ("1,3,10\n2,,10\n3,1,10", "xmr", "line 3: value is empty"),
        ("1,3,10\n2,nan,10\n3,1,10", "xmr", "line 3: value “nan” is no number"),
        ("1,3,10\n2,12,10\n3,1,10", "p", "line 3: value 12 is more than n 10"),
        ("1,3,10\n2,0.4,10\n3,1,10", "p", "line 3: value 0.4 is no whole number"),
        ("2026-03-02,3,9\n2026-03-09,3,9\n2026-03-23,3,9\n2026-03-30,3,9", "xmr", "line 4: 1 period is missing"),
        ("1,3,9\n2,3,9\n5,3,9", "xmr", "line 4: 2 periods are missing before 5 (the first: 3)"),
        ("2026-03-02,3,9\n2026-03-09,3,9\n2026-02-30,3,9\n2026-03-16,3,9\n2026-03-23,3,9", "xmr", "line 4: the period"),
        ("2,3,9\n1,3,9\n3,3,9", "xmr", "line 3: the period 1 comes after a later one"),
        ("1,3,9\n1,3,9\n2,3,9", "xmr", "line 3: the period 1 stands on line 2 already"),
        ("1,3,9,7\n2,3,9\n3,3,9", "xmr", "line 2: there are more cells than columns"),
    ],
)
def test_a_row_that_does_not_fit_is_named_with_its_line_and_remedy(
    rows: str, kind: str, said: str, tmp_path: Path
) -> None:
    answer = run("chart", _file(tmp_path, f"period,value,n\n{rows}\n"), "--kind", kind, "--json")
    assert answer.exit_code == 1
    assert said in str(answer.exception)
    assert str(answer.exception).rstrip().endswith(".")


def test_a_table_without_its_columns_or_rows_says_which(tmp_path: Path) -> None:
    for text, said in (("week,value\n1,2\n", "no column period"), ("period,value\n", "no rows"), ("", "no column")):
        answer = run("chart", _file(tmp_path, text), "--kind", "xmr")
        assert (answer.exit_code, said in str(answer.exception)) == (1, True)
    assert "no column n" in str(run("chart", _file(tmp_path, "period,value\n1,2\n"), "--kind", "p").exception)
    assert "no file" in str(run("chart", tmp_path / "none.csv", "--kind", "p").exception)
