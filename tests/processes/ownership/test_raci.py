"""Parts are derived from lanes, groups and flows, said by people, carried over, and asked for before going live."""

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.foundation.errors import ForbiddenError, InvalidInputError, RefusedError
from bpm.processes import ownership
from bpm.processes.ownership import Activity, derive, with_said
from tests.processes.conftest import make_person
from tests.processes.models import HEAD

LANES = (
    HEAD
    + """<process id="repair" name="Repair" isExecutable="true">
  <laneSet id="lanes"><lane id="l1" name="Service"><flowNodeRef>begin</flowNodeRef><flowNodeRef>hear</flowNodeRef>
    <flowNodeRef>which</flowNodeRef></lane>
  <lane id="l2" name="Workshop"><flowNodeRef>mend</flowNodeRef><flowNodeRef>done</flowNodeRef></lane></laneSet>
  <startEvent id="begin"/><sequenceFlow id="f1" sourceRef="begin" targetRef="hear"/>
  <userTask id="hear" name="Hear what broke"/><sequenceFlow id="f2" sourceRef="hear" targetRef="which"/>
  <exclusiveGateway id="which" default="f4"/><sequenceFlow id="f3" sourceRef="which" targetRef="mend">
    <conditionExpression>hard</conditionExpression></sequenceFlow>
  <sequenceFlow id="f4" sourceRef="which" targetRef="done"/>
  <userTask id="mend" name="Mend it"/><sequenceFlow id="f5" sourceRef="mend" targetRef="done"/>
  <endEvent id="done"/></process></definitions>"""
).encode()
LOOSE = LANES.replace(b"<flowNodeRef>mend</flowNodeRef>", b"").replace(b'<userTask id="mend"', b'<userTask id="m"')
LOOSE = LOOSE.replace(b'targetRef="mend"', b'targetRef="m"').replace(b'sourceRef="mend"', b'sourceRef="m"')


def deploy(app: App, source: bytes, key: str = "repair") -> int:
    prepared = engine.check(source, f"{key}.bpmn")
    with app.unit_of_work() as work:
        version = engine.deploy(work, prepared, key=key)
        for department in work.settings.sign_offs:
            engine.sign(work, version.id, department, method="console")
        return version.id


def test_lanes_are_responsible_and_those_across_them_consulted_or_informed() -> None:
    steps = [Activity("a", "A", "userTask", "service"), Activity("b", "B", "userTask", "shop")]
    steps += [Activity("c", "C", "serviceTask", ""), Activity("d", "D", "userTask", "")]
    found = derive(steps, {"a": ("b",), "b": ("c",)}, functions=("it",), handed_on={"a": ("law",), "gone": ("x",)})
    assert found["a"] == {"law": "I", "service": "RA", "shop": "I"}
    assert found["b"] == {"it": "I", "service": "C", "shop": "RA"} or found["b"] == {"service": "C", "shop": "RA"}
    assert found["c"]["it"].startswith("RA")
    assert found["d"] == {}
    said = with_said(found, {("a", "service"): "R", ("a", "law"): "", ("d", "it"): "A", ("gone", "it"): "A"})
    assert said["a"] == {"service": "R", "shop": "I"}
    assert ownership.accountable(said["d"]) == ("it",)
    assert "gone" not in said


def test_a_part_said_by_hand_is_carried_over_and_an_activity_without_one_accountable_does_not_go_live(
    app: App,
) -> None:
    first = deploy(app, LANES)
    with app.unit_of_work() as work:
        engine.go_live(work, first)
    with app.unit_of_work.reading() as work:
        matrix = ownership.matrix_of(work, first)
        assert [each.id for each in matrix.activities] == ["hear", "mend"]
        assert matrix.parts == {"hear": {"service": "RA", "workshop": "I"}, "mend": {"service": "C", "workshop": "RA"}}
        assert not matrix.gaps
        assert not matrix.blocks
    mona, stella = make_person(app, "mona", "manager", "operations"), make_person(app, "stella", "staff", "service")
    with app.unit_of_work(stella) as work, pytest.raises(ForbiddenError):
        ownership.give_part(work, first, "mend", "operations", "A")
    with app.unit_of_work(mona) as work:
        for wrong in (("gone", "operations", "A"), ("mend", "nobody", "A"), ("mend", "operations", "X")):
            with pytest.raises(InvalidInputError):
                ownership.give_part(work, first, *wrong)
        after = ownership.give_part(work, first, "mend", "operations", "ai")
    # Who is made accountable takes it from whoever was.
    assert after == {"operations": "AI", "service": "C", "workshop": "R"}
    second = deploy(app, LOOSE)
    with app.unit_of_work.reading() as work:
        matrix = ownership.matrix_of(work, second)
        # The tool gave the activity a new id; it is the same one, and what was said of it goes with it.
        assert matrix.parts["m"] == {"operations": "AI", "workshop": "R"}
        assert matrix.said["m", "operations"].carried
        assert matrix.said["m", "operations"].by == "Mona"
        assert ownership.what_blocks(work, second) == []
    with app.unit_of_work(mona) as work:
        ownership.take_back_part(work, second, "m", "operations")
    with app.unit_of_work.reading() as work:
        [finding] = ownership.gaps_of(work, second)
        assert (finding["severity"], finding["element"], finding["code"]) == ("error", "m", "nobody-accountable")
    with pytest.raises(RefusedError, match=r"Nobody is accountable for “Mend it” \(m\)"), app.unit_of_work() as work:
        engine.go_live(work, second)
    with app.unit_of_work(mona) as work:
        ownership.give_part(work, second, "m", "workshop", "RA")
    with app.unit_of_work() as work:
        engine.go_live(work, second)


def test_a_first_version_begins_with_its_gaps_as_findings_and_a_next_one_is_asked_for_them(app: App) -> None:
    first = deploy(app, LOOSE)
    with app.unit_of_work() as work:
        assert [each["severity"] for each in ownership.gaps_of(work, first)] == ["warning"]
        engine.go_live(work, first)
    second = deploy(app, LOOSE.replace(b"Hear what broke", b"Hear it"))
    with pytest.raises(RefusedError, match="Mend it"), app.unit_of_work() as work:
        engine.go_live(work, second)
    third = deploy(app, LOOSE.replace(b"Hear what broke", b"Listen"))
    prepared = engine.check(LOOSE.replace(b"Hear what broke", b"Hear all"), "repair.bpmn")
    with app.unit_of_work() as work:
        fourth = engine.deploy(work, prepared, key="repair").id
        # A reason on record stands for what is missing, as it does for signatures.
        engine.go_live(work, fourth, unsigned="The shop has no lead this week.")
    assert third < fourth
