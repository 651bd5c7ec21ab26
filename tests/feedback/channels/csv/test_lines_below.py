"""Lines that stand below the rows of a table, and are none of them."""

import pytest

from tests.feedback.channels.tables import rows_of

ROWS = "id,comment,score\n1,The lift is slow,2\n2,The app crashes,1\n"


def told(table: str) -> list[str]:
    return [row.ignored or (row.item.text if row.item else row.reason) for row in rows_of(table)]


@pytest.mark.parametrize(
    "line",
    ["Total,2,", "Grand total,,3", "Sum:,2,3", 'Summe,2,"1,5"', "Total général,,1 234", "Итого,2,", "合計,2,3",
     "Total (2),,50%", "Average,,€ 1.50", "รวม,2,"],
)  # fmt: skip
def test_a_row_of_sums_is_left_out_whatever_its_language(line: str) -> None:
    assert told(ROWS + line) == ["The lift is slow", "The app crashes", "a row of totals"]


@pytest.mark.parametrize(
    "line", ["-- end of report --,,", "*** End of file ***,,", "(2 rows),,", "=== Ende des Berichts ===,,"]
)
def test_the_line_that_ends_a_report_is_no_answer(line: str) -> None:
    table = "comment,branch,score\nThe lift is slow,North,2\n" + line
    assert told(table) == ["The lift is slow", "the end of the report"]


@pytest.mark.parametrize("line", ["3,Total,1", "3,Sum,", "Total,A total disaster,1", "3,2,2", "Total,2025-03-02,1"])
def test_an_answer_that_only_looks_like_one_stays(line: str) -> None:
    assert [row.ignored for row in rows_of(ROWS + line)] == ["", "", ""]
