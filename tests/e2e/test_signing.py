"""A changed timer on its way in a browser: what was kept, what became of real cases, three signatures, going live."""

import json
from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from tests.e2e.looking import Looker
from tests.engine.models import flow, model

Look = Callable[..., Looker]
MODEL = model(
    "claim",
    '<startEvent id="start"/><userTask id="check" name="Check the claim"/>'
    '<boundaryEvent id="late" name="Four hours" attachedToRef="check"><timerEventDefinition><timeDuration>PT4H'
    '</timeDuration></timerEventDefinition></boundaryEvent><userTask id="remind" name="Remind"/><endEvent id="end"/>'
    + flow("start", "check") + flow("check", "end") + flow("late", "remind") + flow("remind", "end"),
)  # fmt: skip
CHANGED = MODEL.replace(b"PT4H", b"PT2H")
FORM = {"type": "object", "properties": {"why": {"type": "string", "title": "Why"}}}
CASE = {"id": "begins with a check", "steps": [{"do": "start", "vars": {}}, {"expect": {"open": ["check"]}}]}
SIGNERS = {"mia": "marketing", "ida": "it", "ole": "operations"}


@pytest.fixture
def house(app: App, person: Callable[..., None]) -> None:
    """A live version with a form and a test, one finished case and one that runs."""
    person("ada", "designer", "operator", name="Ada Vogel")
    for name, department in SIGNERS.items():
        person(name, "manager", groups=(department,), name=name.capitalize())
    files = [("claim.bpmn", MODEL), ("check.json", json.dumps(FORM).encode())]
    came = engine.read_bundle([*files, ("tests.json", json.dumps([CASE]).encode())])
    examined = engine.examine(engine.carry_over(None, came))
    with app.unit_of_work() as work:
        version = engine.deploy(
            work, examined.prepared, key="claim", forms=came.forms, tests=came.tests, test_results=examined.results
        )
        engine.go_live(work, version.id, unsigned="Set up for a test")
    for _ in range(2):
        with app.unit_of_work() as work:
            engine.start(work, "claim", {})
    with app.unit_of_work() as work:
        engine.complete(work, 1, {"why": "It rained."})


def upload(looker: Looker) -> None:
    page = looker.visit("/processes/claim")
    page.get_by_label("Upload what changes").set_input_files(
        {"name": "claim.bpmn", "mimeType": "text/xml", "buffer": CHANGED}
    )
    page.get_by_role("button", name="Check it").press("Enter")
    page.wait_for_url("**/uploads/*")
    looker.settle()
    made_of = page.get_by_role("region", name="What this version is made of")
    for part in ("Form check", "Test begins with a check"):
        assert made_of.get_by_role("row", name=part).get_by_text("kept").is_visible()
    page.get_by_text("after 4 h → after 2 h").first.wait_for()
    page.get_by_role("button", name="Deploy as draft").press("Enter")
    page.wait_for_url("**/processes/claim?version=2*")


def test_three_people_read_and_sign_then_it_goes_live_and_running_cases_are_moved(
    look: Look, house: None, app: App
) -> None:
    ada = look("ada")
    upload(ada)
    engine.sweep_replays(app.unit_of_work)
    for name in SIGNERS:
        looker = look(name)
        page = looker.visit("/processes/versions/2")
        page.get_by_text("after 4 h → after 2 h").first.wait_for()
        assert page.get_by_role("region", name="Its tests").get_by_text("begins with a check").is_visible()
        replayed = page.get_by_role("region", name="Finished cases, replayed through this version")
        assert replayed.get_by_role("link", name="end the same").is_visible()
        page.get_by_role("button", name="Sign for").press("Enter")
        page.get_by_text("Take it back").first.wait_for()
    page = ada.visit("/processes/claim?version=2")
    page.get_by_role("button", name="Go live").press("Enter")
    page.get_by_text("It is live").first.wait_for()
    page = ada.visit("/processes/claim/migration")
    page.get_by_role("button", name="Dry run").press("Enter")
    page.get_by_label("Why").fill("The deadline is shorter.")
    page.get_by_role("button", name="Change 1 over").press("Enter")
    page.wait_for_url("**/operations/batches/*")
    while engine.sweep_batches(app.unit_of_work):
        pass
    with app.unit_of_work.reading() as work:
        rows = queries.list_instances(work, "claim").rows
    assert sorted(row.number for row in rows) == [1, 2]


def test_the_page_where_one_signs_holds_up(look: Look, house: None, app: App) -> None:
    with app.unit_of_work() as work:
        engine.deploy(work, engine.check(CHANGED, "claim.bpmn"), key="claim")
    engine.sweep_replays(app.unit_of_work)
    looker = look("ida")
    page = looker.visit("/processes/versions/2")
    page.get_by_role("button", name="Sign for IT").wait_for()
    looker.check_in_every_window("signing")
    assert not looker.complaints
