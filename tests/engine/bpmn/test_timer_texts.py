"""Timers as tools and people write them: read rightly, or refused where no time can be meant."""

import pytest

from bpm.engine.definitions.prepare import prepare
from tests.engine.bpmn.drawing import check, codes, flows, line, model, only
from tests.engine.bpmn.steps import advance, opened, passes, start

NOT_EXECUTABLE = ' isExecutable="false"'


def _catch(text: str, element: str = "timeDuration", attributes: str = "") -> str:
    timer = f"<timerEventDefinition><{element} {attributes}>{text}</{element}></timerEventDefinition>"
    return (
        f'<startEvent id="s"/><intermediateCatchEvent id="c">{timer}</intermediateCatchEvent><userTask id="t"/>'
        f'<endEvent id="e"/>{flows("s>c", "c>t", "t>e")}'
    )


def _boundary(text: str, attributes: str = "") -> str:
    timer = f"<timerEventDefinition><timeCycle {attributes}>{text}</timeCycle></timerEventDefinition>"
    return (
        line('<userTask id="a"/>')
        + f'<boundaryEvent id="b" attachedToRef="a" cancelActivity="false">{timer}</boundaryEvent><userTask id="r"/>'
        + flows("b>r")
    )


@pytest.mark.parametrize(
    ("text", "element", "by"),
    [
        ("2026-01-01T12:00:00[Europe/Berlin]", "timeDate", "PT2H"),
        ("2026-01-01T08:00:00-05:00[America/New_York]", "timeDate", "PT4H"),
        ("20260101T110000Z", "timeDate", "PT2H"),
        ("T11:00:00", "timeDate", "PT2H"),
        ("pt90m", "timeDuration", "PT90M"),
        ("P0,5D", "timeDuration", "PT12H"),
        ("1h", "timeDuration", "PT1H"),
    ],
)
def test_a_catching_timer_goes_on_then_and_not_before(text: str, element: str, by: str) -> None:
    passes(_catch(text, element), start(), opened(), advance("PT59M"), opened(), advance(by), opened("t"))


@pytest.mark.parametrize("text", ["-PT5M", "PT-5M", "PT0S", "2020-01-01T00:00:00Z"])
def test_a_time_that_has_passed_fires_at_once(text: str) -> None:
    passes(_catch(text), start(), advance("PT1S"), opened("t"))


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "5 minutes",
        "01/02/2026",
        "PT5",
        "PT",
        "P1H",
        "12",
        "${12}",
        '="soon"',
        "2026-13-01T00:00:00Z",
        "R3/PT",
        "true",
    ],
)
def test_a_constant_that_is_no_time_is_refused_in_a_model_that_is_meant_to_run(text: str) -> None:
    source = model(_catch(text)).replace(b' xmlns:spiff="http://spiffworkflow.org/bpmn/schema/1.0/core"', b"")
    finding = only(prepare(source, "test.bpmn"), "timer-not-understood")
    assert (finding.severity, finding.element) == ("error", "c")


@pytest.mark.parametrize("text", ["PT5", "in two days, please"])
def test_in_a_drawing_it_is_named_and_the_drawing_runs(text: str) -> None:
    prepared = check(_catch(text), executable=NOT_EXECUTABLE)
    assert only(prepared, "timer-without-time").element == "c"
    assert prepared.deployable


def test_an_offset_that_its_zone_does_not_have_is_named() -> None:
    prepared = check(_catch("2026-01-05T12:00:00+05:00[Europe/Berlin]", "timeDate"))
    finding = only(prepared, "timer-offset-and-zone")
    assert (finding.severity, finding.element) == ("warning", "c")
    assert "07:00 UTC" in finding.message


def test_an_offset_that_its_zone_has_is_not_worth_a_word() -> None:
    prepared = check(_catch("2026-01-05T12:00:00+01:00[Europe/Berlin]", "timeDate"))
    assert "timer-offset-and-zone" not in codes(prepared.findings)


def test_a_cycle_stops_at_the_end_that_flowable_gives_it() -> None:
    inside = _boundary("R10/PT1H", 'flowable:endDate="2026-01-01T11:30:00Z"')
    passes(inside, start(), advance("PT10H"), opened("a", "r", "r"))


@pytest.mark.parametrize(
    ("cycle", "variables"),
    [
        ("R10/PT1H", {"until": "2026-01-01T11:30:00Z"}),
        ("${every}", {"until": "2026-01-01T11:30:00Z", "every": "R/PT1H"}),
    ],
)
def test_a_cycle_stops_at_the_end_that_an_expression_comes_to(cycle: str, variables: dict[str, str]) -> None:
    inside = _boundary(cycle, 'flowable:endDate="${until}"')
    passes(inside, start(**variables), advance("PT10H"), opened("a", "r", "r"))


def test_an_end_that_comes_to_nothing_leaves_the_cycle_without_one_and_to_a_number_is_a_failure() -> None:
    inside = _boundary("R3/PT1H", 'flowable:endDate="${until}"')
    passes(inside, start(until=None), advance("PT10H"), opened("a", "r", "r", "r"))
    passes(inside, start(until=5), {"expect": {"failed": True}})


def test_an_end_of_a_cycle_that_nobody_can_read_is_named() -> None:
    prepared = check(_boundary("R10/PT1H", 'flowable:endDate="some day"'))
    assert only(prepared, "cycle-end-not-understood").element == "b"


def test_a_cycle_from_start_to_end_fires_at_the_start_first() -> None:
    inside = _boundary("R2/2026-01-01T10:00:00Z/2026-01-01T10:30:00Z")
    passes(inside, start(), advance("PT1H10M"), opened("a", "r"), advance("PT5H"), opened("a", "r", "r"))


def test_a_span_before_the_first_firing_counts_once() -> None:
    inside = _boundary("2h###30m")
    passes(inside, start(), advance("PT1H59M"), opened("a"), advance("PT32M"), opened("a", "r", "r"))
