"""Every route that changes something leaves a row on the audit trail that says who, what, before and after."""

import pytest
from flask import Flask

from bpm.app import App
from bpm.identity import Permission
from tests.web.conftest import PASSWORD, Browser
from tests.web.core.audit_walk.answering import (
    answer_customers,
    import_files,
    learn_under_a_mentor,
    tend_senders,
    tend_triggers,
    write_to_customers,
)
from tests.web.core.audit_walk.improving import (
    ask_both_sides,
    ask_for_a_verdict,
    ask_for_figures,
    count_costs,
    improve,
    keep_what_is_known,
    own_together,
    see_to_alarms,
)
from tests.web.core.audit_walk.running import deploy_and_run, operate_many, repair, roll_out, work_at_tasks
from tests.web.core.audit_walk.walk import ELSEWHERE, GROUPS, WAYS_IN, SignIn, Walk
from web import create_app
from web.core.on_record import rows as audit_rows
from web.core.request_context import requirement_of
from web.core.security import needs


@pytest.fixture
def walk(app: App, web: Flask, signed_in: SignIn) -> Walk:
    signed_in("stella", "staff", groups=("service",))
    return Walk(app, web, signed_in("ada", "admin", groups=GROUPS))


def test_every_route_that_changes_something_leaves_a_row_with_before_and_after(
    app: App, web: Flask, walk: Walk
) -> None:
    for part in (
        deploy_and_run,
        work_at_tasks,
        repair,
        operate_many,
        roll_out,
        answer_customers,
        improve,
        ask_for_figures,
        ask_for_a_verdict,
        write_to_customers,
        see_to_alarms,
        ask_both_sides,
        keep_what_is_known,
        own_together,
        import_files,
        tend_triggers,
        tend_senders,
        count_costs,
        lambda app, walk: learn_under_a_mentor(app, web, walk),
        go,
    ):
        part(app, walk)
    assert walk.wrong == []
    unsafe = {
        rule.endpoint: requirement_of(web.view_functions[rule.endpoint])
        for rule in web.url_map.iter_rules()
        if set(rule.methods or ()) - audit_rows.SAFE
    }
    by_themselves = {name for name, need in unsafe.items() if need is None or need.unit == "own"}
    left = by_themselves - walk.walked - set(ELSEWHERE) - WAYS_IN
    assert left == set(), "these open their own transaction and are not walked here"
    assert not set(ELSEWHERE) & walk.walked


def go(_app: App, walk: Walk) -> None:
    walk.post("/sign-out")
    walk.browser = Browser(walk.browser.client)
    walk.post("/sign-in", {"username": "ada", "password": PASSWORD})


def test_signing_in_wrongly_and_too_often_is_on_record(app: App, walk: Walk, web: Flask) -> None:
    stranger = Browser(web.test_client())
    for _ in range(11):
        stranger.sign_in("ada", "wrong wrong wrong")
    verbs = [row.verb for row in walk.rows()]
    assert verbs.count("session.failed") == 10
    assert verbs.count("session.locked") == 1
    assert "wrong wrong" not in str(walk.rows())


def test_a_route_that_says_nothing_leaves_a_row_without_its_secrets(app: App, walk: Walk) -> None:
    with_one_more = create_app(app)

    @with_one_more.post("/says-nothing/<int:number>")
    @needs(Permission.SIGNED_IN)
    def says_nothing(number: int) -> tuple[str, int]:
        return "", 204

    browser = Browser(with_one_more.test_client())
    browser.sign_in("ada")
    browser.post("/says-nothing/12", {"name": "x", "new_password": "hush hush hush"})
    row = walk.rows()[0]
    assert (row.object_id, row.after) == ("12", {"name": "x"})


def test_a_refused_command_leaves_no_row(app: App, walk: Walk) -> None:
    before = len(walk.rows())
    walk.browser.post("/tasks/99/claim")
    assert len(walk.rows()) == before
