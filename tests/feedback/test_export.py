"""Items, conversations and customers handed out as lines, tables and workbooks."""

import io
import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from bpm.app import App
from bpm.cli.export import export
from bpm.foundation.tables import json_line

pytestmark = pytest.mark.both_databases


@pytest.fixture
def hand_out(app: App, monkeypatch: pytest.MonkeyPatch) -> Callable[..., bytes]:
    monkeypatch.setattr("bpm.cli.export.opened", lambda: app)
    return lambda *words: CliRunner().invoke(export, list(words), catch_exceptions=False).stdout_bytes


def test_no_text_of_a_customer_becomes_a_formula(receive: Callable[..., int], hand_out: Callable[..., bytes]) -> None:
    receive('=HYPERLINK("http://example.org")', author_name="@sum", subject=" +1")
    table = hand_out("items", "--csv").decode()
    assert "\"'=HYPERLINK(" in table
    assert "'@sum" in table
    assert "' +1" in table or "'+1" in table
    sheet = load_workbook(io.BytesIO(hand_out("items", "--xlsx"))).active
    texts = [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "s"]
    assert any(str(text).startswith("'=HYPERLINK") for text in texts)
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_conversations_and_customers_come_with_what_they_hold(
    receive: Callable[..., int], hand_out: Callable[..., bytes]
) -> None:
    receive("One.", author_email="a@example.org", author_name="Ann")
    receive("Two.", author_email="a@example.org", author_name="Ann")
    assert b'"items":2' in hand_out("conversations")
    customers = hand_out("customers", "--json")
    assert b'"name":"Ann"' in customers
    assert b"email a@example.org" in customers


def test_nothing_kept_is_an_empty_table(hand_out: Callable[..., bytes]) -> None:
    assert hand_out("customers", "--csv") == b""


def test_a_line_of_the_export_stays_one_line_whatever_signs_break_lines_elsewhere() -> None:
    row = {"text": "one\u2028two\u2029three\x85four"}
    line = json_line(row).decode()
    assert len(line.splitlines()) == 1
    assert json.loads(line) == row
