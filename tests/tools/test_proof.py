"""The figures of `make proof` are those of the tests that ran."""

import subprocess
import sys
from pathlib import Path

from tools.proof.report import rows, table

HOUSE = Path(__file__).parents[2] / "pyproject.toml"
REPORT = """<testsuites><testsuite>
<testcase classname="tests.faults.test_a" name="one" time="1.5">
  <properties><property name="counts" value="50 killed, 0 lost, half a one"/>
    <property name="x" value="9 y"/></properties>
</testcase>
<testcase classname="tests.faults.test_a" name="two" time="2.5"><failure/>
  <properties><property name="counts" value="50 killed, 1 lost"/></properties>
</testcase>
<testcase classname="tests.a.test_b" name="three" time="0.1"/>
</testsuite></testsuites>"""


def test_each_file_has_a_row_with_the_sum_of_its_counts(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert table(rows(report))[2:] == [
        "| `tests/a/test_b.py` | 1 | 0 |  | 0 |",
        "| `tests/faults/test_a.py` | 2 | 1 | 100 killed, 1 lost | 4 |",
    ]


COUNTING = """def test_five(record_property):
    record_property("counts", "5 killed, 0 lost")
"""


def test_what_a_test_of_this_house_counts_stands_in_its_report(tmp_path: Path) -> None:
    (tmp_path / "test_counting.py").write_text(COUNTING)
    report = tmp_path / "report.xml"
    command = [sys.executable, "-m", "pytest", "-c", str(HOUSE), f"--junit-xml={report}", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert [row.counts for row in rows(report)] == [{"killed": 5, "lost": 0}]
