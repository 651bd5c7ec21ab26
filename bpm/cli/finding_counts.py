"""How often each finding occurs in many files: the figures of docs/benchmarks.md, for any folder."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bpm.engine.findings import Finding

MODELS = (".bpmn", ".bpmn2", ".bpmn20.xml", ".bpmn.xml", ".dmn")
_ORDER = ("error", "warning", "info")


def files_of(paths: Iterable[Path]) -> Iterator[Path]:
    """The files themselves, and of folders every model in them and below, by name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file() and each.name.endswith(MODELS))
        else:
            yield path


class Counts:
    """Counts findings by severity and code, file by file."""

    def __init__(self) -> None:
        self.files = 0
        self.deployable = 0
        self._findings: Counter[tuple[str, str]] = Counter()
        self._files: Counter[tuple[str, str]] = Counter()

    def add(self, findings: Iterable[Finding], *, deployable: bool) -> None:
        """Count one file."""
        kinds = [(finding.severity, finding.code) for finding in findings]
        self.files += 1
        self.deployable += deployable
        self._findings.update(kinds)
        self._files.update(set(kinds))

    def as_report(self) -> Mapping[str, Any]:
        """The counts as `earshot check --counts --json` prints them, errors first, then by code."""
        return {
            "files": self.files,
            "deployable": self.deployable,
            "findings": [
                {"severity": kind[0], "code": kind[1], "findings": self._findings[kind], "files": self._files[kind]}
                for kind in self._kinds()
            ],
        }

    def as_table(self) -> str:
        """The same as a table."""
        rows = [f"| {kind[0]} | {kind[1]} | {self._findings[kind]} | {self._files[kind]} |" for kind in self._kinds()]
        head = [f"{self.files} files, {self.deployable} deployable", "", "| severity | finding | findings | files |"]
        return "\n".join([*head, "|---|---|---|---|", *rows])

    def _kinds(self) -> list[tuple[str, str]]:
        return sorted(self._findings, key=lambda kind: (_ORDER.index(kind[0]), kind[1]))
