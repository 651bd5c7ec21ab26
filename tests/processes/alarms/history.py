"""Half a year of a process in bulk rows: items, links and visits, with what changes on which day."""

from collections.abc import Callable, Iterator
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

    def __init__(self, app: App, version_id: int, key: str = "care") -> None:
        self.app, self.version_id, self.key = app, version_id, key
        self.draw = np.random.default_rng(20261130)
        self.next = 1

    def say(
        self, element: str, day: int, n: int, *, negative: float, source: str = "mail", complaints: float = 0.0
    ) -> list[int]:
        """`n` items of that day at the element, each negative with that chance; gives their ids."""
        items, claims, links = [], [], []
        for _each in range(n):
            number, self.next = self.next, self.next + 1
            at = FIRST_DAY + timedelta(days=day, hours=float(self.draw.uniform(1, 23)))
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
                        "valid_from": at,
                    }
                )  # fmt: skip
        with self.app.database.begin() as connection:
            for model, rows in ((FeedbackItem, items), (Classification, claims), (Attribution, links)):
                names = {column.name for column in table(model).columns}
                if rows:
                    connection.execute(insert(table(model)), [{k: v for k, v in r.items() if k in names} for r in rows])
        return [each["id"] for each in items]

    def pass_through(self, element: str, day: int, n: int, *, hours: float) -> None:
        """`n` visits of the element that began that day and waited about so long for somebody."""
        at = FIRST_DAY + timedelta(days=day, hours=6)
        with self.app.database.begin() as connection:
            case = connection.execute(
                insert(table(ProcessInstance)).returning(table(ProcessInstance).c.id),
                {"version_id": self.version_id, "status": "active", "revision": 1, "variables": {}, "started_at": at},
            ).scalar_one()
            rows = [
                {
                    "instance_id": case, "version_id": self.version_id, "uid": f"{element}{day}.{number}",
                    "element": element, "name": element, "type": "userTask", "status": "completed", "opened_at": at,
                    "closed_at": at + timedelta(hours=float(hours * np.exp(self.draw.normal() * 0.5))),
                }
                for number in range(n)
            ]  # fmt: skip
            connection.execute(insert(table(ActivityInstance)), rows)

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
            with self.app.database.begin() as connection:
                placed = FIRST_DAY + timedelta(days=day, hours=5)
                connection.execute(
                    insert(table(ThemeItem)),
                    [
                        {
                            "item_id": each, "theme_id": theme_id, "classification_id": 1, "signature": b"",
                            "placed_at": placed, "by_person": False,
                        }
                        for each in ids
                    ],
                )  # fmt: skip
        return cast("int", theme_id)


Told = Callable[..., History]
