"""A newer version in a browser: whom it affects, a dry run, and changing over; on a desk, in the dark, on a phone."""

from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from tests.e2e.looking import Looker
from tests.web.conftest import REFUND, put_live, start_refund

Look = Callable[..., Looker]

NEWER = REFUND.replace(b"Explain why not", b"Tell them why").replace(b'"pay"', b'"transfer"')


@pytest.fixture
def house(app: App, person: Callable[..., None]) -> None:
    """Two cases of version 1 at the check and one at the payment; version 2, which pays elsewhere, is live."""
    person("ada", "designer", "operator", "staff", groups=("service", "finance"), name="Ada Vogel")
    put_live(app)
    for order in ("A-17", "A-18", "A-19"):
        start_refund(app, order)
    with app.unit_of_work() as work:
        engine.complete(work, 1, {"approved": True, "amount": 20, "reason": "late"})
    put_live(app, NEWER)


def test_the_pages_about_a_newer_version_hold_up(look: Look, house: None) -> None:
    looker = look("ada")
    looker.visit("/processes/refund/migration")
    looker.check_in_every_window("migration")
    page = looker.visit("/processes")
    page.get_by_label("Upload a process").set_input_files(
        {"name": "refund.bpmn", "mimeType": "text/xml", "buffer": REFUND}
    )
    page.get_by_role("button", name="Check it").click()
    page.wait_for_url("**/uploads/*")
    looker.settle()
    looker.check_in_every_window("review-with-impact")


def test_an_operator_looks_first_then_changes_all_over_with_the_keyboard_alone(
    look: Look, house: None, app: App
) -> None:
    looker = look("ada")
    page = looker.visit("/processes/refund")
    page.get_by_role("link", name="Change them over").press("Enter")
    page.wait_for_url("**/migration")
    looker.settle()
    page.get_by_role("button", name="Dry run").press("Enter")
    page.get_by_role("heading", name="Dry run").wait_for()
    assert "3 would change over, 0 would be refused" in page.inner_text("main")
    looker.check("migration-dry-run")
    page.get_by_label("Why").fill("The bank moved.")
    page.get_by_role("button", name="Change 3 over").press("Enter")
    page.wait_for_url("**/operations/batches/*")
    while engine.sweep_batches(app.unit_of_work):
        pass
    with app.unit_of_work.reading() as work:
        assert {row.number for row in engine_queries.list_instances(work, "refund").rows} == {2}
