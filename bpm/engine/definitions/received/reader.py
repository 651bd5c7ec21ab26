"""What somebody sends, sorted into one bundle: every file is placed, or refused by its name; archives in the child.

A file is known by its name, and by its content where the name does not tell:
- `*.bpmn`, `*.bpmn20.xml`, `*.xml`: the model, of which there is one at most;
- `*.dmn`: decisions; `tests.json`: test cases; `triggers.json`: triggers; `README.md`: what the process is for;
- any other `*.json` and every `*.form`: a form, its key the file's name without the ending;
- a zip stands for the files in it. What systems and tools leave behind (`.DS_Store`) is named and left out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import chain
from typing import Any, Literal

from bpm.engine.decisions import is_dmn
from bpm.engine.definitions.check import read_forms
from bpm.engine.definitions.received.archive import is_zip
from bpm.engine.definitions.received.json_files import read_json
from bpm.engine.definitions.received.left_behind import is_left_behind
from bpm.engine.definitions.received.problems import ProblemError, problem, refuse
from bpm.engine.definitions.received.unpacking import files_of
from bpm.engine.findings import Finding
from bpm.engine.rules.case_keys import case_problems
from bpm.engine.rules.file_names import kept_name
from bpm.foundation.texts import _

MOST_FILES = 60
LARGEST_README = 200_000
"""Bytes."""
ENDINGS = (".bpmn", ".bpmn2", ".bpmn20.xml", ".xml")
_LISTS = {"tests.json": "tests", "triggers.json": "triggers"}
_JUDGES = frozenset({"properties", "$schema", "$ref", "allOf", "anyOf", "oneOf", "components", "required"})
_TYPES = frozenset({"object", "array", "string", "number", "integer", "boolean", "null"})

Kind = Literal["model", "decision", "tests", "triggers", "form", "readme"]


@dataclass(frozen=True)
class Received:
    """The files that came, sorted; None where no such file came."""

    file_name: str = ""
    source: bytes | None = None
    forms: Mapping[str, Any] = field(default_factory=dict)
    decisions: Mapping[str, bytes] = field(default_factory=dict)
    tests: tuple[Mapping[str, Any], ...] = ()
    triggers: tuple[Mapping[str, Any], ...] = ()
    documentation: str = ""
    folder: str = ""
    """Name of the folder or archive that the model lies in."""
    whole: bool = False
    """Whether a folder or an archive came, so that what is missing may be meant to go."""
    left_out: tuple[str, ...] = ()
    """Paths of what a system or a tool left behind."""


@dataclass(frozen=True)
class _Placed:
    kind: Kind
    name: str
    path: str
    value: Any


def read_bundle(files: Iterable[tuple[str, bytes]], *, whole: bool = False) -> Received:
    """(path, content) of every file sent -> the bundle; RefusedError names each file that cannot be placed.

    `whole` says that the paths are those of a folder. The model is not looked into here: `check` does that.
    """
    try:
        listed, from_archive = _listed(files)
    except ProblemError as error:
        raise refuse([error.finding]) from error
    left_out = tuple(path for path, _content in listed if is_left_behind(path))
    taken = [(path, content) for path, content in listed if not is_left_behind(path)]
    if len(taken) > MOST_FILES:
        raise refuse(list(_beyond(taken)))
    placed, problems = _placed(taken)
    problems += _twice(placed)
    if problems:
        raise refuse(problems)
    return _sorted(placed, left_out, whole=whole or from_archive)


def _listed(files: Iterable[tuple[str, bytes]]) -> tuple[list[tuple[str, bytes]], bool]:
    """Paths with contents, archives opened; and whether what came is one archive."""
    listed: list[tuple[str, bytes]] = []
    sent = [(path.replace("\\", "/"), content) for path, content in files]
    for path, content in sent:
        if not is_zip(content) and not path.lower().endswith(".zip"):
            listed.append((path, content))
            continue
        stem = kept_name(path, "archive.zip").rpartition(".")[0]
        before = f"{stem}/" if len(sent) > 1 else ""
        listed += [(f"{before}{inner}", each) for inner, each in files_of(path, content)]
    return listed, len(sent) == 1 and is_zip(sent[0][1])


def _beyond(taken: list[tuple[str, bytes]]) -> Iterator[Finding]:
    message = _("There are %(number)s files, and this is beyond the limit of %(most)s.")
    counts = {"number": len(taken), "most": MOST_FILES}
    for path, _content in taken[MOST_FILES:]:
        yield problem(path, "too-many-files", message % counts, _("Send only the files of one process."))


def _placed(taken: list[tuple[str, bytes]]) -> tuple[list[_Placed], list[Finding]]:
    placed: list[_Placed] = []
    problems: list[Finding] = []
    for path, content in taken:
        try:
            kind = _kind(path, content, alone=len(taken) == 1)
            one, found = _READERS[kind](path, content)
        except ProblemError as error:
            problems.append(error.finding)
            continue
        placed.append(one)
        problems += found
    return placed, problems


def _kind(path: str, content: bytes, *, alone: bool) -> Kind:
    name = kept_name(path).lower()
    if is_zip(content):
        raise ProblemError(problem(path, "archive-in-archive", _("It is an archive in an archive."), _("Unpack it.")))
    if name in _LISTS:
        return "tests" if _LISTS[name] == "tests" else "triggers"
    if name.endswith((".json", ".form")):
        return "form"
    if is_dmn(content, name):
        return "decision"
    if name in ("readme.md", "readme.txt", "readme"):
        return "readme"
    if is_model(name, content) or (alone and name.endswith(".xml")):
        return "model"
    raise ProblemError(problem(path, "file-kind-unknown", _("This is no file of a process."), _remedy(name)))


def is_model(name: str, content: bytes) -> bool:
    """Whether a file is meant as a model: by its ending, or by what it says of itself."""
    if name.lower().endswith(".bpmn") or name.lower().endswith(ENDINGS[1:3]):
        return True
    start = content[:65_536].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start[:1] == b"<" and b"omg.org/spec/BPMN" in start


def _remedy(name: str) -> str:
    known = _("Known are .bpmn, .dmn, .json, .form, tests.json, triggers.json and README.md.")
    near = get_close_matches(name, ("tests.json", "triggers.json", "readme.md"), n=1, cutoff=0.7)
    hint = _("Is %(near)s meant?") % {"near": near[0]} if near else _("Take it out.")
    return f"{hint} {known}"


def _read_model(path: str, content: bytes) -> tuple[_Placed, list[Finding]]:
    return _Placed("model", kept_name(path), path, content), []


def _read_decision(path: str, content: bytes) -> tuple[_Placed, list[Finding]]:
    return _Placed("decision", kept_name(path), path, content), []


def _read_readme(path: str, content: bytes) -> tuple[_Placed, list[Finding]]:
    if len(content) > LARGEST_README:
        message = _("It has %(number)s bytes; the limit is %(most)s.")
        counts = {"number": len(content), "most": LARGEST_README}
        raise ProblemError(problem(path, "readme-too-large", message % counts, _("Shorten it.")))
    return _Placed("readme", "README.md", path, content.decode("utf-8", "replace").replace("\0", "\ufffd")), []


def _read_tests(path: str, content: bytes) -> tuple[_Placed, list[Finding]]:
    cases = _objects(path, read_json(path, content))
    return _Placed("tests", "tests.json", path, cases), list(case_problems(path, cases))


def _read_triggers(path: str, content: bytes) -> tuple[_Placed, list[Finding]]:
    entries = _objects(path, read_json(path, content))
    names = [str(entry.get("name", "")) for entry in entries if isinstance(entry, dict)]
    twice = sorted({name for name in names if names.count(name) > 1})
    found = [
        problem(path, "trigger-twice", _("Two triggers are called %(name)r.") % {"name": name}, _("Name each its own."))
        for name in twice
    ]
    if len(names) < len(entries):
        found.append(problem(path, "trigger-no-object", _("A trigger in it is no JSON object."), _("Mend the file.")))
    return _Placed("triggers", "triggers.json", path, entries), found


def _objects(path: str, value: Any) -> list[Any]:
    listed = value.get("cases") if isinstance(value, dict) and set(value) <= {"cases", "description"} else value
    if not isinstance(listed, list):
        message = _("This is no list.")
        raise ProblemError(problem(path, "no-list", message, _('Write a list of objects, or {"cases": [...]}.')))
    return listed


def _read_form(path: str, content: bytes) -> tuple[_Placed, list[Finding]]:
    name = kept_name(path)
    value = read_json(path, content)
    if not isinstance(value, dict) or (value and not _is_schema(value)):
        near = get_close_matches(name.lower(), tuple(_LISTS), n=1, cutoff=0.6)
        hint = _("Is %(near)s meant?") % {"near": near[0]} if near else ""
        remedy = _("A form is a JSON Schema with properties, or a .form file with components.")
        message = _("This is no JSON Schema of a form.")
        raise ProblemError(problem(path, "form-no-schema", message, f"{hint} {remedy}".strip()))
    return _Placed("form", name.rpartition(".")[0] or name, path, value), []


def _is_schema(value: Mapping[str, Any]) -> bool:
    kinds = value.get("type")
    known = kinds in _TYPES if isinstance(kinds, str) else isinstance(kinds, list)
    return known or bool(_JUDGES & value.keys())


_READERS: Mapping[Kind, Callable[[str, bytes], tuple[_Placed, list[Finding]]]] = {
    "model": _read_model,
    "decision": _read_decision,
    "tests": _read_tests,
    "triggers": _read_triggers,
    "form": _read_form,
    "readme": _read_readme,
}


def _twice(placed: list[_Placed]) -> list[Finding]:
    """Of two files that would be the same part of the bundle neither is taken."""
    found: list[Finding] = []
    first: dict[tuple[str, str], _Placed] = {}
    for each in placed:
        one = first.setdefault((each.kind, "" if each.kind == "model" else each.name.casefold()), each)
        if one is each:
            continue
        values = {"first": one.path, "name": one.name}
        if each.kind == "model":
            message = _("This is a second model, beside %(first)s.") % values
            found.append(problem(each.path, "two-models", message, _("Send one BPMN file at a time.")))
        else:
            message = _("It has the same name as %(first)s.") % values
            found.append(problem(each.path, "two-of-one-name", message, _("Rename one of them, or take it out.")))
    return found


def _sorted(placed: list[_Placed], left_out: tuple[str, ...], *, whole: bool) -> Received:
    def of(kind: Kind) -> list[_Placed]:
        return [each for each in placed if each.kind == kind]

    model = next(iter(of("model")), None)
    return Received(
        file_name=model.name if model else "",
        source=model.value if model else None,
        forms=read_forms({each.name: each.value for each in of("form")}),
        decisions={each.name: each.value for each in of("decision")},
        tests=tuple(chain.from_iterable(each.value for each in of("tests"))),
        triggers=tuple(chain.from_iterable(each.value for each in of("triggers"))),
        documentation="".join(each.value for each in of("readme")),
        folder=model.path.rpartition("/")[0].rpartition("/")[2] if model else "",
        whole=whole,
        left_out=left_out,
    )
