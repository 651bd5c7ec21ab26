"""Tasks of people, work items, scripts and times as ProcessMaker, Flows for APEX, jBPM and Kogito write them."""

import pytest

from bpm.engine.bpmn.normalise.foreign.oracle_times import duration_of
from tests.engine.bpmn.drawing import check, codes, flows, line, node, only, own
from tests.engine.bpmn.steps import advance, opened, passes, start

PM = 'xmlns:pm="http://processmaker.com/BPMN/2.0/Schema.xsd"'
APEX = 'xmlns:apex="https://flowsforapex.org"'
HINT = "<!-- the namespaces stand at a message, as some tools write them -->"


def _roots(space: str) -> str:
    return f'{HINT}<message id="unused" name="unused" {space}/>'


@pytest.mark.parametrize(
    ("space", "task"),
    [
        (PM, f'<task id="a" {PM} pm:screenRef="12" pm:assignment="user_group" pm:assignedGroups="4"/>'),
        (PM, '<task id="a" name="Form Task"/>'),
        (PM, f'<manualTask id="a" {PM} pm:screenRef="3"/>'),
        (APEX, '<task id="a"/>'),
        (APEX, '<manualTask id="a"/>'),
        (APEX, f'<userTask id="a" {APEX} apex:type="apexPage"/>'),
    ],
)
def test_a_task_that_waits_for_people_elsewhere_waits_for_them_here(space: str, task: str) -> None:
    passes(line(task), start(), opened("a"), roots=_roots(space))
    found = codes(check(line(task), roots=_roots(space)).findings)
    assert not {"task-without-type", "manual-task-passed"} & set(found)


@pytest.mark.parametrize("attributes", ['pm:assignment="user" pm:assignedUsers="17"', 'pm:assignment="requester"'])
def test_an_assignment_that_names_nobody_here_is_told(attributes: str) -> None:
    prepared = check(line(f'<task id="a" {PM} {attributes}/>'), roots=_roots(PM))
    finding = only(prepared, "assignment-not-known")
    assert (finding.severity, finding.element) == ("warning", "a")


def test_names_and_hours_of_processmaker_are_read() -> None:
    task = f'<task id="a" {PM} pm:assignment="user_group" pm:assignedGroups="Support" pm:dueIn="72"/>'
    found = node(check(line(task), roots=_roots(PM)), "a")
    assert (found.get(own("group")), found.get(own("due"))) == ("Support", "PT72H")


def test_static_people_and_intervals_of_apex_are_read_and_the_rest_is_named() -> None:
    def setting(name: str, how: str, text: str) -> str:
        said = f"<apex:expressionType>{how}</apex:expressionType><apex:expression>{text}</apex:expression>"
        return f"<apex:{name}>{said}</apex:{name}>"

    inside = "".join(
        [
            setting("potentialGroups", "static", "Clerks:Bosses"),
            setting("dueOn", "interval", "001 12:00:00"),
            setting("priority", "static", "3"),
        ]
    )
    prepared = check(
        line(f'<userTask id="a" {APEX}><extensionElements>{inside}</extensionElements></userTask>'), roots=_roots(APEX)
    )
    found = node(prepared, "a")
    assert (found.get(own("group")), found.get(own("due"))) == ("Clerks", "P1DT12H0M0S")
    assert "apex:priority" in only(prepared, "setting-not-used").message


@pytest.mark.parametrize(("name", "kind"), [("Email", "serviceTask"), ("Human Task", "userTask")])
def test_a_plain_task_of_jbpm_with_a_name_is_a_work_item_of_that_name(name: str, kind: str) -> None:
    prepared = check(line(f'<task id="a" drools:taskName="{name}"/>'))
    assert node(prepared, "a").tag.endswith(kind)
    assert ("Email" in prepared.topics) == (kind == "serviceTask")


@pytest.mark.parametrize("element", ["scriptTask", "serviceTask", "businessRuleTask"])
def test_pl_sql_in_the_file_is_a_job_that_gets_it(element: str) -> None:
    code = "<apex:executePlsql><apex:plsqlCode>begin null; end;</apex:plsqlCode></apex:executePlsql>"
    task = (
        f'<{element} id="a" {APEX} apex:type="executePlsql"><extensionElements>{code}</extensionElements></{element}>'
    )
    prepared = check(line(task), roots=_roots(APEX))
    assert prepared.topics == ("script:plsql",)
    assert only(prepared, "script-needs-worker").before == "begin null; end;"


def test_a_script_that_lies_in_processmaker_is_a_job_and_not_passed() -> None:
    prepared = check(line(f'<scriptTask id="a" {PM} pm:scriptRef="7"/>'), roots=_roots(PM))
    assert prepared.topics == ("script:processmaker-7",)
    assert "script-empty" not in codes(prepared.findings)


def test_a_called_diagram_of_apex_is_the_called_process() -> None:
    prepared = check(line(f'<callActivity id="a" {APEX} apex:calledDiagram="Shipping"/>'), roots=_roots(APEX))
    assert "'Shipping'" in only(prepared, "callee-missing").message


def _catch(inside: str, attributes: str = "") -> str:
    return (
        f'<startEvent id="s"/><intermediateCatchEvent id="c" {APEX}><timerEventDefinition {attributes}>{inside}'
        '</timerEventDefinition></intermediateCatchEvent><userTask id="t"/><endEvent id="e"/>'
        f"{flows('s>c', 'c>t', 't>e')}"
    )


def _oracle(kind: str, **said: str) -> str:
    parts = "".join(f"<apex:{name}>{text}</apex:{name}>" for name, text in said.items())
    return f"<extensionElements><apex:{kind}>{parts}</apex:{kind}></extensionElements>"


@pytest.mark.parametrize(
    ("inside", "before"),
    [
        (_oracle("oracleDuration", intervalYM="00-00", intervalDS="000 01:00:00"), "PT59M"),
        (_oracle("oracleDuration", intervalDS="001 00:30:00"), "P1DT29M"),
        (_oracle("oracleDate", date="02-JAN-2026 09:15:00", formatMask="DD-MON-YYYY HH24:MI:SS"), "P1DT14M"),
        (
            _oracle("oracleDate", date="2026-01-01 11:00:00 Europe/Berlin", formatMask="YYYY-MM-DD HH24:MI:SS TZR"),
            "PT59M",
        ),
        ("<timeDuration>&amp;F4A$wait.</timeDuration>", "PT1H59M"),
        ("<timeDuration>{{ wait }}</timeDuration>", "PT1H59M"),
        ("<timeDuration>PT{{ hours }}H</timeDuration>", "PT1H59M"),
    ],
)
def test_a_catching_timer_goes_on_when_its_engine_would(inside: str, before: str) -> None:
    steps = (start(wait="PT2H", hours=2), advance(before), opened(), advance("PT1M"), opened("t"))
    passes(_catch(inside), *steps)


def test_a_cycle_of_oracle_has_a_first_and_later_intervals() -> None:
    cycle = _oracle("oracleCycle", startIntervalDS="000 02:00:00", repeatIntervalDS="000 00:30:00", maxRuns="2")
    boundary = (
        f'<boundaryEvent id="b" attachedToRef="a" cancelActivity="false" {APEX}><timerEventDefinition>{cycle}'
        f'</timerEventDefinition></boundaryEvent><userTask id="r"/>{flows("b>r")}'
    )
    passes(
        line('<userTask id="a"/>') + boundary,
        start(),
        advance("PT1H59M"),
        opened("a"),
        advance("PT1H"),
        opened("a", "r", "r"),
        advance("P1D"),
        opened("a", "r", "r"),
    )


def test_a_time_of_oracle_that_nobody_can_read_is_named_at_its_event() -> None:
    inside = _catch(_oracle("oracleDate", date="next full moon", formatMask="J"))
    assert only(check(inside), "timer-not-understood").element == "c"


def test_each_of_several_schedules_starts_the_process() -> None:
    cycle = "2030-02-14T14:00-04:00|R/2030-02-18T14:00-04:00/P1W|R/2030-02-19T14:00-04:00/P1W"
    inside = (
        f'<startEvent id="s"><timerEventDefinition><timeCycle>{cycle}</timeCycle></timerEventDefinition></startEvent>'
        f'<endEvent id="e"/>{flows("s>e")}'
    )
    starts = check(inside).processes[0].starts
    assert [each.event for each in starts] == [
        "2030-02-14T18:00:00Z",
        "R/2030-02-18T14:00-04:00/P1W",
        "R/2030-02-19T14:00-04:00/P1W",
    ]


@pytest.mark.parametrize(
    ("months", "days", "text"),
    [("01-06", "", "P1Y6M"), ("", "0", "PT0S"), ("00-00", "000 00:00:15", "P0Y0M0DT0H0M15S"), ("", "soon", "")],
)
def test_intervals_of_oracle_are_durations(months: str, days: str, text: str) -> None:
    assert duration_of(months, days) == text


@pytest.mark.parametrize(
    "task",
    [
        '<task id="a" camunda:assignee="ada"/>',
        '<task id="a" xmlns:x="urn:x" x:screenId="4" x:screen="form"/>',
        '<task id="a"><potentialOwner><resourceRef>r</resourceRef></potentialOwner></task>',
    ],
)
def test_a_task_without_type_that_names_people_is_a_warning_where_it_is_passed(task: str) -> None:
    finding = only(check(line(task)), "task-without-type")
    assert (finding.severity, finding.element) == ("warning", "a")


def test_a_task_without_type_and_without_people_is_worth_a_note() -> None:
    assert only(check(line('<task id="a" name="Think"/>')), "task-without-type").severity == "info"
