"""DMN files of any tool become decisions, or findings that name the table, the rule, the column and the line."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from bpm.engine import xml
from bpm.engine.decisions.model import Decision
from bpm.engine.decisions.reading.file_reader import FileReader
from bpm.engine.decisions.reading.imports import Linked, link
from bpm.engine.findings import Finding
from bpm.foundation.errors import RefusedError

Node = etree._Element  # noqa: SLF001 -- lxml names its public element type so


@dataclass(frozen=True)
class DecisionFile:
    """A checked DMN file."""

    file_name: str
    findings: tuple[Finding, ...]
    decisions: Mapping[str, Decision]
    """By id, in document order; whole only where no finding is an error."""
    imported: Mapping[str, Decision] = field(default_factory=dict)
    """Those of the files that it imports, which are decided along with its own."""

    @property
    def deployable(self) -> bool:
        return bool(self.decisions) and not any(finding.severity == "error" for finding in self.findings)


def is_dmn(source: bytes, file_name: str) -> bool:
    """Whether an upload is meant as decisions: by its name, or by the root that every DMN file has."""
    if file_name.lower().endswith((".dmn", ".dmn11.xml", ".dmn.xml")):
        return True
    return b"/DMN/" in source[:4000] and b"<bpmn" not in source[:4000] and b"/BPMN/" not in source[:4000]


def read_decisions(source: bytes, file_name: str, beside: Mapping[str, bytes] | None = None) -> DecisionFile:
    """Check a DMN file; pure, problems are findings and nothing is raised for bad input.

    `beside` are the other files of its bundle, in which it finds what it imports.
    """
    return _read_each({**(beside or {}), file_name: source})[file_name]


def read_files(files: Mapping[str, bytes]) -> DecisionFile:
    """Several DMN files as one: the decisions of all, and an error for an id that two of them use.

    What one imports is looked for in the others by its namespace; of two imported files ids may be alike.
    """
    findings: list[Finding] = []
    found: dict[str, Decision] = {}
    for name, read in _read_each(files).items():
        findings.extend(read.findings)
        for identity, decision in read.decisions.items():
            if identity in found:
                message = f"{name}: The decision {identity!r} is in {found[identity].file} too."
                findings.append(Finding("decision-twice", "error", message, "Rename one of them.", identity))
            found[identity] = decision
    return DecisionFile(", ".join(files), tuple(findings), found)


def _read_each(files: Mapping[str, bytes]) -> dict[str, DecisionFile]:
    """Every file by name, in the order given; each is read after those that it imports."""
    read: dict[str, DecisionFile] = {}
    roots: dict[str, Node] = {}
    for name, source in files.items():
        try:
            roots[name] = xml.read_xml(source)
        except RefusedError as error:
            read[name] = DecisionFile(name, tuple(error.findings), {})
    linked, done = link(roots), dict[str, FileReader]()
    for name in linked.order:
        read[name] = _read_one(roots[name], name, linked, done)
    return {name: read[name] for name in files}


def _read_one(root: Node, name: str, linked: Linked, done: dict[str, FileReader]) -> DecisionFile:
    imports = {space: (called, done[file]) for space, (called, file) in linked.meant[name].items() if file in done}
    try:
        reading = FileReader(root, name, imports=imports, keys=linked.keys.get(name, {}))
        reading.tell(linked.problems[name])
    except Exception as error:  # noqa: BLE001 -- a gap in our reading is told to the designer, never raised
        message = f"The decisions cannot be read ({type(error).__name__}: {error})."
        finding = Finding(
            "dmn-not-readable", "error", message, "Export the file again; if that does not help, send it."
        )
        return DecisionFile(name, (finding,), {})
    if reading.is_dmn:
        done[name] = reading
    findings, others = tuple(sorted(reading.findings, key=_worst_first)), reading.imported
    return DecisionFile(name, findings, reading.decisions, others)


def _worst_first(finding: Finding) -> tuple[int, int]:
    return {"error": 0, "warning": 1, "info": 2}[finding.severity], finding.line
