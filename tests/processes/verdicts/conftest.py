"""Two versions of a process, somebody who asks whether the second is better, and a rollout that drew the cases."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bpm.app import App
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes import verdicts
from bpm.processes.verdicts import Plan
from tests.processes.conftest import GoLive, make_person
from tests.processes.models import CARE

RULE = {"improved": "keep_new", "worse": "back_to_old", "no difference": "back_to_old", "not shown": "go_on"}
Register = Callable[..., int]
Draw = Callable[[Sequence[int], Sequence[int]], None]


@pytest.fixture
def manager(app: App) -> Actor:
    return make_person(app, "mona", "manager")


@pytest.fixture
def versions(go_live: GoLive) -> tuple[int, int]:
    """(version 1, version 2)"""
    return go_live(CARE, "care"), go_live(CARE.replace(b"Mend what broke", b"Mend at once"), "care")


@pytest.fixture
def registered(app: App, clock: FixedClock, manager: Actor, versions: tuple[int, int]) -> Register:
    """Registers a question for an hour from now on; gives its id."""

    def make(**fields: Any) -> int:
        start = clock.now() + timedelta(hours=1)
        usual = {
            "definition_key": "care", "title": "Mend at once", "measure": "negative_share", "direction": "lower",
            "smallest": 0.1, "window_days": 30.0, "design": "randomised", "per_arm": 290,
            "old_version_id": versions[0], "new_version_id": versions[1],
            "baseline_from": start - timedelta(days=180), "starts_at": start,
            "ends_on": (start + timedelta(days=120)).date(), "rule": RULE, "rollout_id": 1, "element": "read",
        }  # fmt: skip
        with app.unit_of_work(manager) as work:
            return verdicts.register(work, Plan(**{**usual, **fields}))

    return make


@pytest.fixture
def drawn(app: App) -> Draw:
    """Says which cases the rollout gave the old version, and which the new one."""

    def draw(old: Sequence[int], new: Sequence[int]) -> None:
        with app.unit_of_work() as work:
            work.session.execute(
                text(
                    "CREATE TABLE IF NOT EXISTS rollout_case "
                    "(rollout_id INTEGER, instance_id INTEGER, arm TEXT, group_name TEXT DEFAULT '')"
                )
            )
            for arm, ids in (("control", old), ("candidate", new)):
                for number in ids:
                    work.session.execute(
                        text("INSERT INTO rollout_case (rollout_id, instance_id, arm) VALUES (1, :id, :arm)"),
                        {"id": number, "arm": arm},
                    )

    return draw
