"""Who reads the item, a case or a task sees that the same words opened another case, and which one leads."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.engine.models import WorkItem
from bpm.processes import Conditions, queries
from bpm.processes.queries import OpenedCase
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE, WAITS
from tests.web.conftest import Browser

SignedIn = Callable[..., Browser]


@pytest.fixture
def item_id(go_live: GoLive, trigger: Callable[..., int], say: Say) -> int:
    """A sentence that opens a case of Care and, as its trigger asks for more, a leading one of Waits."""
    go_live(CARE, "care")
    go_live(WAITS, "waits")
    trigger("care")
    trigger("waits", conditions=Conditions(kinds=("complaint",), topics=("delivery",)))
    return say()


@pytest.fixture
def cases(app: App, item_id: int) -> dict[str, OpenedCase]:
    with app.unit_of_work.reading() as work:
        return {case.process_name: case for case in queries.cases_opened_by(work, item_id)}


@pytest.fixture
def browser(signed_in: SignedIn) -> Browser:
    return signed_in("stella", "staff", "advocate", groups=("service",))


def name_of(case: OpenedCase) -> str:
    return f"{case.process_name}, case {case.instance_id}"


def test_the_item_names_both_cases_and_the_one_that_leads(
    browser: Browser, item_id: int, cases: dict[str, OpenedCase]
) -> None:
    page = browser.see(f"/inbox/{item_id}")

    assert "These words opened 2 cases" in page
    assert page.get("link", name_of(cases["Waits"])).target == f"/instances/{cases['Waits'].instance_id}"
    words = page.words
    assert words.index(name_of(cases["Waits"])) < words.index("leads") < words.index(name_of(cases["Care"]))


def test_each_case_names_the_other_and_says_who_leads(browser: Browser, cases: dict[str, OpenedCase]) -> None:
    care = browser.see(f"/instances/{cases['Care'].instance_id}")
    waits = browser.see(f"/instances/{cases['Waits'].instance_id}")

    assert f"{name_of(cases['Waits'])}, which leads" in care
    assert name_of(cases["Care"]) in waits
    assert "This case leads." in waits
    assert "This case leads." not in care


def test_a_task_of_one_case_names_the_other(app: App, browser: Browser, cases: dict[str, OpenedCase]) -> None:
    with app.unit_of_work.reading() as work:
        query = select(WorkItem.id).where(WorkItem.instance_id == cases["Care"].instance_id)
        task_id = work.session.scalars(query).one()

    page = browser.see(f"/tasks/{task_id}")

    assert f"{name_of(cases['Waits'])}, which leads" in page
