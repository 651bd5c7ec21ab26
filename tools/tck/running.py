"""Runs one file of TCK cases by the models that lie beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from bpm.engine.decisions import DecisionFile, decide, read_decisions
from bpm.foundation.errors import EarshotError
from tools.tck.values import Node, local, read, same, times_in

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
Outcome = Literal["right", "different", "failed", "refused"]


@dataclass(frozen=True)
class Answer:
    """What one expected answer of a case came to; `refused`: the model has an error that its check names."""

    file: str
    case: str
    node: str
    outcome: Outcome
    detail: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def run_file(file: Path) -> Iterator[Answer]:
    """One answer for each expected one of a file of cases; nothing for another kind of file."""
    root = etree.parse(file).getroot()
    if local(root) != "testCases":
        return
    models = {each.name: each.read_bytes() for each in file.parent.glob("*.dmn")}
    name = next((each.text or "" for each in root if local(each) == "modelName"), "").strip()
    name = name if name in models else f"{name}.dmn"
    if name not in models:
        yield Answer(file.name, "", "", "refused", f"There is no model {name!r}.")
        return
    beside = {each: source for each, source in models.items() if each != name}
    known: dict[bytes, DecisionFile] = {}
    for case in root.iterfind("{*}testCase"):
        for node in case.iterfind("{*}resultNode"):
            called, source = _asked(case, node, models[name])
            files = {**beside, name: models[name]} if source != models[name] else beside
            if source not in known:
                known[source] = read_decisions(source, "asked.dmn", files)
            outcome, detail = _answer(case, node, called, known[source])
            yield Answer(file.name, case.get("id") or "", called, outcome, detail)


def _asked(case: Node, node: Node, source: bytes) -> tuple[str, bytes]:
    """The decision that a case asks for, and the file that has it: for a function one that imports and calls it."""
    if case.get("type") in (None, "decision") or not case.get("invocableName"):
        return node.get("name") or "", source
    bound = ", ".join(f"{each.get('name')}: {each.get('name')}" for each in case.iterfind("{*}inputNode"))
    names = "".join(
        f"<inputData id='i{n}' name={quoteattr(each.get('name') or '')}/>"
        for n, each in enumerate(case.iterfind("{*}inputNode"))
    )
    space = quoteattr(etree.fromstring(source).get("namespace") or "")
    text = escape(f"tested.{case.get('invocableName')}({bound})")
    logic = f"<literalExpression><text>{text}</text></literalExpression>"
    made = (
        f'<definitions xmlns="{MODEL}" namespace="urn:asked" name="asked"><import name="tested" namespace={space}/>'
        f'{names}<decision id="asked" name="asked">{logic}</decision></definitions>'
    )
    return "asked", made.encode()


def _answer(case: Node, node: Node, called: str, file: DecisionFile) -> tuple[Outcome, str]:
    identity = next((key for key, each in file.decisions.items() if each.name == " ".join(called.split())), None)
    errors = [each.message for each in file.findings if each.severity == "error"]
    expected = next(iter(node.iterfind("{*}expected")), None)
    wanted = read(expected) if expected is not None else None
    if identity is None or errors:
        fair = node.get("errorResult") == "true" and wanted is None
        return ("right" if fair else "refused"), "; ".join(errors) or f"There is no decision {called!r}."
    given = {each.get("name") or "": read(each) for each in case.iterfind("{*}inputNode")}
    try:
        found = _found(file, identity, given, node.get("name") or "")
    except EarshotError as error:
        return ("right" if wanted is None else "failed"), str(error)
    except Exception as error:  # noqa: BLE001 -- a fault of ours is counted, and the rest goes on
        return "failed", f"{type(error).__name__}: {error}"
    if same(wanted, found, times_in(node)):
        return "right", ""
    return "different", f"{found!r} instead of {wanted!r}"


def _found(file: DecisionFile, identity: str, given: Mapping[str, Any], output: str) -> Any:
    found = decide({**file.imported, **file.decisions}, identity, given, now=NOW).value
    several = identity == "asked" and isinstance(found, dict) and output in found
    return found[output] if several else found
