"""The child process that checks uploads is limited, and replaced when it is lost."""

import os
import signal
from pathlib import Path

import pytest

from bpm.engine.definitions import check as checks
from bpm.engine.definitions import check_process
from bpm.engine.definitions.check import as_report, check
from bpm.engine.definitions.prepare import prepare
from bpm.foundation.bounded_child import ChildLostError
from tests.engine.bpmn.drawing import codes, flows, line, model

MODEL = model(line('<userTask id="a" name="Ask"/>'))


def test_the_child_answers_as_the_function_does() -> None:
    assert check(MODEL, "a.bpmn") == prepare(MODEL, "a.bpmn")
    assert check(MODEL, "a.bpmn").compiled.blobs == prepare(MODEL, "a.bpmn").compiled.blobs  # type: ignore[union-attr]  # it is there, or the test fails


def test_a_killed_child_is_replaced() -> None:
    check(MODEL, "a.bpmn")
    lost = checks._child._process
    assert lost is not None
    os.kill(lost.pid, signal.SIGKILL)
    lost.wait()
    assert check(MODEL, "a.bpmn").deployable
    assert checks._child._process is not lost


def test_a_child_that_dies_at_work_becomes_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> bytes:
        raise ChildLostError("died")

    monkeypatch.setattr(checks._child, "receive", dies)
    assert codes(check(MODEL, "a.bpmn").findings) == ["check-too-large"]


def test_a_check_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    checks.warm_up()
    hanging = checks._child._process
    assert hanging is not None
    os.kill(hanging.pid, signal.SIGSTOP)
    monkeypatch.setattr(checks, "SECONDS", 0.1)
    assert codes(check(MODEL, "a.bpmn").findings) == ["check-too-slow"]
    monkeypatch.undo()
    assert check(MODEL, "a.bpmn").deployable


def test_the_child_cannot_take_more_memory_than_allowed() -> None:
    check(MODEL, "a.bpmn")
    child = checks._child._process
    assert child is not None
    limits = Path(f"/proc/{child.pid}/limits").read_text()
    assert str(check_process.MEMORY) in next(row for row in limits.splitlines() if row.startswith("Max data size"))


def test_a_report_has_what_the_command_line_prints() -> None:
    report = as_report(prepare(b"<html>", "page.bpmn"), 0.01234)
    assert (report["file"], report["deployable"], report["seconds"]) == ("page.bpmn", False, 0.012)
    assert {"code", "severity", "element", "line", "message", "remedy"} <= set(report["findings"][0])


def test_one_problem_is_told_once() -> None:
    start = '<startEvent id="s"><messageEventDefinition messageRef="m"/></startEvent><endEvent id="e"/>' + flows("s>e")
    begun = prepare(model(start, roots='<message id="m" name="paid-${id}"/>'), "m.bpmn")
    assert codes(begun.findings, "error") == ["event-name-computed"]
    marker = '<multiInstanceLoopCharacteristics camunda:collection="${a b}"/>'
    repeated = prepare(model(line(f'<userTask id="a">{marker}</userTask>')), "m.bpmn")
    assert codes(repeated.findings, "error") == ["collection-not-understood"]
