"""Topics, groups, assignees, due dates, forms and retries that are worked out when the job or work item opens."""

from typing import Any

import pytest

from bpm.engine.definitions.prepare import prepare
from bpm.engine.spiff import execution
from tests.engine.spiff.bench import NOON
from tests.engine.spiff.playing import chain, drawn, expect, play, start, user


def extended(kind: str, inside: str, attributes: str = "") -> tuple[str, str]:
    return "a", f'<{kind} id="a" {attributes}><extensionElements>{inside}</extensionElements></{kind}>'


TYPED = '<zeebe:taskDefinition type="=&quot;mail-&quot; + channel"/>'
SENT = '<messageEventDefinition messageRef="m"/>'


@pytest.mark.parametrize(
    ("dialect", "node"),
    [
        ("zeebe", extended("serviceTask", TYPED)),
        ("zeebe", extended("sendTask", TYPED)),
        ("zeebe", extended("businessRuleTask", TYPED)),
        ("zeebe", extended("scriptTask", TYPED)),
        (
            "zeebe",
            (
                "a",
                (
                    f'<intermediateThrowEvent id="a"><extensionElements>{TYPED}</extensionElements>{SENT}'
                    "</intermediateThrowEvent>"
                ),
            ),
        ),
        ("camunda", ("a", '<serviceTask id="a" camunda:type="external" camunda:topic="mail-${channel}"/>')),
        ("camunda", ("a", '<sendTask id="a" camunda:type="external" camunda:topic="${kind}-${channel}"/>')),
        ("flowable", ("a", '<serviceTask id="a" flowable:type="external-worker" flowable:topic="mail-${channel}"/>')),
    ],
)
def test_a_topic_is_worked_out_when_the_job_opens(dialect: str, node: tuple[str, str]) -> None:
    play(
        drawn(chain(node), dialect=dialect),
        start(channel="de", kind="mail"),
        expect(jobs=["mail-de"], ended=True),
    )


@pytest.mark.parametrize("topic", [5, True, ["a"], None, "", "x" * 301])
def test_a_topic_that_comes_to_no_text_fails(topic: Any) -> None:
    node = extended("serviceTask", '<zeebe:taskDefinition type="=topic"/>')
    play(drawn(chain(node)), start(topic=topic), expect(failed=True))


def test_a_literal_text_of_feel_is_a_topic_like_any_other() -> None:
    prepared = prepare(drawn(chain(extended("serviceTask", '<zeebe:taskDefinition type="=&quot;pay&quot;"/>'))), "m")
    assert prepared.topics == ("pay",)


def test_a_topic_that_cannot_be_worked_out_is_refused_at_its_element() -> None:
    prepared = prepare(drawn(chain(extended("serviceTask", '<zeebe:taskDefinition type="=1 +"/>'))), "m.bpmn")
    assert [(f.code, f.element) for f in prepared.findings if f.severity == "error"] == [("topic-not-understood", "a")]


WHO = '<zeebe:assignmentDefinition assignee="=boss" candidateGroups="={groups}"/><zeebe:taskSchedule dueDate="=until"/>'
CAMUNDA = 'camunda:assignee="${boss}" camunda:candidateGroups="${group}" camunda:dueDate="${until}"'
OWNERS = (
    "<humanPerformer><resourceAssignmentExpression><formalExpression>${boss}</formalExpression>"
    "</resourceAssignmentExpression></humanPerformer><potentialOwner><resourceAssignmentExpression><formalExpression>"
    "group(${group})</formalExpression></resourceAssignmentExpression></potentialOwner>"
)


@pytest.mark.parametrize(
    ("dialect", "task"),
    [
        ("zeebe", extended("userTask", WHO.format(groups="group"))),
        ("zeebe", extended("userTask", WHO.format(groups="[group, &quot;others&quot;]"))),
        ("camunda", user("a", attributes=CAMUNDA)),
        ("flowable", user("a", attributes=CAMUNDA.replace("camunda", "flowable"))),
        ("activiti", user("a", attributes=CAMUNDA.replace("camunda", "activiti"))),
        ("activiti", user("a", OWNERS, 'activiti:dueDate="${until}"')),
    ],
)
def test_who_is_asked_until_when_is_worked_out_when_the_work_item_opens(dialect: str, task: tuple[str, str]) -> None:
    item = {"task": "a", "group": "sales-de", "assignee": "ada", "due": "2026-02-01T00:00:00Z"}
    play(
        drawn(chain(task), dialect=dialect),
        start(boss="ada", group="sales-de", until="2026-02-01T00:00:00Z"),
        expect(items=[item], open=["a"]),
    )


def test_a_duration_is_due_from_when_the_work_item_opens() -> None:
    task = user("a", attributes='camunda:dueDate="${until}"')
    item = {"task": "a", "due": "2026-01-03T09:00:00Z", "assignee": None}
    play(drawn(chain(task), dialect="camunda"), start(until="P2D"), expect(items=[item]))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("assignee", 5),
        ("assignee", ["ada"]),
        ("candidateGroups", 5),
        ("candidateGroups", [5]),
        ("candidateGroups", {"a": 1}),
        ("dueDate", 5),
        ("dueDate", "soon"),
        ("dueDate", ["2026-02-01"]),
    ],
)
def test_a_setting_of_the_wrong_kind_fails_and_names_it(setting: str, value: Any) -> None:
    task = user("a", attributes=f'name="Ask" camunda:{setting}="${{v}}"')
    compiled = prepare(drawn(chain(task), dialect="camunda"), "m.bpmn").compiled
    assert compiled is not None
    (failure,) = execution.start(compiled, {"v": value}, now=NOON).failures
    what = {"candidateGroups": "group", "dueDate": "due"}.get(setting, setting)
    assert failure.message.startswith(f"The {what}")
    assert "'Ask'" in failure.message


@pytest.mark.parametrize("setting", ["assignee", "candidateGroups", "dueDate"])
def test_a_setting_that_comes_to_nothing_says_nothing(setting: str) -> None:
    task = user("a", attributes=f'camunda:{setting}="${{v}}"')
    item = {"task": "a", "group": None, "assignee": None, "due": None}
    play(drawn(chain(task), dialect="camunda"), start(v=None), expect(items=[item]))


@pytest.mark.parametrize(
    ("dialect", "task"),
    [
        ("camunda", user("a", attributes='camunda:formKey="forms/${which}.json"')),
        ("flowable", user("a", attributes='flowable:formKey="${which}"')),
        ("zeebe", extended("userTask", '<zeebe:formDefinition formId="=which"/>')),
        ("zeebe", extended("userTask", '<zeebe:formDefinition externalReference="=which"/>')),
    ],
)
def test_the_form_is_worked_out_when_the_work_item_opens(dialect: str, task: tuple[str, str]) -> None:
    play(drawn(chain(task), dialect=dialect), start(which="claim"), expect(items=[{"form": "claim"}]))


def test_the_retries_of_a_job_are_worked_out_when_it_opens() -> None:
    node = extended("serviceTask", '<zeebe:taskDefinition type="pay" retries="=n + 1"/>')
    compiled = prepare(drawn(chain(node)), "m.bpmn").compiled
    assert compiled is not None
    assert execution.start(compiled, {"n": 4}, now=NOON).jobs[0].retries == 5
    assert "retries" in execution.start(compiled, {"n": 1.5}, now=NOON).failures[0].message


def test_a_case_that_expects_other_topics_or_work_items_is_wrong() -> None:
    source = drawn(chain(extended("serviceTask", '<zeebe:taskDefinition type="pay"/>'), user("b")))
    with pytest.raises(AssertionError, match="missing"):
        play(source, start(), expect(jobs=["mail"]))
    with pytest.raises(AssertionError, match="no open work item"):
        play(source, start(), expect(items=[{"task": "b", "assignee": "ada"}]))


@pytest.mark.parametrize(
    ("dialect", "task"),
    [
        ("camunda", user("a", attributes='camunda:candidateUsers="${people}"')),
        ("zeebe", extended("userTask", '<zeebe:assignmentDefinition candidateUsers="=people"/>')),
    ],
)
def test_candidate_users_are_named_as_not_used(dialect: str, task: tuple[str, str]) -> None:
    found = [f for f in prepare(drawn(chain(task), dialect=dialect), "m.bpmn").findings if f.code == "setting-not-used"]
    assert [(f.severity, f.element) for f in found] == [("warning", "a")]
