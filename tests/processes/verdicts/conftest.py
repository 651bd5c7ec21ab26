"""Two versions of a process, somebody who asks whether the second is better, and a rollout that drew the cases."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bpm.app import App
from bpm.feedback.models import FeedbackItem
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes import verdicts
from bpm.processes.models import Attribution
from bpm.processes.rollouts import Rollout, RolloutCase, RolloutStatus, Unit, Way
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
def registered(app: App, clock: FixedClock, manager: Actor, versions: tuple[int, int], rollout: int) -> Register:
    """Registers a question for an hour from now on; gives its id."""

    def make(**fields: Any) -> int:
        start = clock.now() + timedelta(hours=1)
        usual = {
            "definition_key": "care", "title": "Mend at once", "measure": "negative_share", "direction": "lower",
            "smallest": 0.1, "window_days": 30.0, "design": "randomised", "per_arm": 290,
            "old_version_id": versions[0], "new_version_id": versions[1],
            "baseline_from": start - timedelta(days=180), "starts_at": start,
            "ends_on": (start + timedelta(days=120)).date(), "rule": RULE, "rollout_id": rollout, "element": "read",
        }  # fmt: skip
        with app.unit_of_work(manager) as work:
            return verdicts.register(work, Plan(**{**usual, **fields}))

    return make


@pytest.fixture
def rollout(app: App, clock: FixedClock, versions: tuple[int, int]) -> int:
    """Half of the customers have the second version; its id."""
    with app.unit_of_work() as work:
        row = Rollout(
            definition_key="care", control_version_id=versions[0], candidate_version_id=versions[1], way=Way.SHARE,
            unit=Unit.CUSTOMER, salt="s", steps=[0.5], stages=[], status=RolloutStatus.RUNNING,
            stepped_at=clock.now(), started_at=clock.now(),
        )  # fmt: skip
        work.session.add(row)
        work.session.flush()
        return row.id


@pytest.fixture
def drawn(app: App, rollout: int) -> Draw:
    """Says which cases the rollout gave the old version, and which the new one."""

    def draw(old: Sequence[int], new: Sequence[int]) -> None:
        with app.unit_of_work() as work:
            ids = [*old, *new]
            customers = {
                row.instance_id: row.customer_id
                for row in work.session.execute(
                    select(Attribution.instance_id, FeedbackItem.customer_id)
                    .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
                    .where(Attribution.instance_id.in_(ids))
                )
            }
            rows = [
                {
                    "rollout_id": rollout, "instance_id": each, "arm": arm, "unit": f"u{customers[each]}",
                    "customer_id": customers[each], "at": work.now(),
                }
                for arm, some in (("control", old), ("candidate", new))
                for each in some
            ]  # fmt: skip
            work.session.execute(insert(RolloutCase), rows)

    return draw
