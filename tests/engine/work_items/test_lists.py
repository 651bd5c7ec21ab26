"""Lists of work: sorted and filtered by what people remember, page by page, and counted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.queries import WorkItemFilter, count_work_items, list_work_items
from bpm.foundation.work import Actor
from tests.engine import acting
from tests.engine.models import begin, go_live
from tests.engine.refund_forms import FOR_SERVICE

pytestmark = pytest.mark.both_databases

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def five(app: App, anna: Actor) -> list[int]:
    """Ids of five tasks: due in 3, 1, no and 2 days, and no more; priorities 50, 80, 10, 80, 50."""
    go_live(app, FOR_SERVICE)
    for number in range(5):
        begin(app, "served", {"order": f"A-{number}", "amount": number, "fast": number == 1})
    ids = [item.id for item in acting.items(app, anna)]
    with app.unit_of_work(anna) as work:
        for item_id, days, priority in zip(ids, (3, 1, None, 2, None), (50, 80, 10, 80, 50), strict=True):
            due = None if days is None else START + timedelta(days=days)
            engine.schedule(work, item_id, {"due_at": due, "priority": priority})
    return ids


def listed(app: App, actor: Actor, ids: list[int], **filters: Any) -> list[int]:
    """Which of the five a list shows, in its order; read page by page."""
    found, after = [], None
    while True:
        with app.unit_of_work.reading(actor) as work:
            page = list_work_items(work, WorkItemFilter(**filters, after=after), limit=2)
        found += [ids.index(row.id) for row in page.rows]
        after = page.after
        if after is None:
            return found


@pytest.mark.parametrize("scope", ["groups", "all"])
def test_lists_go_by_age_by_due_date_and_by_priority_page_by_page(
    app: App, anna: Actor, olga: Actor, five: list[int], scope: Any
) -> None:
    for actor in (anna, olga) if scope == "all" else (anna,):
        assert listed(app, actor, five, scope=scope) == [0, 1, 2, 3, 4]
        assert listed(app, actor, five, scope=scope, sort="due") == [1, 3, 0]
        assert listed(app, actor, five, scope=scope, sort="priority") == [1, 3, 0, 4, 2]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"due_until": START + timedelta(days=2)}, [1]),
        ({"due_from": START + timedelta(days=2)}, [0, 3]),
        ({"undated": True}, [2, 4]),
        ({"priority_from": 51}, [1, 3]),
        ({"group": "service"}, [0, 1, 2, 3, 4]),
        ({"group": "it"}, []),
        ({"variable": ("order", "A-3")}, [3]),
        ({"variable": ("amount", "2")}, [2]),
        ({"variable": ("fast", "true")}, [1]),
        ({"variable": ("nothing", "1")}, []),
        ({"activity": "100%"}, []),
        ({"created_from": START + timedelta(hours=1)}, []),
        ({"created_until": START + timedelta(hours=1), "undated": True}, [2, 4]),
        ({"follow_up_until": START}, []),
    ],
)
def test_lists_are_filtered_by_what_people_remember(
    app: App, anna: Actor, five: list[int], filters: dict[str, Any], found: list[int]
) -> None:
    assert listed(app, anna, five, **filters) == found


def test_finished_work_is_found_by_when_it_was_finished(app: App, anna: Actor, five: list[int]) -> None:
    with app.unit_of_work(anna) as work:
        engine.complete(work, five[1], {})
    done: dict[str, Any] = {"status": "completed"}
    assert listed(app, anna, five, **done, ended_from=START - timedelta(days=1)) == [1]
    assert listed(app, anna, five, **done, ended_until=START - timedelta(days=1)) == []


def test_views_are_counted_in_one_statement_up_to_a_bound(app: App, anna: Actor, five: list[int]) -> None:
    views = [
        WorkItemFilter(),
        WorkItemFilter(sort="due"),
        WorkItemFilter(variable=("order", "A-3")),
        WorkItemFilter(text="%"),
    ]
    with app.unit_of_work.reading(anna) as work:
        assert count_work_items(work, views) == [5, 3, 1, 0]
        assert count_work_items(work, views, most=2) == [2, 2, 1, 0]
        assert count_work_items(work, []) == []
