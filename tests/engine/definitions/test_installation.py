"""What a model names and nobody here is behind: groups, people, topics; each at its element, with what to do."""

from bpm.engine.bpmn.offers import needs
from bpm.engine.definitions.installation import Installation, unmet
from bpm.engine.findings import Finding
from tests.engine.bpmn.drawing import check, line

HERE = Installation({"service": 2, "finance": 0}, frozenset({"anna"}), frozenset({"customer.lookup"}))


def told(inside: str, *, here: Installation = HERE) -> list[Finding]:
    prepared = check(inside)
    assert prepared.deployable, prepared.findings
    elements = [{"id": each.id, "name": each.name, "line": each.line} for each in prepared.elements]
    return list(unmet(prepared.executable, elements, here))


def test_a_group_with_people_and_a_person_who_is_there_need_no_word() -> None:
    assert told(line('<userTask id="a" camunda:candidateGroups="Service" camunda:assignee="anna"/>')) == []


def test_a_group_that_nobody_is_in_is_named_at_its_element() -> None:
    (finding,) = told(line('<userTask id="a" name="Pay" flowable:candidateGroups="Finance"/>'))
    assert (finding.code, finding.severity, finding.element, finding.name) == ("group-empty", "warning", "a", "Pay")
    assert finding.line == 2
    assert "nobody is" in finding.message
    assert "--group finance" in finding.remedy


def test_a_group_that_does_not_exist_is_named_and_a_lane_is_one() -> None:
    lanes = '<laneSet id="ls"><lane id="l" name="Back office"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    (finding,) = told(lanes + line('<userTask id="a"/>'))
    assert "not there yet" in finding.message
    assert "back_office" in finding.message


def test_the_group_of_a_task_comes_before_its_lane_and_an_expression_is_known_later() -> None:
    lanes = '<laneSet id="ls"><lane id="l" name="Nobody"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    assert told(lanes + line('<userTask id="a" camunda:candidateGroups="service"/>')) == []
    assert told(lanes + line('<userTask id="a" camunda:candidateGroups="${who}"/>')) == []


def test_an_assignee_who_does_not_exist_is_named_with_who_gets_it_instead() -> None:
    (finding,) = told(line('<userTask id="a" camunda:assignee="bob" camunda:candidateGroups="service"/>'))
    assert (finding.code, finding.element) == ("assignee-unknown", "a")
    assert "the group 'service'" in finding.message
    assert told(line('<userTask id="a" camunda:assignee="${owner}"/>')) == []


def test_a_topic_that_nobody_serves_is_named_with_those_that_are() -> None:
    task = '<serviceTask id="a" camunda:type="external" camunda:topic="{}"/>'
    (finding,) = told(line(task.format("ship.parcel")))
    assert (finding.code, finding.element) == ("topic-unserved", "a")
    assert "customer.lookup" in finding.remedy
    assert told(line(task.format("customer.lookup"))) == []


def test_nothing_is_asked_of_elements_that_need_nobody() -> None:
    assert (
        list(
            needs(
                check(line('<scriptTask id="a" scriptFormat="python"><script>x = 1</script></scriptTask>')).executable
            )
        )
        == []
    )
    assert list(needs(b"")) == []
