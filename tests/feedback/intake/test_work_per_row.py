"""Reading a row, masking and language included, costs what the row costs, whatever stands before it."""

import io
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

from bpm.feedback import language
from bpm.feedback.channels import Context, get_format
from bpm.feedback.intake import reader_child
from tests.work_done import calls_of
from tools.volume.imports import _csv

NOW = datetime(2026, 3, 2, tzinfo=UTC)


class _Parent:
    """Takes what the child says."""

    def __init__(self) -> None:
        self.answers = io.BytesIO()

    def pause(self) -> None:
        pass


def _calls(rows: int, letters: int = 900) -> int:
    """Calls for the last fifty rows of a table of so many."""
    form, context = get_format("csv"), Context("", "large", "large.csv", {})
    told: dict[str, Any] = {"now": NOW.isoformat(), "languages": True}
    reading = reader_child._Reading(_Parent(), form, context, told)  # type: ignore[arg-type]  # all it asks of one
    records = list(form.cut(io.BytesIO("".join(_csv(rows, letters)).encode()), context))
    for record in records[:-50]:
        reading.take(record, "")
    return calls_of(lambda: [reading.take(record, "") for record in records[-50:]])


def test_a_row_costs_the_same_however_many_came_before() -> None:
    language.warm()
    few, many = _calls(60), _calls(300)
    assert many < 1.3 * few
    assert few < 50 * 600


def test_a_longer_row_costs_no_more_than_its_length() -> None:
    language.warm()
    assert _calls(60, 9_000) < 1.3 * _calls(60)


def test_the_child_that_reads_loads_nothing_that_keeps_what_was_read() -> None:
    told = "import sys, bpm.feedback.intake.reader_child; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True).stdout.split()
    assert not {"sqlalchemy", "pydantic", "numpy", "rapidfuzz", "holidays", "cryptography", "structlog"} & set(loaded)
