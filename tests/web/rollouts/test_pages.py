"""A rollout set up with what it will mean, watched, ramped by two people, stopped and decided in the browser."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from bpm.app import App
from bpm.engine import queries as engine_queries
from bpm.engine.status import VersionStatus
from bpm.foundation.clock import FixedClock
from bpm.processes import rollouts
from bpm.processes.rollouts import Advice
from tests.processes.rollouts.conftest import Begin, start_case
from tests.web.conftest import Browser

SignedIn = Callable[..., Browser]
AT = "/processes/care/rollout"


@pytest.fixture
def ada(signed_in: SignedIn) -> Browser:
    return signed_in("ada", "designer")


@pytest.fixture
def mona(signed_in: SignedIn) -> Browser:
    return signed_in("mona", "manager")


def wish(candidate: int, **more: object) -> dict[str, object]:
    return {"candidate": candidate, "how": "share:case", "steps": "5, 20, 50", "stop_after": "600", **more}


def again(ada: Browser, mona: Browser) -> None:
    """Both sign in anew: time went by."""
    ada.sign_in("ada")
    mona.sign_in("mona")


def test_it_is_set_up_in_one_form_that_says_what_it_will_mean(
    app: App, clock: FixedClock, candidate: int, ada: Browser, mona: Browser
) -> None:
    for number in range(20):
        start_case(app, f"order-{number}")
    clock.advance(timedelta(days=7))
    again(ada, mona)
    draft = ada.see("/processes/care?version=2")
    assert f"{AT}?candidate={candidate}" in draft.links
    page = ada.see(f"{AT}?candidate={candidate}")
    assert "About 20 cases of this process begin in a week." in page
    assert page.get("img", "Share of each version, step by step")
    assert "A process that another process calls runs the live version" in page
    looked = ada.do(AT, wish(candidate, act="look", steps="50", how="share:customer"))
    assert "Each customer keeps the version that they drew" in looked
    assert "It ends after 600 cases, in about 30.0 weeks." in looked
    assert "29.3" in looked
    wrong = ada.do(AT, wish(candidate, steps="20, 5", stop_after=""))
    assert "Say when it ends" in wrong
    assert "Line 2: write a group" in ada.do(AT, wish(candidate, how="staged:group", stages="North 2026-12-01\nSouth"))
    assert "Each share is larger than the one before" in ada.do(AT, wish(candidate, steps="20, 5"))
    assert mona.post(AT, wish(candidate)).status_code == 403

    begun = ada.do(AT, wish(candidate))
    assert "5 % of new cases have version 2, 95 % version 1; each case is drawn for itself." in begun
    assert "Left until it ends: 600 cases." in begun
    assert "5 % of new cases have version 2" in ada.see("/processes/care")
    assert "on trial" in ada.see("/processes/care")
    trial = ada.see("/processes/care?version=2")
    assert "5 % of new cases have version 2" in trial
    assert "/processes/versions/2/live" not in ada.get("/processes/care?version=2").get_data(as_text=True)
    assert "5 % of new cases have version 2" in ada.see("/processes")
    assert "5 % of new cases have version 2" in mona.see("/rollouts")


def test_two_people_ramp_it_and_every_act_stands_on_the_page(
    app: App, clock: FixedClock, roll_out: Begin, ada: Browser, mona: Browser
) -> None:
    rollout_id = roll_out(steps=(0.2, 0.5), cool_off_hours=24)
    for number in range(30):
        start_case(app, f"order-{number}")
    assert "The next share, 50 %, may be from" in ada.see(AT)
    clock.advance(timedelta(hours=25))
    again(ada, mona)
    asked = ada.do(f"/rollouts/{rollout_id}/step", {"reason": "Nothing broke."})
    assert "You asked for it: somebody else has to approve it." in asked
    assert ada.post(f"/rollouts/{rollout_id}/approval").status_code == 403
    approved = mona.do(f"/rollouts/{rollout_id}/approval")
    assert "50 % of new cases have version 2, 50 % version 1" in approved
    assert "The split fits" in approved
    assert approved.get("img", "Cases that began each day, by version")
    rows = mona.see(f"/rollouts/{rollout_id}/cases/control?day={clock.now() - timedelta(hours=25):%Y-%m-%d}")
    assert any(link.startswith("/instances/") for link in rows.links)
    mona.see(f"/rollouts/{rollout_id}/cases/neither", status=404)

    assert "Paused: all new cases have version 1" in ada.do(f"/rollouts/{rollout_id}/pause", {"reason": "A look."})
    ada.do(f"/rollouts/{rollout_id}/resume", {"reason": "Go on."})
    stopped = ada.do(f"/rollouts/{rollout_id}/stop", {"reason": "It lost an order.", "rest": "finish"})
    assert "stopped in an emergency" in stopped
    for words in ("Started (20 %)", "Next share approved (50 %)", "Paused", "Resumed", "Emergency stop"):
        assert words in stopped
    assert "It lost an order." in ada.see(AT)


def test_nothing_is_preselected_and_what_the_verdict_does_not_advise_needs_two(
    app: App, candidate: int, roll_out: Begin, ada: Browser, mona: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    rollout_id = roll_out()
    monkeypatch.setattr(
        "bpm.processes.rollouts.hooks.HOOKS.advice", lambda _work, _id: Advice("withdraw", "Worse by 4 points.")
    )
    page = ada.get(AT).get_data(as_text=True)
    assert 'name="outcome" value="live" required>' in page
    assert "Worse by 4 points." in page
    asked = ada.do(f"/rollouts/{rollout_id}/decision", {"outcome": "live", "reason": "It will learn."})
    assert "against the verdict" in asked
    assert "Decision refused" in mona.do(f"/rollouts/{rollout_id}/refusal", {"reason": "No."})
    done = ada.do(f"/rollouts/{rollout_id}/decision", {"outcome": "withdraw", "reason": "As it says.", "rest": "move"})
    assert "withdrawn" in done
    with app.unit_of_work.reading() as work:
        assert engine_queries.get_version(work, candidate).status is VersionStatus.RETIRED


def test_an_a_a_test_is_one_click(control: int, ada: Browser) -> None:
    page = ada.get(AT).get_data(as_text=True)
    form = page[page.index("self-title") :]
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[: form.index("</form>")]))
    begun = ada.do(AT, {**sent, "act": "begin"})
    assert "An A/A test: both arms have version 1; each case is drawn for itself." in begun
    assert "Left until it ends: 586 cases." in begun
    assert "goes live for everybody" not in begun


def test_cases_to_be_moved_lead_on_to_the_migration(signed_in: SignedIn, roll_out: Begin) -> None:
    rollout_id = roll_out(steps=(1.0,))
    root = signed_in("root", "admin")
    answer = root.post(f"/rollouts/{rollout_id}/stop", {"reason": "It lost an order.", "rest": "move"})
    assert answer.status_code == 303
    assert answer.location.endswith("/processes/care/migration?from=2&to=1")


def test_who_works_on_a_case_never_reads_its_arm(app: App, roll_out: Begin, signed_in: SignedIn, mona: Browser) -> None:
    roll_out(steps=(1.0,))
    case = start_case(app, "order-1")
    stella = signed_in("stella", "staff", groups=("service",))
    assert "Rollout 1: version 2 beside version 1" in mona.see(f"/instances/{case}")
    for path in (f"/instances/{case}", "/tasks?scope=all", "/tasks/1"):
        page = stella.see(path)
        assert "on trial" not in page
        assert "Rollout" not in page
    assert stella.get(AT).status_code == 403
    assert stella.post("/rollouts/1/stop", {"reason": "no"}).status_code == 403


def test_an_empty_list_and_a_process_that_cannot_say_so(
    go_live: Callable[..., int], signed_in: SignedIn, mona: Browser, control: int
) -> None:
    assert "No rollout yet" in mona.see("/rollouts")
    assert "No rollout runs" in mona.see(AT)
    mona.see("/rollouts/7", status=404)
    assert rollouts.OPEN
