"""Costs, causes, channels, capacity and what to stop, as people read and change them."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from bpm.app import App
from bpm.processes import economics, improvements
from bpm.processes.improvements import ImprovementFilter
from tests.web.conftest import Browser

SignedIn = Callable[..., Browser]
Period = tuple[datetime, datetime]


@pytest.fixture
def mona(busy: Period, signed_in: SignedIn) -> Browser:
    """A manager, who sees a month with ten cases."""
    return signed_in("maria", "manager", groups=("service",))


def test_the_books_name_the_budget_and_open_the_cases_behind_a_cost(mona: Browser) -> None:
    page = mona.see("/insights/costs")
    for words in ("Cases + contacts without a case + overhead = budget", "Care", "not shown (n = 0)", "Read complaint"):
        assert words in page
    rows = mona.see("/insights/costs/cases/care/1")
    assert "No case of this version ended in this period" in rows
    assert mona.see("/insights/costs?days=0", status=400)


def test_rates_are_edited_as_a_table_and_what_held_before_stands_below(app: App, mona: Browser) -> None:
    page = mona.see("/insights/costs/plan")
    assert "Agreed with finance." in page
    raw = mona.get("/insights/costs/plan").get_data(as_text=True)
    mend = next(words for words in re.findall(r'<option value="([^"]*)"></option>', raw) if words.startswith("Mend"))
    form: dict[str, object] = {
        "rate-0-group": "service", "rate-0-amount": "40,5", "rate-0-side": "service", "rate-0-from": "2026-01-01",
        "rate-1-group": "*", "rate-1-amount": "20", "rate-1-side": "other",
        "event-0-of": "call", "event-0-amount": "5", "event-1-of": mend.upper(), "event-1-amount": "0.125",
        "budget-0-name": "All", "budget-0-amount": "9000", "budget-0-channel": "social", "budget-0-side": "marketing",
        "currency": "chf", "reason": "A new year.",
    }  # fmt: skip
    assert mona.post("/insights/costs/plan", form).status_code == 303
    with app.unit_of_work.reading() as work:
        plan = economics.get_plan(work)
        assert [str(each.per_hour) for each in plan.rates] == ["40.5", "20"]
        assert (plan.events[1].process, plan.events[1].element, plan.currency) == ("care", "mend", "CHF")
        assert (plan.budgets[0].side, plan.budgets[0].channel) == ("marketing", "social")
    page = mona.see("/insights/costs/plan")
    assert "A new year." in page
    assert "This is plan 1 as it was" in mona.see("/insights/costs/plan?number=1")

    raw = mona.get("/insights/costs/plan").get_data(as_text=True)
    assert f'value="{mend}"' in raw.split('name="event-1-of"')[1][:200], "a row names its activity in words"

    refused = mona.post("/insights/costs/plan", {**form, "event-0-of": "letters"})
    assert "Costs of events, row 1: “letters” is no channel and no activity." in refused.get_data(as_text=True)
    refused = mona.post("/insights/costs/plan", {**form, "rate-1-amount": "many"})
    assert refused.status_code == 400
    assert "Rates, row 2: “many” is no amount." in refused.get_data(as_text=True)


def test_the_bars_are_the_whole_and_one_click_opens_an_improvement_with_its_contacts(
    app: App, mona: Browser, busy: Period
) -> None:
    page = mona.see("/insights/contact-causes?by=topic")
    assert page.has("row", "Together 15 ")
    assert "100.0 %" in page
    assert "Hatched: linked to nothing" in page
    rows = mona.see("/insights/contact-causes/topic/contacts?key=delivery")
    assert rows.has("heading", "Contacts because of: delivery 6")

    answer = mona.post("/insights/contact-causes/improvements?days=30", {"by": "topic", "key": "delivery"})

    assert answer.status_code == 303
    with app.unit_of_work.reading() as work:
        [row] = improvements.list_improvements(work, ImprovementFilter()).rows
        assert (row.voices, row.definition_key) == (6, "care")
    asked = mona.post("/insights/contact-causes/improvements?days=30", {"by": "activity", "key": ""})
    assert asked.status_code == 400
    assert "Choose the process that shall change." in asked.get_data(as_text=True)
    for by in ("activity", "process", "theme", "artefact"):
        assert "Running sum" in mona.see(f"/insights/contact-causes?by={by}&weight=volume&of=service")
    assert mona.see("/insights/contact-causes/nonsense/contacts", status=404)


def test_channels_show_demand_against_hours_and_money_with_what_others_found(mona: Browser) -> None:
    page = mona.see("/insights/channels")
    assert "American Express Global Customer Service Barometer" in page
    assert "14 years" in page
    assert page.has("row", "Together 10 ")


def test_what_is_ticked_is_added_up_and_kept_as_a_proposal(mona: Browser) -> None:
    page = mona.see("/insights/costs/stop")
    box = next(line for line in page.all("checkbox") if "Read complaint" in line.name)
    page = mona.see("/insights/costs/stop?stop=activity:care:1:read&stop=channel:call")
    assert box
    assert "2 lines:" in page
    sent = {"stop": ["activity:care:1:read", "channel:call"], "title": "No more reading", "reason": "Mend at once."}
    assert mona.post("/insights/costs/stop?days=30", sent).status_code == 303
    assert "No more reading" in mona.see("/insights/costs/stop")
    assert mona.post("/insights/costs/stop?days=30", {**sent, "stop": []}).status_code == 400


def test_a_limit_of_open_tasks_is_flagged_there_and_on_the_list_of_tasks(
    app: App, mona: Browser, signed_in: SignedIn
) -> None:
    stella = signed_in("stella", "staff", groups=("service",))
    assert "over the limit" not in stella.see("/tasks")
    form = {"wip-service": "1", "people-service": "2.5", "share-service": "80", "reason": "Too much lies around."}
    assert mona.post("/insights/capacity", form).status_code == 303
    page = mona.see("/insights/capacity")
    assert "3 tasks are open, 1 may be at once." in page
    assert "No forecast yet" in page
    assert mona.post("/insights/capacity", {**form, "wip-service": "1.5"}).status_code == 400
    assert mona.post("/insights/capacity", {**form, "share-service": "0"}).status_code == 400
    assert "Service: 3 tasks are open, 1 may be at once." in stella.see("/tasks")


def test_pages_are_for_those_who_see_insights_and_plans_for_managers(signed_in: SignedIn) -> None:
    stella = signed_in("stella", "staff", groups=("service",))
    for path in ("costs", "costs/plan", "costs/stop", "contact-causes", "channels", "capacity"):
        assert stella.get(f"/insights/{path}").status_code == 403
    dora = signed_in("dora", "designer")
    assert "Nobody said anything in this period" in dora.see("/insights/contact-causes")
    assert "Nothing cost anything in this period" in dora.see("/insights/costs/stop")
    assert "Nobody made a plan yet." in dora.see("/insights/costs/plan")
    for path in ("costs/plan", "capacity"):
        assert dora.post(f"/insights/{path}", {"reason": "x"}).status_code == 403
    for path in ("costs", "channels", "capacity"):
        dora.see(f"/insights/{path}")
