"""Asks PyPI (pip-audit) and npm (npm audit) about the locked versions; what cannot be asked is said to be so."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tools.audit.findings import Fault, Looked

PATIENCE = 300
"""Seconds that a registry has."""


def ask_pypi(lock: Path) -> Looked:
    """Every requirement of a lock with hashes, by pip-audit."""
    command = (sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "-r", str(lock))
    said = _json_of((*command, "-f", "json", "--progress-spinner", "off"), lock.parent)
    return read_pip_audit(lock.name, said) if isinstance(said, dict) else Looked(lock.name, not_looked_at=said)


def ask_npm(lock: Path) -> Looked:
    """Every package of an npm lock, by npm audit."""
    said = _json_of(("npm", "audit", "--json"), lock.parent)
    return read_npm_audit(lock.name, said) if isinstance(said, dict) else Looked(lock.name, not_looked_at=said)


def read_pip_audit(lock: str, said: dict[str, Any]) -> Looked:
    """pip-audit's JSON: a package that it skipped was not looked at."""
    if "dependencies" not in said:
        return Looked(lock, not_looked_at=_told(said))
    skipped = [each["name"] for each in said["dependencies"] if "skip_reason" in each]
    faults = tuple(
        Fault(
            vuln["id"],
            each["name"],
            each["version"],
            "fixed in " + ", ".join(vuln["fix_versions"]) if vuln["fix_versions"] else "no version mends it yet",
            frozenset(vuln.get("aliases", ())),
        )
        for each in said["dependencies"]
        for vuln in each.get("vulns", ())
    )
    why = f"PyPI says nothing of {len(skipped)} of {len(said['dependencies'])}: {', '.join(skipped[:5])} …"
    return Looked(lock, faults, why if skipped else "")


def read_npm_audit(lock: str, said: dict[str, Any]) -> Looked:
    """npm audit's JSON, report version 2 (npm 7 and later)."""
    if "vulnerabilities" not in said:
        return Looked(lock, not_looked_at=_told(said))
    return Looked(lock, tuple(_npm_faults(said["vulnerabilities"])))


def _npm_faults(vulnerabilities: dict[str, dict[str, Any]]) -> Iterator[Fault]:
    for name, entry in vulnerabilities.items():
        fixed = entry.get("fixAvailable")
        remedy = "npm audit fix" if fixed else "no version mends it yet"
        for via in entry["via"]:
            if isinstance(via, dict):  # a text names the package whose fault it is; that one stands by itself
                yield Fault(str(via["url"]).rsplit("/", 1)[-1], name, entry["range"], remedy)


def _told(said: dict[str, Any]) -> str:
    return str(said.get("message") or said.get("error") or "an answer of an unknown form")


def _json_of(command: Sequence[str], folder: Path) -> dict[str, Any] | str:
    """The object that the command printed, or why there is none; its exit code tells of faults, not of failure."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603 - our own command
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    try:
        said = json.loads(done.stdout)
    except ValueError:
        lines = done.stderr.strip().splitlines()
        return lines[-1] if lines else f"{command[0]} ended with code {done.returncode}"
    return said if isinstance(said, dict) else "an answer of an unknown form"
