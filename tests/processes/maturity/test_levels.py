"""A level rises only when its own checks and all below pass, and every check leads to a page that is there."""

import pytest
from flask import Flask

from bpm.app import App
from bpm.processes.maturity import LEVELS, level_of, maturity_of
from bpm.processes.maturity.evidence import FIGURES
from tests.processes.conftest import make_person
from tests.web.conftest import Browser, web

__all__ = ["web"]

ENOUGH = dict.fromkeys(FIGURES, 20.0) | {"followed": 1.0, "owned": 1.0, "unseen": 0.0}


def test_it_rises_level_by_level_and_never_over_a_check_that_fails() -> None:
    assert level_of(dict.fromkeys(FIGURES, 0.0)).level is None
    highest = level_of(ENOUGH).level
    assert highest is not None
    assert highest.number == 5
    for level in LEVELS:
        for check in level.checks:
            failing = ENOUGH | {check.figure: check.least - 0.1 if check.most is None else check.most + 1}
            reached = level_of(failing).level
            assert (reached.number if reached else 0) < level.number


@pytest.mark.parametrize("role", ["manager", "staff"])
def test_the_page_shows_each_check_with_its_evidence(app: App, web: Flask, role: str) -> None:
    make_person(app, "mona", role)
    browser = Browser(web.test_client())
    browser.sign_in("mona", "a long password")
    if role == "staff":
        browser.see("/insights/maturity", status=403)
        return
    page = browser.see("/insights/maturity")
    assert "Maturity: before the first level" in page
    assert "Feedback came in within 30 days" in page
    assert {check.page for level in LEVELS for check in level.checks} <= set(web.view_functions)
    with app.unit_of_work.reading() as work:
        assert maturity_of(work).level is None
