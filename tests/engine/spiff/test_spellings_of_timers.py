"""Timers in the spellings of ISO 8601, cron and expressions; cases begin on 1 January 2026 at 09:00 UTC."""

from typing import Any
from xml.sax.saxutils import escape

import pytest

from bpm.engine.definitions.process_tests import run_cases

MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="earshot">
<process id="p" isExecutable="true"><startEvent id="s"/>%s</process></definitions>"""
CATCH = """<intermediateCatchEvent id="c"><timerEventDefinition><%s>%s</%s></timerEventDefinition>
</intermediateCatchEvent><userTask id="next"/><sequenceFlow id="f1" sourceRef="s" targetRef="c"/>
<sequenceFlow id="f2" sourceRef="c" targetRef="next"/>"""
REMIND = """<userTask id="t"/><boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><timerEventDefinition>
<timeCycle>%s</timeCycle></timerEventDefinition></boundaryEvent><userTask id="reminder"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="t"/><sequenceFlow id="f2" sourceRef="b" targetRef="reminder"/>"""

SPANS = [
    ("PT1H30M", "PT1H29M", "PT1M"),
    ("P1D", "PT23H", "PT1H"),
    ("P1DT12H", "PT35H", "PT1H"),
    ("P1W", "P6D", "P1D"),
    ("P1M", "P30D", "P1D"),
    ("P1Y", "P364D", "P1D"),
    ("PT0,5H", "PT29M", "PT1M"),
    ("PT0.5H", "PT29M", "PT1M"),
    ("PT90M", "PT89M", "PT1M"),
    ("PT36H", "PT35H", "PT1H"),
    ("P0DT1H", "PT59M", "PT1M"),
    ("P1Y2M", "P400D", "P30D"),
    ("PT1.5S", "PT1S", "PT1S"),
    (" PT1H ", "PT59M", "PT1M"),
    ("P0Y0M0DT1H0M0S", "PT59M", "PT1M"),
    ("p1dt1h", "PT24H", "PT1H"),
    ('=duration("PT1H")', "PT59M", "PT1M"),
    ('="PT1H"', "PT59M", "PT1M"),
    ('=duration("P1D") - duration("PT1H")', "PT22H", "PT1H"),
    ('${"PT1H"}', "PT59M", "PT1M"),
    ('=if true then "PT1H" else "PT2H"', "PT59M", "PT1M"),
    ('="PT" + string(60) + "M"', "PT59M", "PT1M"),
    ("PT60M", "PT59M", "PT1M"),
    ("+PT1H", "PT59M", "PT1M"),
    ("P0.5D", "PT11H", "PT1H"),
    ("PT1H0.5M", "PT1H", "PT1M"),
    ("P2W", "P13D", "P1D"),
    ('=date and time("2026-01-01T10:00:00Z") - now()', "PT59M", "PT1M"),
    ("P1M1D", "P31D", "P1D"),
]
"""Text, a time at which it has not fired, the time after that at which it has."""

PAST = [
    "-P1D",
    "PT0S",
    "P0D",
    '=duration("-PT1H")',
    "P-1D",
    "PT-5M",
    "-PT0,5H",
]

AT_TEN: list[tuple[str, dict[str, Any]]] = [
    ("2026-01-01T10:00:00Z", {}),
    ("2026-01-01T11:00:00+01:00", {}),
    ("2026-01-01T10:00:00", {}),
    ("2026-01-01T10:00Z", {}),
    ("2026-01-01T11:00:00+0100", {}),
    ("2026-01-01T11:00:00+01", {}),
    ("20260101T100000Z", {}),
    ("2026-01-01T11:00:00.000+01:00[Europe/Berlin]", {}),
    ("2026-01-01T05:00:00[America/New_York]", {}),
    ("2026-01-01T10:00:00.000Z", {}),
    ("2026-01-01T11:00:00@Europe/Berlin", {}),
    ("2026-01-01 10:00:00", {}),
    ('=date and time("2026-01-01T11:00:00@Europe/Berlin")', {}),
    ('="2026-01-01T10:00:00Z"', {}),
    ('=now() + duration("PT1H")', {}),
    ('=date and time(date("2026-01-01"), time("10:00:00Z"))', {}),
    ('=@"2026-01-01T10:00:00Z"', {}),
    ('${"2026-01-01T10:00:00Z"}', {}),
    (" 2026-01-01T10:00:00Z\n", {}),
    ("2026-01-01t10:00:00z", {}),
    ("2026-W01-4T10:00:00Z", {}),
    ("2026-01-01T10:00:00,000Z", {}),
    ("2026-01-01T10:00:00Z[UTC]", {}),
    ("2026-01-01T10:00:00Z[GMT]", {}),
    ("2026-01-01T10Z", {}),
    ("${due}", {"due": "2026-01-01T10:00:00Z"}),
    ("=due", {"due": "2026-01-01T10:00:00Z"}),
    ('=date and time(due) - duration("PT1H")', {"due": "2026-01-01T12:00:00+01:00"}),
    ("${o.due}", {"o": {"due": "2026-01-01T10:00:00Z"}}),
    ("=o.due", {"o": {"due": "2026-01-01T11:00:00+01:00[Europe/Berlin]"}}),
    ("=date and time(due)", {"due": "2026-01-01T11:00:00@Europe/Berlin"}),
]

CYCLES = [
    ("R3/PT1H", "PT5H", 3),
    ("R2/2026-01-01T10:00:00Z/PT1H", "PT5H", 2),
    ("R/PT1H", "PT5H", 5),
    ("R1/PT1H", "PT5H", 1),
    ("R2/2026-01-01T10:00:00Z/2026-01-01T11:00:00Z", "PT5H", 2),
    ("R/PT1H/2026-01-01T11:30:00Z", "PT5H", 2),
    ("R/2026-01-01T10:00:00Z/PT1H", "PT3H", 3),
    ("R3/2026-01-01T11:00:00+01:00/PT1H", "PT5H", 3),
    ("R2/2026-01-01T11:00:00[Europe/Berlin]/PT1H", "PT5H", 2),
    ("R-1/PT1H", "PT5H", 5),
    ('=cycle(3, duration("PT1H"))', "PT5H", 3),
    ('=cycle(duration("PT1H"))', "PT5H", 5),
    ('="R3/PT1H"', "PT5H", 3),
    ("0 0 * * * ?", "PT3H", 3),
    ("0 0 * * * *", "PT3H", 3),
    ("0 0/30 * * * ?", "PT1H", 2),
    ("@hourly", "PT3H", 3),
    ("@daily", "P1D", 1),
    ("*/30 * * * *", "PT1H", 2),
    ("0 */2 * * *", "PT3H", 2),
    ("0 0 10-12 * * ?", "PT5H", 3),
    ("0 0 12 1 1 ? 2026", "PT5H", 1),
    ("0 0 10,11 * * ?", "PT5H", 2),
    ("R5/PT0,5H", "PT5H", 5),
    ("r2/pt1h", "PT5H", 2),
    ("R2/P1D", "P3D", 2),
    ("R2/2026-01-01T08:00:00Z/PT1H", "PT5H", 2),
    ("R/P1M", "P60D", 2),
    ('${"R2/PT1H"}', "PT5H", 2),
    ("R2/PT1H/2026-01-01T10:30:00Z", "PT5H", 1),
    ("0 0 9 L * ?", "P31D", 1),
    ("0 0 9 ? * MON#1", "P8D", 1),
    ("0 0 9 15W * ?", "P20D", 1),
    ("0 0 12 * * SUN", "P4D", 1),
    ("0 0 12 * * 7", "P4D", 1),
    ("@weekly", "P7D", 1),
    ("@monthly", "P31D", 1),
    ("@yearly", "P365D", 1),
    ("@midnight", "P1D", 1),
    ("0 0 10 1/5 * ?", "P6D", 2),
    ("0 0 10 * JAN ?", "P2D", 2),
    ("R2/P0DT1H", "PT3H", 2),
    (" R2/PT1H ", "PT3H", 2),
    ("R2/PT1H/", "PT3H", 2),
    ("R3/2026-01-01T10:00:00/PT1H", "PT5H", 3),
    ("R/2026-01-02T10:00:00+01:00[Europe/Berlin]/P1D", "P2D", 2),
]
"""Text, for how long, how often it fires in that time."""


def _run(model: str, *steps: dict[str, Any]) -> tuple[str, str]:
    case = {"id": "timer", "files": ["inline"], "process": "p", "steps": list(steps)}
    (result,) = run_cases([case], lambda _name: (MODEL % model).encode())
    return result.outcome, result.detail


def _catch(kind: str, text: str) -> str:
    return CATCH % (kind, escape(text), kind)


def _start(**variables: Any) -> dict[str, Any]:
    return {"do": "start", "vars": variables}


def _advance(by: str) -> dict[str, Any]:
    return {"do": "advance", "by": by}


def _open(*tasks: str) -> dict[str, Any]:
    return {"expect": {"open": list(tasks)}}


@pytest.mark.parametrize(("text", "before", "after"), SPANS)
def test_a_span_passes(text: str, before: str, after: str) -> None:
    steps = (_start(), _advance(before), _open(), _advance(after), _open("next"))
    assert _run(_catch("timeDuration", text), *steps) == ("pass", "")


@pytest.mark.parametrize("text", PAST)
def test_a_span_of_nothing_or_less_is_over_at_once(text: str) -> None:
    assert _run(_catch("timeDuration", text), _start(), _advance("PT1S"), _open("next")) == ("pass", "")


@pytest.mark.parametrize(("text", "variables"), AT_TEN)
def test_a_date_comes(text: str, variables: dict[str, Any]) -> None:
    steps = (_start(**variables), _advance("PT59M"), _open(), _advance("PT1M"), _open("next"))
    assert _run(_catch("timeDate", text), *steps) == ("pass", "")


@pytest.mark.parametrize(("text", "by", "times"), CYCLES)
def test_a_cycle_fires_as_often_as_it_says(text: str, by: str, times: int) -> None:
    assert _run(REMIND % escape(text), _start(), _advance(by), _open("t", *["reminder"] * times)) == ("pass", "")


@pytest.mark.parametrize("value", [5, "soon", None, True])
def test_a_value_that_is_no_time_is_a_failure(value: Any) -> None:
    failed = {"expect": {"open": [], "failed": True}}
    assert _run(_catch("timeDuration", "=span"), _start(span=value), failed) == ("pass", "")


@pytest.mark.parametrize("text", ["0 0 9 ? * 2-6", "0 0 9 99 * *", "soon", "R0/PT1H", "2026-13-01T00:00:00Z"])
def test_a_constant_that_is_no_time_is_refused_at_its_event(text: str) -> None:
    outcome, detail = _run(REMIND % escape(text), _start())
    assert outcome == "refused"
    assert detail.startswith("timer-not-understood at b")
