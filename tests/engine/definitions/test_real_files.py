"""Files as real tools write them, and hostile ones: each is deployable, or refused with element and remedy."""

import gzip
import json
from pathlib import Path

import pytest

from bpm.engine.bpmn.model import Prepared
from bpm.engine.definitions.check import as_report, check, warm_up

DATA = Path(__file__).parents[2] / "data" / "bpmn"
EXPECTED = json.loads((DATA / "expected.json").read_text())
REFUSED: dict[str, str] = {}


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm_up()


def _checked(path: Path) -> Prepared:
    source = path.read_bytes()
    source = gzip.decompress(source) if path.suffix == ".gz" else source
    return check(source, path.name)


@pytest.mark.parametrize("file", [entry["file"] for entry in EXPECTED["files"]])
def test_a_real_file_is_deployable_or_says_what_stands_against_it(file: str) -> None:
    prepared = _checked(DATA / file)
    report = as_report(prepared, 0.0)
    errors = [finding for finding in prepared.findings if finding.severity == "error"]
    assert report["deployable"] is (file not in REFUSED), errors
    assert prepared.source == (DATA / file).read_bytes()
    assert all(finding.element and finding.line and finding.remedy for finding in errors)
    assert REFUSED.get(file) in {None, *(finding.code for finding in errors)}


@pytest.mark.parametrize(
    "file", [entry["file"] for entry in EXPECTED["files"] if entry["expect"] == "accept-with-warnings"]
)
def test_a_file_with_something_assumed_names_it(file: str) -> None:
    prepared = _checked(DATA / file)
    # Of these two everything runs as drawn, compensation included.
    assert prepared.findings or file.startswith(("23-", "31-"))


@pytest.mark.parametrize(("file", "expect"), [(entry["file"], entry["expect"]) for entry in EXPECTED["hostile"]])
def test_a_hostile_file_is_refused_or_left_to_the_run_side(file: str, expect: str) -> None:
    prepared = _checked(DATA / "hostile" / file)
    if expect in ("accept", "accept-then-incident"):
        assert prepared.deployable, prepared.findings
    elif expect not in ("accept-or-lint", "reject-with-lint-or-accept"):
        assert not prepared.deployable
    if not prepared.deployable:
        assert all(finding.message and finding.remedy for finding in prepared.findings)
