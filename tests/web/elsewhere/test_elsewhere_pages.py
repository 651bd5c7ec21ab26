"""Logs of other systems in the browser: handed in, read by the worker, drawn, and closed to others."""

import io
from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.processes import outside
from bpm.processes.outside.models import OutsideRun
from tests.processes.models import CARE
from tests.web.conftest import Browser
from tests.web.page import Page

LOG = (
    b"case_id,activity,started_at,completed_at\n"
    b"1,Read complaint,2020-01-01T10:00Z,2020-01-01T11:00Z\n1,Dance,2020-01-01T12:00Z,2020-01-01T12:30Z\n"
    b"1,Read complaint,2020-01-02T10:00Z,2020-01-02T11:00Z\n2,Read complaint,2020-01-03T10:00Z,\n,Dance,2020-01-03,\n"
)


@pytest.fixture
def owner(signed_in: Callable[..., Browser]) -> Browser:
    return signed_in("mona", "manager", "designer")


def hand_in(browser: Browser, *, key: str = "old", **more: object) -> Page:
    return browser.do("/insights/elsewhere", {"log": (io.BytesIO(LOG), "old.csv"), "key": key, **more})


def test_a_log_is_handed_in_read_by_the_worker_and_drawn_as_flows(app: App, owner: Browser) -> None:
    assert "No log was taken in" in owner.see("/insights/elsewhere")
    page = hand_in(owner)
    assert "is being read" in page
    outside.sweep_logs(app.unit_of_work)
    assert outside.sweep_logs(app.unit_of_work) == 0
    page = owner.see("/insights/elsewhere/old")
    assert "line 6: It has no case." in page
    assert "Read complaint · 3" in page
    assert "Dance → Read complaint: 1" in page.markup
    assert "is being read" not in page
    assert "not shown (n = 2)" in page
    assert "/insights/elsewhere/old" in owner.see("/insights/elsewhere").links


def test_with_a_diagram_the_figures_stand_on_it_and_what_it_does_not_draw_is_named(app: App, owner: Browser) -> None:
    hand_in(owner, diagram=(io.BytesIO(CARE), "care.bpmn"))
    outside.sweep_logs(app.unit_of_work)
    page = owner.see("/insights/elsewhere/old")
    assert page.drawings[0]["heat"]["read"]["label"] == "n = 3"
    assert "Not on the diagram: Dance." in page
    drawn = owner.get(page.drawings[0]["source"])
    assert b"definitions" in drawn.get_data()
    assert owner.get("/insights/elsewhere/nothing").status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"key": ""}, "needs a key"),
        ({"key": "x", "diagram": (io.BytesIO(b"no"), "x.bpmn")}, "x.bpmn"),
        ({"key": "x", "log": (io.BytesIO(b"%PDF"), "x.pdf")}, "neither CSV nor XES"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(owner: Browser, sent: dict[str, object], said: str) -> None:
    form = {"log": (io.BytesIO(LOG), "old.csv"), **sent}
    assert said in owner.do("/insights/elsewhere", form)


def test_a_log_whose_worker_dies_each_time_is_given_up(app: App, owner: Browser) -> None:
    hand_in(owner)
    with app.unit_of_work() as work:
        run = work.session.get_one(OutsideRun, 1)
        run.tries = 3
    outside.sweep_logs(app.unit_of_work)
    assert "given up" in owner.see("/insights/elsewhere/old")


def test_staff_see_none_of_it_and_managers_hand_in_nothing(signed_in: Callable[..., Browser]) -> None:
    assert signed_in("stella", "staff").get("/insights/elsewhere").status_code == 403
    manager = signed_in("mona", "manager")
    assert not manager.see("/insights/elsewhere").has("button", "Hand it in")
    assert manager.post("/insights/elsewhere", {"key": "x"}).status_code == 403
