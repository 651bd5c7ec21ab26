"""An operator sees whom a newer version affects, tries a plan, then changes instances over."""

from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from tests.engine import acting
from tests.engine.migration.test_migration import THREE_TASKS, WITHOUT_B
from tests.engine.models import TWO_TASKS, begin, go_live
from tests.web.conftest import Browser

SignIn = Callable[..., Browser]


@pytest.fixture
def ids(app: App) -> list[int]:
    """Two instances at A and the first one at B of version 1; version 2, which has no B, is live."""
    go_live(app, TWO_TASKS)
    begun = [begin(app, "two") for _ in range(3)]
    acting.complete(app, "A")
    go_live(app, WITHOUT_B)
    return begun


def text(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return " ".join(answer.get_data(as_text=True).split())


def test_the_page_says_who_is_affected_and_why_in_figures_drawing_and_table(signed_in: SignIn, ids: list[int]) -> None:
    page = text(signed_in("olga", "operator"), "/processes/two/migration")
    assert "From version 1 to version 2" in page
    assert "3 running on version 1" in page
    assert "The new version has no counterpart of it." in page
    assert "2 can" in page
    assert "1 cannot" in page
    assert "finish on their own version" in page


def test_a_dry_run_names_who_would_be_refused_and_changes_nothing(app: App, signed_in: SignIn, ids: list[int]) -> None:
    olga = signed_in("olga", "operator")
    answer = olga.post("/processes/two/migration", {"act": "check"})
    page = " ".join(answer.get_data(as_text=True).split())
    assert "2 would change over, 1 would be refused" in page
    assert f'href="/instances/{ids[0]}"' in page
    assert {acting.instance(app, each).row.number for each in ids} == {1}


def test_going_begins_a_batch_that_does_what_the_edited_plan_says(app: App, signed_in: SignIn, ids: list[int]) -> None:
    olga = signed_in("olga", "operator")
    refused = olga.post("/processes/two/migration", {"act": "go", "then-B": "A"})
    assert refused.status_code == 400
    assert "Say in a few words why" in refused.get_data(as_text=True)
    answer = olga.post("/processes/two/migration", {"act": "go", "then-B": "A", "reason": "B is no more."})
    assert answer.status_code == 303
    while engine.sweep_batches(app.unit_of_work):
        pass
    assert {acting.instance(app, each).row.number for each in ids} == {2}
    assert acting.open_elements(app) == ["A", "A", "A"]
    assert acting.broken(app) == []
    assert "Nothing to change over" in text(olga, "/processes/two/migration")


def test_one_instance_changes_over_at_once(app: App, signed_in: SignIn, ids: list[int]) -> None:
    olga = signed_in("olga", "operator")
    page = text(olga, f"/instances/{ids[1]}")
    assert "/processes/two/migration?from=1" in page
    answer = olga.post(f"/processes/two/migration?from=1&instance={ids[1]}", {"act": "go", "reason": "Better."})
    assert answer.location == f"/instances/{ids[1]}"
    assert [acting.instance(app, each).row.number for each in ids] == [1, 2, 1]


def test_a_refused_one_says_why_and_nothing_is_changed(app: App, signed_in: SignIn, ids: list[int]) -> None:
    olga = signed_in("olga", "operator")
    answer = olga.post(f"/processes/two/migration?from=1&instance={ids[0]}", {"act": "go", "reason": "Better."})
    assert answer.status_code == 400
    assert "no counterpart" in answer.get_data(as_text=True)
    assert acting.instance(app, ids[0]).row.number == 1


def test_who_may_not_operate_sees_the_impact_but_no_button(signed_in: SignIn, ids: list[int]) -> None:
    dora = signed_in("dora", "designer")
    page = text(dora, "/processes/two/migration")
    assert "An operator can change them over." in page
    assert dora.post("/processes/two/migration", {"act": "go", "reason": "x"}).status_code == 403


def test_a_draft_shows_its_impact_before_it_goes_live(app: App, signed_in: SignIn) -> None:
    go_live(app, TWO_TASKS)
    begin(app, "two")
    with app.unit_of_work() as work:
        engine.deploy(work, engine.check(THREE_TASKS, "two.bpmn"))
    olga = signed_in("olga", "operator")
    page = text(olga, "/processes/two/migration?from=1&to=2")
    assert "Version 2 is a draft" in page
    assert "/processes/two/migration?from=1&amp;to=2" in text(olga, "/processes/two?version=2")


def test_the_version_page_counts_instances_on_older_versions(signed_in: SignIn, ids: list[int]) -> None:
    page = text(signed_in("olga", "operator"), "/processes/two")
    assert "3 instances run older versions" in page
    assert 'href="/processes/two/migration"' in page


@pytest.mark.parametrize("query", ["from=9", "from=1&to=9", "from=x&instance=1", "from=1&instance=99999"])
def test_odd_addresses_are_answered_without_an_error_of_ours(signed_in: SignIn, ids: list[int], query: str) -> None:
    assert signed_in("olga", "operator").get(f"/processes/two/migration?{query}").status_code in (200, 400, 404)


def test_how_long_ended_instances_are_kept_is_set_on_the_version_page(app: App, signed_in: SignIn) -> None:
    go_live(app, TWO_TASKS)
    dora = signed_in("dora", "designer")
    assert dora.post("/processes/versions/1/retention", {"days": "30"}).status_code == 400
    assert dora.post("/processes/versions/1/retention", {"days": "30", "reason": "Agreed."}).status_code == 303
    assert "for ever → 30" in text(dora, "/processes/versions/1/retention")
    assert "are kept for ever" in text(dora, "/processes/two")
    assert dora.post("/processes/versions/1/retention", {"days": "0"}).status_code == 400
    assert dora.post("/processes/versions/1/retention", {"days": "many"}).status_code == 400
    assert dora.post("/processes/versions/1/retention", {"days": ""}).status_code == 303
    with app.unit_of_work.reading() as work:
        assert queries.get_version(work, 1).keep_for_days is None
    assert signed_in("sam", "staff").post("/processes/versions/1/retention", {"days": "3"}).status_code == 403
