"""Where the running cases of a version stand, as the drawing's badges and as rows of a table."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from flask import url_for

from bpm.engine import queries
from bpm.foundation.work import Work

NOT_ENDED = "running"
"""What the list of cases calls all that have not ended."""
WORKS_BY_ITSELF = frozenset(
    {"serviceTask", "scriptTask", "businessRuleTask", "sendTask", "callActivity", "subProcess", "transaction",
     "adHocSubProcess"}
)  # fmt: skip
"""Types at which something goes on; at all others a case waits for a person, a message or a time."""


@dataclass(frozen=True)
class StandingAt:
    """How many cases fail, wait or run at an element, and where they are listed."""

    element: str
    failed: int
    waiting: int
    running: int
    url: str


@dataclass(frozen=True)
class StandingNow:
    """All of them, by element."""

    rows: tuple[StandingAt, ...]

    def as_json(self) -> str:
        """For the drawing, which lays badges on its elements."""
        return json.dumps([asdict(each) for each in self.rows])

    def at(self, element: str) -> StandingAt | None:
        """Of one element; None where no case stands there."""
        return next((each for each in self.rows if each.element == element), None)


def standing_now(work: Work, key: str, version_id: int, *, number: int) -> StandingNow:
    """Where the running cases of the version with that number stand."""
    rows = (_row(each, key, number) for each in queries.standing(work, version_id))
    return StandingNow(tuple(rows))


def _row(found: queries.Standing, key: str, number: int) -> StandingAt:
    works = found.type in WORKS_BY_ITSELF
    asked: dict[str, Any] = {"of": number, "status": NOT_ENDED, "element": found.element}
    return StandingAt(
        element=found.element,
        failed=found.failed,
        waiting=0 if works else found.open,
        running=found.open if works else 0,
        url=url_for("cases.of_process", key=key, **asked),
    )
