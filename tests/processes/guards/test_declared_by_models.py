"""Call guards that the model declares: in the spelling of each vendor, in force with its version, named when wrong."""

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.rules import call_guards
from bpm.engine.rules.call_guards import GuardMark, is_guard, read_guards
from bpm.foundation.errors import InvalidInputError
from bpm.processes import guards
from bpm.processes.status import GuardEffect, GuardRule
from tests.processes.conftest import GoLive
from tests.processes.guards.test_guards import CALLING, begin, figures, open_at, values

ZEEBE = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
FLOWABLE = 'xmlns:flowable="http://flowable.org/bpmn"'
TASK = b'<userTask id="call" name="Call the customer" camunda:candidateGroups="service"/>'
SPELLINGS = (
    '<camunda:properties><camunda:property name="callGuard" value="{}"/></camunda:properties>',
    f'<zeebe:properties {ZEEBE}><zeebe:property name="earshot.callGuard" value="{{}}"/></zeebe:properties>',
    f'<zeebe:taskHeaders {ZEEBE}><zeebe:header key="call-guard" value="{{}}"/></zeebe:taskHeaders>',
    f'<flowable:field {FLOWABLE} name="callGuard"><flowable:string>{{}}</flowable:string></flowable:field>',
    f"<flowable:callGuard {FLOWABLE}>{{}}</flowable:callGuard>",
    "flowable:callGuard",
)


def model(spelling: str, written: str, *, source: bytes = CALLING) -> bytes:
    said = written.replace(">", "&gt;")
    opening = '<userTask id="call" name="Call the customer" camunda:candidateGroups="service"'
    if spelling == "flowable:callGuard":
        task = f'{opening} {FLOWABLE} flowable:callGuard="{said}"/>'
    else:
        task = f"{opening}><extensionElements>{spelling.format(said)}</extensionElements></userTask>"
    return source.replace(TASK, task.encode())


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_vendors_spelling_declares_the_same_guard(spelling: str) -> None:
    prepared = engine.check(model(spelling, "variable insured = true -> file; hold quiet_hours"), "calling.bpmn")
    assert [each for each in prepared.findings if each.severity in ("error", "warning")] == []
    (call,) = (each for each in prepared.elements if each.id == "call")
    assert call.guards == (
        GuardMark("variable", "avoid", "insured", "true", "file"),
        GuardMark("quiet_hours", "hold"),
    )
    assert not any("callGuard" in each.message or "Header" in each.message for each in prepared.findings)


def test_what_is_wrong_is_named_at_its_element() -> None:
    for written, code in {
        "weather": "guard-unknown",
        "variable insured": "guard-unknown",
        "often tracking": "guard-unknown",
        "tracking x = 1": "guard-unknown",
        "hold promise -> file": "guard-unknown",
        " ; ": "guard-unknown",
        "tracking -> nowhere": "guard-leads-nowhere",
    }.items():
        found = engine.check(model(SPELLINGS[0], written), "calling.bpmn").findings
        assert [(each.code, each.element, each.severity) for each in found if each.severity == "error"] == [
            (code, "call", "error")
        ], written
        assert all(each.remedy for each in found)
    flow = '<endEvent id="over"><extensionElements><camunda:properties><camunda:property name="callGuard" '
    flow += 'value="tracking"/></camunda:properties></extensionElements></endEvent>'
    (wrong,) = engine.check(CALLING.replace(b'<endEvent id="over"/>', flow.encode()), "calling.bpmn").findings
    assert (wrong.code, wrong.element) == ("guard-misplaced", "over")


def test_the_words_of_models_are_those_of_the_product() -> None:
    assert set(call_guards.RULES) == set(GuardRule)
    assert set(call_guards.EFFECTS) == set(GuardEffect)
    assert read_guards("tracking->a;tracking -> a") == (GuardMark("tracking", "avoid", go_to="a"),)
    assert is_guard("Call_Guards")
    assert not is_guard("guard")
    with pytest.raises(InvalidInputError):
        read_guards(";".join(["consent"] * 11))


def test_it_is_in_force_with_its_version_and_ends_with_the_one_that_says_it_no_more(app: App, go_live: GoLive) -> None:
    go_live(model(SPELLINGS[0], "variable insured = true -> file"), "calling")
    case = begin(app, insured=True)
    assert open_at(app, case) == ["file"]
    assert values(app, case)["call_avoided"] is True
    assert figures(app) == (1, 0, 0)
    with app.unit_of_work() as work:
        guards.declare_guard(work, "calling", "call", rule="incident", effect="hold")
        first, by_hand = sorted(guards.list_guards(work), key=lambda each: each.id)
        assert (first.version, first.avoided, by_hand.version) == (1, 1, None)
    same = model(SPELLINGS[0], "variable insured = true -> file").replace(b"File it", b"File it well")
    go_live(same, "calling")
    with app.unit_of_work() as work:
        assert [each.id for each in guards.list_guards(work) if not each.ended_at] == [first.id, by_hand.id]
    go_live(model(SPELLINGS[2], "variable insured = yes -> file"), "calling")
    with app.unit_of_work() as work:
        now = {each.id: (each.value, each.version) for each in guards.list_guards(work) if not each.ended_at}
        assert now == {by_hand.id: ("", None), 3: ("yes", 3)}
    assert open_at(app, begin(app, insured=True)) == ["call"]
    go_live(CALLING, "calling")
    with app.unit_of_work() as work:
        assert [each.id for each in guards.list_guards(work) if not each.ended_at] == [by_hand.id]
    assert open_at(app, begin(app, insured="yes")) == ["call"]
