"""`python -m tools.volume.late --home DIR`: the inbox's list of late items at 300,000 items, few of them late and many.

Prints, for each share of late ones, how long the database worked for the page and for its count (median of five), and
how many statements that were.
"""

import statistics
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, cast

import click
from sqlalchemy import Table, delete, event, insert, select

from bpm.app import App
from bpm.feedback import queries
from bpm.feedback.models import FeedbackItem, ItemClock
from bpm.feedback.queries import ItemFilter
from bpm.feedback.status import ClockKind
from bpm.foundation.work import Work
from tools.bench.report import machine
from tools.volume.__main__ import put_process, to_product
from tools.volume.filling import fill

CLOCK = cast("Table", ItemClock.__table__)
SHARES = (0, 200, 20_000, 150_000)
"""How many of the open items are late."""
AT_ONCE = 20_000
DAY = timedelta(days=1)


@click.command()
@click.option("--items", default=300_000, show_default=True)
@click.option("--database", default="", help="SQLAlchemy URL of an empty database; else SQLite in a new folder.")
@click.option("--home", type=click.Path(path_type=Path), default=None, help="Folder; kept. Else one that goes again.")
def main(items: int, database: str, home: Path | None) -> None:
    """Prints a row for each number of late items."""
    with tempfile.TemporaryDirectory() as folder:
        app = to_product(database, home or Path(folder))
        with app.unit_of_work.reading() as work:
            filled = work.session.scalar(select(FeedbackItem.id).limit(1)) is not None
        if not filled:
            version_id, elements = put_process(app)
            fill(app.unit_of_work, version_id, elements, visits=10, items=items)
        click.echo(machine())
        for late in SHARES:
            _set_clocks(app, late)
            _time(app, late)


def _set_clocks(app: App, late: int) -> None:
    """A clock for each open item; the late ones are spread evenly over them."""
    with app.unit_of_work() as work:
        work.session.execute(delete(CLOCK))
        open_ids = list(work.session.scalars(select(FeedbackItem.id).where(FeedbackItem.decision.is_(None))))
    step, now = len(open_ids) / late if late else 0.0, app.clock.now()
    chosen = {open_ids[int(place * step)] for place in range(min(late, len(open_ids)))}
    for start in range(0, len(open_ids), AT_ONCE):
        rows = [
            {
                "item_id": each, "kind": ClockKind.FIRST, "started_at": now - 2 * DAY,
                "answer_due_at": now - DAY if each in chosen else now + DAY, "resolve_due_at": now + 3 * DAY,
            }
            for each in open_ids[start : start + AT_ONCE]
        ]  # fmt: skip
        with app.unit_of_work() as work:
            work.session.execute(insert(CLOCK), rows)
    with app.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _time(app: App, late: int) -> None:
    wanted = ItemFilter(to_do=True, next_first=True, late_at=app.clock.now())
    asked: dict[str, Callable[[Work], int]] = {
        "page": lambda work: len(queries.list_items(work, wanted, 50).rows),
        "count": lambda work: queries.count_items(work, wanted, most=250),
    }
    for name, ask in asked.items():
        took, worked, found, statements = list[float](), list[float](), 0, 0
        for _turn in range(6):
            with _watched(app) as spent, app.unit_of_work.reading() as work:
                begun = perf_counter()
                found = ask(work)
                took.append((perf_counter() - begun) * 1000)
            worked.append(sum(spent) * 1000)
            statements = len(spent)
        click.echo(
            f"{late:7,} late: {name} {statistics.median(worked[1:]):6.1f} ms of SQL"
            f" ({statistics.median(took[1:]):.1f} ms in all), {statements} statements, {found} found"
        )


class _watched:  # noqa: N801 (used as a block)
    """Seconds of each statement until its first row, while the block runs."""

    def __init__(self, app: App) -> None:
        self.app, self.spent, self.begun = app, list[float](), 0.0

    def __enter__(self) -> list[float]:
        event.listen(self.app.database, "before_cursor_execute", self._before)
        event.listen(self.app.database, "after_cursor_execute", self._after)
        return self.spent

    def __exit__(self, *_error: object) -> None:
        event.remove(self.app.database, "before_cursor_execute", self._before)
        event.remove(self.app.database, "after_cursor_execute", self._after)

    def _before(self, *_given: Any) -> None:
        self.begun = perf_counter()

    def _after(self, *_given: Any) -> None:
        self.spent.append(perf_counter() - self.begun)


if __name__ == "__main__":
    main()
