"""Owners, roles, departments' sights and what is missing, in the browser."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from bpm import identity
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import WorkItem
from bpm.foundation.clock import FixedClock
from tests.web.conftest import REFUND, Browser, start_refund


def owned(browser: Browser, *people: int, voice: int = 0) -> dict[str, object]:
    groups = ("marketing", "it", "operations")
    return {f"owner-{group}": person for group, person in zip(groups, people, strict=False)} | {"voice": voice}


def test_a_process_is_owned_by_two_functions_and_a_voice_and_what_is_missing_is_listed(
    app: App, signed_in: Callable[..., Browser], refund: int
) -> None:
    mona = signed_in("mona", "manager", groups=("marketing",))
    signed_in("ian", "operator", groups=("it",))
    stella = signed_in("stella", "advocate", groups=("service",))
    page = mona.see("/ownership")
    assert "1 of 1 processes lacks something" in page
    assert "It has no owner." in page
    for wrong, said in (
        (owned(mona, 1, voice=3), "at least two functions"),
        (owned(mona, 1, 2), "who speaks for customers"),
        (owned(mona, 1, 1, voice=3), "somebody who is in it"),
    ):
        answer = mona.post("/processes/refund/owners", wrong)
        assert answer.status_code == 400
        assert said in answer.get_data(as_text=True)
    assert stella.post("/processes/refund/owners", owned(stella, 1, 2, voice=3)).status_code == 403
    page = mona.do("/processes/refund/owners", {**owned(mona, 1, 2, voice=3), "reason": "Agreed in May."})
    assert "owned together by Ian, Mona" in page
    assert "What is missing" not in page
    assert "owned together" in mona.see("/ownership")
    # Whoever leaves leaves a process with one owner only.
    with app.unit_of_work() as work:
        identity.deactivate(work, 2)
    page = mona.see("/processes/refund/ownership")
    assert "It has one owner only: Mona." in page
    assert "Ian is not in it any more." in page


def test_parts_are_given_cell_by_cell_and_a_gap_names_the_activity_before_it_blocks(
    app: App, signed_in: Callable[..., Browser], refund: int
) -> None:
    mona = signed_in("mona", "manager", groups=("marketing",))
    dora = signed_in("dora", "designer")
    page = mona.see("/processes/refund/ownership?element=check&function=it")
    assert "IT in “" in page or "it in “" in page
    assert "RA" in page
    page = mona.do("/processes/refund/roles", {"element": "check", "function": "it", "C": "true"})
    assert "Kept, with your name and the day." in page
    assert dora.post("/processes/refund/roles", {"element": "check", "function": "it"}).status_code == 403
    answer = mona.get("/processes/refund/roles.csv")
    rows = answer.get_data(as_text=True).splitlines()
    assert rows[0].startswith('"id","activity",')
    assert rows[1].startswith('"check",')
    with app.unit_of_work() as work:
        prepared = engine.check(REFUND.replace(b"Pay the money back", b"Pay it back"), "refund.bpmn")
        version = engine.deploy(work, prepared).id
        for department in work.settings.sign_offs:
            engine.sign(work, version, department, method="console")
    mona.do("/processes/refund/roles?version=2", {"element": "check", "function": "service"})
    page = dora.see("/processes/refund?version=2")
    assert "Nobody is accountable for" in page
    answer = dora.do(f"/processes/versions/{version}/live")
    assert "It cannot go live" in answer
    mona.do("/processes/refund/roles?version=2", {"element": "check", "function": "service", "as": "derived"})
    assert "It is live" in dora.do(f"/processes/versions/{version}/live")


def test_each_department_sees_its_own_activities_on_the_same_drawing(
    app: App, signed_in: Callable[..., Browser], refund: int
) -> None:
    mona = signed_in("mona", "manager", groups=("marketing",))
    page = mona.see("/processes/refund/by-department")
    assert "service" in page
    assert "No activity of this process is theirs." in page
    assert "Nothing was handed over in this period." in page
    one = mona.see("/processes/refund/by-department?of=service")
    assert "No activity of this process is theirs." not in one
    stella = signed_in("stella", "staff", groups=("service",))
    assert "for those who see insights" in stella.see("/processes/refund/by-department")


def test_a_promise_between_two_lanes_is_kept_or_broken_and_counted(
    app: App, clock: FixedClock, signed_in: Callable[..., Browser], refund: int
) -> None:
    with app.unit_of_work() as work:
        engine.set_service_target(work, "refund", "PT1H", element="pay")
    cases = [start_refund(app, f"A-{number}") for number in range(3)]
    with app.unit_of_work() as work:
        for task in work.session.scalars(select(WorkItem.id).where(WorkItem.element == "check")).all():
            engine.complete(work, task, {"approved": True, "amount": 20})
    with app.unit_of_work() as work:
        first = work.session.scalars(select(WorkItem.id).where(WorkItem.element == "pay")).first()
        engine.complete(work, first or 0, {})
    clock.advance(timedelta(days=30))
    mona = signed_in("mona", "manager", "staff", groups=("service", "finance"))
    page = mona.see("/processes/refund/by-department?of=finance&days=90")
    assert "Where the process goes to them and from them" in page
    assert "Check the claim service Pay the money back finance 3 1 of 3 2 2" in page
    assert len(cases) == 3
    # One figure, and the rows behind it.
    assert "element=pay" in " ".join(page.links)
