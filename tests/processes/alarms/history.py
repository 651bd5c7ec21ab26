"""Half a year of a process in bulk rows: items, links and visits, with what changes on which day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import numpy as np
from sqlalchemy import Table, insert

from bpm.app import App
from bpm.engine.models import ActivityInstance, ProcessInstance
from bpm.feedback.models import Classification, FeedbackItem, Theme, ThemeItem
from bpm.processes.models import Attribution

FIRST_DAY = datetime(2025, 9, 1, tzinfo=UTC)
"""A Monday."""


def table(model: Any) -> Table:
    return cast("Table", model.__table__)


class History:
    """Writes days of items and visits of one version, the numbers drawn with a fixed seed."""

    def __init__(
        self, app: App, version_id: int, key: str = "care", *, since: datetime = FIRST_DAY, first: int = 1
    ) -> None:
        self.app, self.version_id, self.key = app, version_id, key
        self.draw = np.random.default_rng(20261130)
        self.next, self.case, self.since = first, 1000, since
        self.rows: dict[Any, list[dict[str, Any]]] = {
            each: []
            for each in (FeedbackItem, Classification, Attribution, ThemeItem, ProcessInstance, ActivityInstance)
        }

    def write(self) -> None:
        """All that was said and passed, in one transaction."""
        with self.app.database.begin() as connection:
            for model, rows in self.rows.items():
                names = {column.name for column in table(model).columns}
                if rows:
                    kept = [{name: value for name, value in row.items() if name in names} for row in rows]
                    connection.execute(insert(table(model)), kept)
                rows.clear()

    def say(
        self, element: str, day: int, n: int, *, negative: float, source: str = "mail", complaints: float = 0.0
    ) -> list[int]:
        """`n` items of that day at the element, each negative with that chance; gives their ids."""
        items, claims, links = [], [], []
        for _each in range(n):
            number, self.next = self.next, self.next + 1
            at = self.since + timedelta(days=day, hours=float(self.draw.uniform(1, 23)))
            items.append(
                {
                    "id": number, "channel": "email", "source": source, "natural_key": f"{source}-{number}",
                    "content_hash": str(number), "version": 1, "current": True, "text": f"Words {number}",
                    "said_at": at, "placed_at": at, "received_at": at, "extra": {}, "raw": {}, "act_by": at,
                    "classified_at": at,
                }
            )  # fmt: skip
            bad, complains = self.draw.random() < negative, self.draw.random() < complaints
            claims.append(
                {
                    "item_id": number, "model_version": "m", "kinds": {}, "sentiment": -0.8 if bad else 0.4,
                    "primary": "complaint" if complains else "question", "urgency": 1, "confidence": 0.9,
                    "abstained": False, "evidence": [], "aspects": [], "current": True, "classified_at": at,
                }
            )  # fmt: skip
            if element:
                links.append(
                    {
                        "item_id": number, "definition_key": self.key, "version_id": self.version_id,
                        "element": element, "method": "recorded", "confidence": 1.0, "evidence": "", "author": "system",
                        "valid_from": at, "kind": "said_during",
                    }
                )  # fmt: skip
        self.rows[FeedbackItem] += items
        self.rows[Classification] += claims
        self.rows[Attribution] += links
        return [each["id"] for each in items]

    def pass_through(self, element: str, day: int, n: int, *, hours: float) -> None:
        """`n` visits of the element that began that day and waited about so long for somebody."""
        at = self.since + timedelta(days=day, hours=6)
        self.case += 1
        self.rows[ProcessInstance].append(
            {
                "id": self.case, "version_id": self.version_id, "status": "active", "revision": 1, "variables": {},
                "started_at": at, "bindings": None,
            }
        )  # fmt: skip
        self.rows[ActivityInstance] += [
            {
                "instance_id": self.case, "version_id": self.version_id, "uid": f"{element}{day}.{number}",
                "element": element, "name": element, "type": "userTask", "status": "completed", "opened_at": at,
                "closed_at": at + timedelta(hours=float(hours * np.exp(self.draw.normal() * 0.5))),
            }
            for number in range(n)
        ]  # fmt: skip

    def theme(self, name: str, days: Iterator[tuple[int, int]]) -> int:
        """A theme with so many items on each (day, n)."""
        with self.app.database.begin() as connection:
            theme_id = connection.execute(
                insert(table(Theme)).returning(table(Theme).c.id),
                {
                    "name": name, "words": {}, "exemplars": b"", "first_at": FIRST_DAY, "last_at": FIRST_DAY,
                    "created_at": FIRST_DAY, "named": True,
                },
            ).scalar_one()  # fmt: skip
            connection.execute(table(Theme).update().values(counts_in_id=table(Theme).c.id))
        for day, n in days:
            ids = self.say("", day, n, negative=0.5)
            self.rows[ThemeItem] += [
                {
                    "item_id": each, "theme_id": theme_id, "classification_id": 1, "signature": b"",
                    "placed_at": self.since + timedelta(days=day, hours=5), "by_person": False,
                }
                for each in ids
            ]  # fmt: skip
        return cast("int", theme_id)


DAYS, CHANGE = 75, 60


def hurting_days(app: App, version_id: int) -> History:
    """75 days: from the 60th on more is negative at "mend", its waits double; one theme grows in the last three."""
    past = History(app, version_id)
    for day in range(DAYS):
        past.say("read", day, 11, negative=0.25)
        past.say("mend", day, 12, negative=0.65 if day >= CHANGE else 0.25, complaints=0.2)
        past.pass_through("read", day, 12, hours=4)
        past.pass_through("mend", day, 12, hours=9 if day >= CHANGE else 3)
    past.theme("late parcels", ((day, 3 + day % 3 + (9 if day >= DAYS - 3 else 0)) for day in range(DAYS)))
    past.theme("torn boxes", ((day, 2 + day % 2) for day in range(DAYS)))
    past.write()
    return past
