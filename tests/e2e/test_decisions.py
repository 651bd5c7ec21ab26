"""A decision is read as a table and tried out, on a desk and on a phone."""

from collections.abc import Callable

from bpm.app import App
from bpm.processes.catalogue import deploy_folder
from tests.e2e.looking import Looker
from tests.processes.shipped.folders import folder

Look = Callable[..., Looker]


def test_a_decision_is_read_as_a_table_and_tried_out(app: App, look: Look, person: Callable[..., None]) -> None:
    deploy_folder(app.unit_of_work, folder("returns"))
    person("ada", "designer")
    looker = look("ada")
    page = looker.visit("/processes/returns/decisions")
    page.get_by_label("item_value").fill("900")
    page.get_by_label("condition").fill("as_agreed")
    page.get_by_role("button", name="Try it").click()
    page.get_by_text("It is here, as agreed.").last.wait_for()
    assert page.get_by_text("holds", exact=True).count() == 1
    looker.settle()
    looker.check_in_every_window("decisions")
