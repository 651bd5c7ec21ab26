"""Short ways to act and to look, for the store's tests."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.definitions.retention.changes import apply_due_changes
from bpm.engine.queries import (
    HistoryRow,
    InstanceDetail,
    WorkItemFilter,
    WorkItemRow,
    get_instance,
    instance_history,
    list_failures,
    list_work_items,
)
from bpm.foundation.work import SYSTEM, Actor


def items(app: App, actor: Actor = SYSTEM, **filters: Any) -> tuple[WorkItemRow, ...]:
    with app.unit_of_work.reading(actor) as work:
        return list_work_items(work, WorkItemFilter(**filters)).rows


def keep(app: App, version_id: int, days: int | None) -> None:
    """Set how long ended instances are kept, as if the grace were over."""
    at_once = {"retention_grace_hours": 0, "retention_confirm_above": 1_000_000}
    transactions = replace(app.unit_of_work, settings=app.settings.model_copy(update=at_once))
    with transactions() as work:
        engine.set_retention(work, version_id, days, reason="It was agreed.")
    apply_due_changes(transactions)


def complete(app: App, element: str, variables: Mapping[str, Any] | None = None, *, actor: Actor = SYSTEM) -> None:
    """Complete the oldest open work item of that element."""
    item = next(item for item in items(app) if item.element == element)
    with app.unit_of_work(actor) as work:
        engine.complete(work, item.id, variables or {})


def instance(app: App, instance_id: int) -> InstanceDetail:
    with app.unit_of_work.reading() as work:
        return get_instance(work, instance_id)


def history(app: App, instance_id: int) -> list[HistoryRow]:
    with app.unit_of_work.reading() as work:
        return instance_history(work, instance_id)


def failures(app: App, **filters: Any) -> list[Any]:
    with app.unit_of_work.reading() as work:
        return list_failures(work, **filters)


def open_elements(app: App) -> list[str]:
    return sorted(item.element for item in items(app))


def broken(app: App) -> list[str]:
    """What the invariant checker says; every test that moves something ends by asking."""
    with app.unit_of_work.reading() as work:
        return engine.check_invariants(work)
