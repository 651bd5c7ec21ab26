"""Every model of the repository with what people answer in it, ready to be run in two engines."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bpm.engine.definitions.prepare import prepare
from tests.engine.spiff.plain import Answer

TESTS = Path(__file__).parents[2]
CONFORMANCE = TESTS / "data" / "conformance"
SHIPPED = TESTS.parent / "process_models"


@dataclass(frozen=True)
class Played:
    """A model, and the steps of the case it belongs to; without steps everybody answers nothing."""

    name: str
    source: bytes
    process: str = ""
    steps: Sequence[Mapping[str, Any]] = field(default=(), repr=False)

    def executable(self) -> tuple[bytes, str]:
        """(what runs, id of the process); empty for a model that is refused at upload."""
        prepared = prepare(self.source, f"{self.name}.bpmn")
        refused = any(finding.severity == "error" for finding in prepared.findings)
        return (b"" if refused else prepared.executable), self.process or prepared.primary

    @property
    def data(self) -> dict[str, Any]:
        """What the instance starts with."""
        return next((dict(step.get("vars", {})) for step in self.steps if step.get("do") == "start"), {})

    def answer(self) -> Answer:
        """What the case answers about an element, one after the other, then nothing; both engines hear the same."""
        said: dict[str, list[Any]] = defaultdict(list)
        for step in self.steps:
            if step.get("do") in ("complete", "complete_if_open"):
                said[step["task"]].append(step.get("vars", {}))

        @cache
        def answer(_number: int, element: str) -> dict[str, Any]:
            return said[element].pop(0) if said[element] else {}

        return answer


_VENDORS = (
    "associations", "computed_settings", "mappings", "multi_instance", "other_tools", "semantics", "truth_values",
    "vendors",
)  # fmt: skip
"""Files of cases about what vendors mean by their own markup, of which the library knows nothing."""
_OF_VENDORS = {
    case["id"] for name in _VENDORS for case in json.loads((TESTS / "engine" / "cases" / f"{name}.json").read_text())
}


def models() -> Iterator[Played]:
    """Our cases, the cases of two conformance suites, the shipped processes, and real files of other tools."""
    for case in _cases(TESTS / "engine" / "cases"):
        if "xml" in case and case["id"] not in _OF_VENDORS:
            yield _played(case, case["xml"].encode())
    for case in _cases(CONFORMANCE):
        yield _played(case, (CONFORMANCE / case["files"][0]).read_bytes())
    for path in sorted(SHIPPED.glob("*/*.bpmn")):
        for case in _cases(path.parent, "tests.json"):
            if "decision" not in case:
                yield _played({**case, "id": f"{path.stem}: {case['id']}"}, path.read_bytes())
    for path in sorted((TESTS / "data" / "bpmn").glob("*.bpmn*")):
        yield Played(path.name, path.read_bytes())


def _cases(folder: Path, name: str = "*.json") -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob(name)):
        yield from json.loads(path.read_text())


def _played(case: Mapping[str, Any], source: bytes) -> Played:
    return Played(case["id"], source, case.get("process", ""), case["steps"])
