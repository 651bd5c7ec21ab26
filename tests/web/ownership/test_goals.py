"""Goals of several functions, those of one alone, and all functions at once for one role."""

from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.foundation.errors import ForbiddenError
from bpm.foundation.work import Actor
from bpm.identity import ROLES, Permission
from bpm.processes.ownership import Standing, stands
from bpm.processes.ownership.rolled_up import roll_up
from tests.conftest import MONDAY
from tests.web.conftest import Browser, start_refund

GOAL = {
    "title": "Nobody waits a week", "process": "refund", "measure": "waiting", "target": "24", "due": "2026-12-31",
    "function": ["marketing", "it"],
}  # fmt: skip


def test_only_an_interval_that_lies_on_one_side_of_the_target_says_so() -> None:
    assert stands((0.1, 0.2), 0.2, better="lower") is Standing.REACHED
    assert stands((0.21, 0.3), 0.2, better="lower") is Standing.SHORT
    assert stands((0.1, 0.3), 0.2, better="lower") is Standing.UNCLEAR
    assert stands((0.2, 0.3), 0.2, better="higher") is Standing.REACHED
    assert stands((0.1, 0.19), 0.2, better="higher") is Standing.SHORT
    assert stands(None, 0.2, better="lower") is Standing.NOT_SHOWN


def test_a_goal_of_one_function_is_warned_of_and_listed_and_one_of_two_is_followed(
    app: App, signed_in: Callable[..., Browser], refund: int
) -> None:
    mona = signed_in("mona", "manager", groups=("marketing", "it"))
    dora = signed_in("dora", "designer")
    assert "No goal yet" in mona.see("/goals")
    assert dora.post("/goals", GOAL).status_code == 403
    for wrong in ({"title": " "}, {"measure": "likes"}, {"target": "soon"}, {"due": "soon"}, {"function": ["x"]}):
        assert mona.post("/goals", {**GOAL, **wrong}).status_code == 400
    page = mona.do("/goals", {**GOAL, "function": ["it"], "title": "Ours alone"})
    assert "Only it owns it: a goal that no other function shares is listed as that." in page
    assert "1 open goal is owned by one function alone." in page
    page = mona.do("/goals", GOAL)
    assert "Only it owns it" not in page
    start_refund(app)
    page = mona.see("/goals?process=refund")
    assert "at most 1 d" in page or "at most 24 h" in page
    # One case says nothing.
    assert page.words.count("not shown") == page.words.count("n = ")
    assert "n = " in page
    assert "Kept." in mona.do("/goals/1/end", {"status": "dropped", "reason": "We set one together."})
    assert mona.post("/goals/1/end", {"status": "dropped", "reason": "Again."}).status_code == 409
    assert "owned by one function alone" not in mona.see("/goals")


def test_one_role_sees_all_functions_at_once_and_no_other_does(
    app: App, signed_in: Callable[..., Browser], refund: int
) -> None:
    mona = signed_in("mona", "manager", groups=("marketing", "it"))
    mona.do("/goals", {**GOAL, "process": "", "title": "Nobody waits anywhere"})
    mona.do("/goals", GOAL)
    chief = signed_in("cora", "chief_customer")
    page = chief.see("/insights/all-functions")
    for told in ("Nobody waits a week", "Nobody waits anywhere", "Refund", "nobody yet", "not shown"):
        assert told in page
    # She reads over all functions, and neither signs, deploys, answers nor repairs for one of them.
    for path, sent in (
        ("/goals", GOAL), ("/processes/refund/owners", {}), ("/processes/refund/roles", {}),
        ("/processes/refund/connectors", {}), ("/processes/refund/retirement", {}),
    ):  # fmt: skip
        assert chief.post(path, sent).status_code == 403, path
    may_see = {role for role, permissions in ROLES.items() if Permission.ROLL_UP in permissions}
    assert may_see == {"chief_customer", "admin"}
    for role in ROLES:
        actor = Actor(user_id=1, name="x", roles=frozenset({role}))
        with app.unit_of_work.reading(actor) as work:
            if role in may_see:
                assert roll_up(work, since=MONDAY, until=work.now()).lines
            else:
                with pytest.raises(ForbiddenError):
                    roll_up(work, since=MONDAY, until=work.now())
    assert mona.get("/insights/all-functions").status_code == 403
