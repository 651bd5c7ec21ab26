"""An uploaded file as its designer reads it: findings in groups with numbered pins, beside the drawing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bpm.engine.queries import VersionRow
from bpm.engine.status import VersionStatus
from web.ui.diagrams import Pin

GROUPS: tuple[tuple[str, str, Literal["bad", "warn", "info"], str], ...] = (
    ("error", "Must be fixed", "bad", "The file cannot be deployed before."),
    ("warning", "Will run like this", "warn", "What was assumed, or runs otherwise than perhaps meant."),
    ("info", "Style", "info", "Harmless; good to know."),
)


@dataclass(frozen=True)
class NumberedFinding:
    """A finding with the number that its pin shows."""

    number: int
    row: str
    code: str
    message: str
    remedy: str
    element: str
    name: str
    line: int
    before: str
    after: str


@dataclass(frozen=True)
class FindingGroup:
    title: str
    tone: Literal["bad", "warn", "info"]
    note: str
    findings: tuple[NumberedFinding, ...]


def group_findings(findings: Iterable[Mapping[str, Any]]) -> tuple[FindingGroup, ...]:
    """The findings by severity, numbered through, worst first; empty groups are left out.

    A note that changes something (it has a before and an after) belongs to what will run like this.
    """
    sorted_in: dict[str, list[Mapping[str, Any]]] = {severity: [] for severity, *_ in GROUPS}
    for finding in findings:
        changes = finding["severity"] == "info" and bool(finding["before"] or finding["after"])
        sorted_in["warning" if changes else finding["severity"]].append(finding)
    number = 0
    groups = []
    for severity, title, tone, note in GROUPS:
        numbered = []
        for finding in sorted_in[severity]:
            number += 1
            numbered.append(_numbered(number, finding))
        if numbered:
            groups.append(FindingGroup(title, tone, note, tuple(numbered)))
    return tuple(groups)


def key_help(versions: Sequence[VersionRow]) -> str:
    """What a designer should know of the key that the file would be deployed under, from its versions, newest first."""
    if not versions:
        return "No process has this key yet: it is a new one."
    live = next((each for each in versions if each.status == VersionStatus.LIVE), None)
    if live is not None:
        return f"Adds a version to the process that is there; version {live.number} is live."
    drafts = [each for each in versions if each.status == VersionStatus.DRAFT]
    if not drafts:
        return "Adds a version to a process that is retired: nothing of it is live."
    newest = drafts[0]
    by = f" by {newest.created_by}" if newest.created_by else ""
    return (
        f"Adds a draft to a process that is there and was never live: it has {len(drafts)} draft(s),"
        f" the newest is version {newest.number}{by} ({newest.file_name})."
    )


def _numbered(number: int, finding: Mapping[str, Any]) -> NumberedFinding:
    texts = {
        name: finding[name] for name in ("code", "message", "remedy", "element", "name", "line", "before", "after")
    }
    return NumberedFinding(number=number, row=f"finding-{number}", **texts)


def pins(groups: Iterable[FindingGroup]) -> tuple[Pin, ...]:
    """The pins that answer the findings."""
    return tuple(
        Pin(finding.element, str(finding.number), group.tone, finding.row)
        for group in groups
        for finding in group.findings
        if finding.element
    )
