"""Hostile uploads are refused in plain words and within little memory; nothing of theirs is run or fetched."""

from pathlib import Path

import pytest

from bpm.engine.bpmn.model import Prepared
from bpm.engine.definitions import check as checks
from bpm.engine.definitions.check import check, warm_up
from tests.engine.definitions.hostile import ESCAPES, HARMLESS, PLACES, REFUSED

MEMORY = 300 * 2**10


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm_up()


def _checked(source: bytes) -> Prepared:
    prepared = check(source, "hostile.bpmn")
    assert _peak() < MEMORY
    assert all(len(finding.message) < 2_000 and len(finding.element) <= 300 for finding in prepared.findings)
    return prepared


def _peak() -> int:
    """Kilobytes that the child which reads uploads has used at most."""
    process = checks._child._process
    if process is None:
        return 0
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_in_plain_words(name: str) -> None:
    prepared = _checked(REFUSED[name]())
    assert not prepared.deployable
    errors = [finding for finding in prepared.findings if finding.severity == "error"]
    assert errors
    assert all(finding.message and finding.remedy for finding in errors)
    assert not [finding for finding in errors if finding.code in ("check-failed", "not-readable", "not-compilable")]


@pytest.mark.parametrize("name", HARMLESS)
def test_a_trick_that_leads_nowhere_is_read_as_what_it_is(name: str) -> None:
    prepared = _checked(HARMLESS[name]())
    assert prepared.deployable, prepared.findings
    assert b"root:" not in prepared.executable
    assert b"127.0.0.1" not in prepared.executable
    assert all(len(element.name) <= 300 for element in prepared.elements)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", ESCAPES)
def test_an_escape_is_refused_at_every_place_where_expressions_stand(place: str, text: str) -> None:
    prepared = _checked(PLACES[place](text))
    assert not prepared.deployable, prepared.executable.decode()
    errors = [finding for finding in prepared.findings if finding.severity == "error"]
    assert all(finding.element and finding.line and finding.remedy for finding in errors)


@pytest.mark.parametrize("place", PLACES)
def test_a_plain_expression_is_taken_at_the_same_places(place: str) -> None:
    assert _checked(PLACES[place]("x")).deployable


def test_the_same_file_gives_the_same_findings_whatever_was_checked_before() -> None:
    source = REFUSED["duplicate ids"]()
    first = check(source, "a.bpmn").findings
    check(REFUSED["200,000 attributes"](), "b.bpmn")
    assert check(source, "a.bpmn").findings == first
