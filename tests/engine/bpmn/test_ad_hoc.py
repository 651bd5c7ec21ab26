"""Ad hoc subprocesses: a person chooses what comes next, or they are refused by name."""

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.bpmn.model import Prepared
from bpm.foundation.errors import InvalidInputError
from tests.engine.acting import broken, complete, items, open_elements
from tests.engine.bpmn.drawing import check, codes, flows, line, model
from tests.engine.models import go_live

CONDITION = "<completionCondition>solved</completionCondition>"
PEOPLE = '<userTask id="call" name="Call back"/><userTask id="visit"/>'
SCRIPTS = '<scriptTask id="x"><script>a = 1</script></scriptTask>'
WORKER = '<extensionElements><zeebe:taskDefinition type="agent"/></extensionElements>'


def ad_hoc(inside: str, settings: str = "") -> str:
    return line(f'<adHocSubProcess id="a" name="Help" {settings}>{inside}</adHocSubProcess>')


def refused(prepared: Prepared) -> list[str]:
    return [found.code for found in prepared.findings if found.element == "a" and found.severity == "error"]


def test_what_can_be_chosen_is_said_on_the_element() -> None:
    prepared = check(ad_hoc(PEOPLE + flows("call>visit")))
    (found,) = [found for found in prepared.findings if found.code == "ad-hoc-asks"]
    assert (found.element, found.line) == ("a", 2)
    assert "'Call back'; also side by side" in found.message
    assert prepared.deployable


@pytest.mark.parametrize(
    ("inside", "settings"),
    [
        (SCRIPTS, ""),
        (WORKER + PEOPLE, ""),
        ('<startEvent id="o"/>' + PEOPLE + flows("o>call"), ""),
        (PEOPLE + CONDITION, 'cancelRemainingInstances="false"'),
    ],
    ids=["nobody to ask", "a worker chooses", "a start of its own", "complete, and yet goes on"],
)
def test_what_nobody_can_steer_is_refused_by_name(inside: str, settings: str) -> None:
    prepared = check(ad_hoc(inside, settings))
    assert refused(prepared) == ["not-executed-adHocSubProcess"]
    assert not prepared.deployable


def test_a_condition_that_cannot_be_read_is_refused() -> None:
    prepared = check(ad_hoc(PEOPLE + "<completionCondition>when all is well</completionCondition>"))
    assert "completion-condition-not-understood" in codes(prepared.findings, "error")


@pytest.mark.both_databases
def test_the_choice_is_a_work_item_with_a_form_at_the_subprocess(app: App) -> None:
    go_live(app, model(ad_hoc(PEOPLE)), key="help")
    with app.unit_of_work() as work:
        engine.start(work, "help", {})
    (asked,) = items(app)
    assert (asked.element, asked.name) == ("a", "What comes next in Help?")
    complete(app, "a", {"next_in_a": "call"})
    assert sorted(open_elements(app)) == ["a", "call"]
    complete(app, "a", {"next_in_a": "nothing more"})
    complete(app, "call")
    assert items(app) == ()
    assert broken(app) == []


def test_what_is_not_on_offer_cannot_be_chosen(app: App) -> None:
    go_live(app, model(ad_hoc(PEOPLE)), key="help")
    with app.unit_of_work() as work:
        engine.start(work, "help", {})
    with pytest.raises(InvalidInputError, match="next"):
        complete(app, "a", {"next_in_a": "fly"})
