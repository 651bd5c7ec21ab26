"""The audit is clean only where everything was looked at and nothing stands that nobody waived."""

from datetime import date
from pathlib import Path

import pytest

from tools.audit.findings import CLEAN, FAULTY, NOT_LOOKED_AT, Fault, Looked, Waiver, read_waivers, verdict
from tools.audit.registries import read_npm_audit, read_pip_audit

TODAY = date(2026, 11, 29)
FAULT = Fault("PYSEC-1", "lib", "1.0", "fixed in 1.1", frozenset({"CVE-1"}))
FAULTS = (Looked("a.lock", (FAULT,)),)


def test_nothing_known_is_clean() -> None:
    assert verdict([Looked("a.lock")], [], TODAY) == (["a.lock: nothing known"], CLEAN)


def test_a_fault_stands_with_its_remedy() -> None:
    assert verdict(FAULTS, [], TODAY) == (["a.lock: lib 1.0: PYSEC-1: fixed in 1.1"], FAULTY)


@pytest.mark.parametrize("name", ["PYSEC-1", "CVE-1"])
def test_a_waiver_holds_up_to_its_last_day(name: str) -> None:
    waiver = Waiver(name, "lib", TODAY, "never called")
    lines, code = verdict(FAULTS, [waiver], TODAY)
    assert code == CLEAN
    assert "waived until 2026-11-29: never called" in lines[0]
    lines, code = verdict(FAULTS, [waiver], date(2026, 11, 30))
    assert code == FAULTY
    assert lines[-1] == f"waiver of {name} (lib) ended on 2026-11-29"


def test_without_a_network_it_says_that_it_did_not_look_and_is_not_clean() -> None:
    lines, code = verdict([read_npm_audit("n.lock", {"message": "405", "body": ""})], [], TODAY)
    assert (lines, code) == (["n.lock: not looked at: 405"], NOT_LOOKED_AT)


def test_a_package_that_the_registry_says_nothing_of_was_not_looked_at() -> None:
    said = {"dependencies": [{"name": "a", "skip_reason": "not found"}, {"name": "b", "version": "1", "vulns": []}]}
    lines, code = verdict([read_pip_audit("p.lock", said)], [], TODAY)
    assert code == NOT_LOOKED_AT
    assert "1 of 2: a" in lines[0]


def test_both_registries_faults_are_read() -> None:
    vuln = {"id": "PYSEC-1", "fix_versions": ["1.1"], "aliases": ["CVE-1"]}
    assert read_pip_audit("p", {"dependencies": [{"name": "lib", "version": "1.0", "vulns": [vuln]}]}).faults == (
        FAULT,
    )
    via = ["other", {"url": "https://github.com/advisories/GHSA-1"}]
    npm = read_npm_audit("n", {"vulnerabilities": {"x": {"via": via, "range": "<2", "fixAvailable": False}}})
    assert npm.faults == (Fault("GHSA-1", "x", "<2", "no version mends it yet"),)


def test_the_waivers_of_the_checkout_can_be_read(tmp_path: Path) -> None:
    read_waivers()
    file = tmp_path / "waivers.toml"
    file.write_text('[[waiver]]\nid = "X"\npackage = "lib"\nuntil = 2027-01-31\nreason = "never called"\n')
    assert read_waivers(file) == [Waiver("X", "lib", date(2027, 1, 31), "never called")]
