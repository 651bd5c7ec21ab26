"""What a version needs to run, read once and kept in process: a version never changes, so neither does this."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import bindparam, select

from bpm.engine.bpmn.asking.earlier import forms_made_for
from bpm.engine.bpmn.model import Compiled, Fact
from bpm.engine.forms import Form, form_of
from bpm.engine.models import ProcessDefinition, ProcessSpec, ProcessVersion
from bpm.engine.spiff import execution
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import NotFoundError, RefusedError
from bpm.foundation.work import Work

KEPT = 200
"""Versions kept in process."""

Bindings = Mapping[str, Sequence[Any]]
"""{process id: [spec hash, version id]} of called processes that other definitions brought."""


@dataclass(frozen=True)
class Runnable:
    """One version, ready to run."""

    version_id: int
    key: str
    name: str
    number: int
    primary: str
    specs: Mapping[str, str]
    """{process id: spec hash} of every process of the file."""
    calls: frozenset[str]
    """Processes called that the file does not have: bound when an instance starts."""
    forms: Mapping[str, Any]
    offers: Mapping[str, str]
    """{process id: name} of the processes of the file that start by their id: all that are no drawings."""
    starts: Mapping[str, tuple[str, ...]]
    """{process id: its start events, as drawn}: their form is the form of a start by hand."""
    validators: dict[str, Any] = field(default_factory=dict, compare=False)
    """Form key -> compiled schema; filled by `forms`."""
    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    """Element -> what a person needs to know there."""
    read_forms: dict[str, Form] = field(default_factory=dict, compare=False)
    """Form key -> the form as a model; filled by `form_at`."""

    def form_at(self, form: str | None, element: str) -> Form:
        """The form of a task as a model, read once for the version: by its key, else by its element."""
        key = form if form is not None and form in self.forms else element
        read = self.read_forms.get(key)
        if read is None:
            read = self.read_forms[key] = form_of(self.forms.get(key))
        return read

    def find_process(self, key: str) -> str | None:
        """The process of the file that `key` names: the primary one by the definition's key, each by its id."""
        if key == self.key:
            return self.primary
        return key if key in self.offers else None

    def key_of(self, process_id: str | None) -> str:
        """The key by which a process of the file is known; None stands for the primary one."""
        return self.key if process_id in (None, self.primary) else str(process_id)

    def compiled(self, process_id: str | None, bindings: "Bindings | None") -> Compiled:
        """The specs of one instance; what was bound at its start comes second to what the file itself has."""
        bound = {process: spec_hash for process, (spec_hash, _version) in (bindings or {}).items()}
        specs = {**bound, **self.specs}
        return Compiled(primary=process_id or self.primary, specs=specs)


@dataclass(frozen=True)
class Startable:
    """A process of a live version, as its key names it."""

    runnable: Runnable
    process_id: str
    targets: Mapping[str, str] | None = None
    """Service targets of the definition as they are now, empty for none; None where they were not read along."""

    @property
    def start_with_form(self) -> str | None:
        """The start event whose form is asked for when a person starts it; None where the model declares none."""
        starts = self.runnable.starts.get(self.process_id, ())
        return next((element for element in starts if element in self.runnable.forms), None)

    @property
    def start_form(self) -> dict[str, Any] | None:
        """The form of that start event."""
        return None if self.start_with_form is None else self.runnable.forms[self.start_with_form]


class _VersionCache:
    """The versions used last, by id and content: two databases in one process never mix."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[int, str], Runnable] = OrderedDict()

    def find(self, version_id: int, content_hash: str) -> Runnable | None:
        with self._lock:
            found = self._kept.get((version_id, content_hash))
            if found is not None:
                self._kept.move_to_end((version_id, content_hash))
            return found

    def keep(self, content_hash: str, runnable: Runnable) -> None:
        with self._lock:
            self._kept[(runnable.version_id, content_hash)] = runnable
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


_shelf = _VersionCache()


def runnable(work: Work, version_id: int, content_hash: str) -> Runnable:
    """The version of that id, from the shelf or the database."""
    return _shelf.find(version_id, content_hash) or _read(work, version_id, content_hash)


# Built once: every start asks them.
_LIVE = (
    select(ProcessVersion.id, ProcessVersion.content_hash, ProcessDefinition.service_targets)
    .join(ProcessDefinition, ProcessDefinition.live_version_id == ProcessVersion.id)
    .where(ProcessDefinition.key == bindparam("key"))
)
_KNOWN = select(ProcessVersion.content_hash, ProcessVersion.status).where(ProcessVersion.id == bindparam("version"))


_EVERY_LIVE = (
    select(ProcessVersion.id, ProcessVersion.content_hash)
    .join(ProcessDefinition, ProcessDefinition.live_version_id == ProcessVersion.id)
    .order_by(ProcessVersion.id)
)


def get_live(work: Work, key: str) -> Startable:
    """The process `key` of the live version that has it, or NotFoundError.

    A key names a definition, and with it the primary process of its file, or another process of a file by its id.
    """
    row = work.session.execute(_LIVE, {"key": key}).first()
    if row is not None:
        found = runnable(work, row.id, row.content_hash)
        return Startable(found, found.primary, row.service_targets or {})
    for offering in _live_offering(work, {key}):
        return Startable(offering, key)
    raise NotFoundError(f"No version of the process {key!r} is live.", remedy="Deploy one and let it go live.")


def _live_offering(work: Work, process_ids: set[str]) -> Iterator[Runnable]:
    """Live versions whose file offers one of the processes, oldest first: they are few, and kept in process."""
    for row in work.session.execute(_EVERY_LIVE).all():
        found = runnable(work, row.id, row.content_hash)
        if process_ids & found.offers.keys():
            yield found


def get_version_runnable(work: Work, version_id: int, *, trial: bool = True) -> Runnable:
    """The version of that id, live or retired; NotFoundError, or RefusedError for a draft that nobody let go live.

    One on trial is given only where the case was chosen for it: not to whoever names it (`trial` False).
    """
    found = work.session.execute(_KNOWN, {"version": version_id}).first()
    if found is None:
        raise NotFoundError(f"There is no process version {version_id}.")
    if found.status == VersionStatus.DRAFT:
        raise RefusedError(f"Version {version_id} is a draft.", remedy="Have it signed and let it go live first.")
    if found.status == VersionStatus.TRIAL and not trial:
        raise RefusedError(
            f"Version {version_id} is on trial: which cases run it is drawn.",
            remedy="Start the process without naming a version.",
        )
    return runnable(work, version_id, found.content_hash)


def _read(work: Work, version_id: int, content_hash: str) -> Runnable:
    version = ProcessVersion
    query = (
        select(
            version.number, version.primary, version.specs, version.processes, version.forms, version.elements,
            ProcessDefinition.key, ProcessDefinition.name,
        )
        .join(ProcessDefinition, ProcessDefinition.id == version.definition_id)
        .where(version.id == version_id)
    )  # fmt: skip
    row = work.session.execute(query).one()
    read = Runnable(
        version_id=version_id,
        key=row.key,
        name=row.name,
        number=row.number,
        primary=row.primary,
        specs=row.specs,
        calls=frozenset(called for process in row.processes for called in process["calls"]),
        forms={**_made_for_earlier(work, version_id, row), **row.forms},
        facts=_facts(row.elements),
        offers={each["id"]: each["name"] for each in row.processes if each.get("offered", True)},
        starts=_start_events(row.elements),
    )
    _shelf.keep(content_hash, read)
    return read


def _made_for_earlier(work: Work, version_id: int, row: Any) -> dict[str, Any]:
    """Forms for tasks without one in a version of a release that made none when it was deployed."""
    if all("facts" in element for element in row.elements):
        return {}
    executable = work.session.scalar(select(ProcessVersion.executable).where(ProcessVersion.id == version_id))
    return forms_made_for(executable or b"", row.forms)


def _facts(elements: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Fact, ...]]:
    return {each["id"]: tuple(Fact(**fact) for fact in each["facts"]) for each in elements if each.get("facts")}


def _start_events(elements: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for element in elements:
        if element["type"] == "startEvent":
            found[element["process"]] = (*found.get(element["process"], ()), element["id"])
    return found


def provide_specs(work: Work, compiled: Compiled) -> Compiled:
    """See to it that every spec of `compiled` is in the process's cache; gives `compiled` back."""
    missing = execution.missing_specs(compiled)
    if missing:
        query = select(ProcessSpec.hash, ProcessSpec.body).where(ProcessSpec.hash.in_(missing))
        execution.load_specs({row.hash: row.body for row in work.session.execute(query)})
    return compiled


def bind(work: Work, calls: Iterable[str]) -> dict[str, Sequence[Any]]:
    """The live versions that offer the processes `calls`, and what those call in turn."""
    bound: dict[str, Sequence[Any]] = {}
    sought, asked = set(calls), set[str]()
    while sought - asked:
        asked |= sought
        for found in _live_with(work, sought):
            offered = {process: [spec_hash, found.version_id] for process, spec_hash in found.specs.items()}
            bound = {**offered, found.key: offered[found.primary], **bound}
            sought = sought | found.calls
        sought -= set(bound)
    return bound


def _live_with(work: Work, process_ids: set[str]) -> list[Runnable]:
    """Live versions that have a process of `process_ids`, by key, by primary process, else by any of their file."""
    query = _EVERY_LIVE.where(ProcessDefinition.key.in_(process_ids) | ProcessVersion.primary.in_(process_ids))
    found = [runnable(work, row.id, row.content_hash) for row in work.session.execute(query).all()]
    left = process_ids - {name for each in found for name in (each.key, *each.specs)}
    return [*found, *_live_offering(work, left)] if left else found
