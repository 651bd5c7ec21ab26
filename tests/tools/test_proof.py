"""The figures of `make proof` are those of the tests that ran."""

from pathlib import Path

from tools.proof.report import rows, table

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
