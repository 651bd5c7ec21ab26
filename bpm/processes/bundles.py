"""A bundle becomes a version: laid upon the live one, looked over, deployed, and put live where it is the first."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.findings import Finding
from bpm.engine.queries import VersionDetail
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import InvalidInputError, RefusedError
from bpm.foundation.texts import _
from bpm.foundation.unit_of_work import UnitOfWork
from bpm.foundation.work import Work
from bpm.processes.triggers.of_version import check_triggers

CONSOLE = "console"
MOST_TRIED = 6
"""Kept parts that are let go one by one to find out which is in the way; of more, all together."""


@dataclass(frozen=True)
class Base:
    """What a bundle is laid upon: the live version of its process; where none is live, the last one there is."""

    key: str
    version: VersionDetail | None = None
    bundle: engine.Bundle | None = None

    @property
    def live(self) -> VersionDetail | None:
        """The version, if it is the one that is live."""
        return self.version if self.version and self.version.status == VersionStatus.LIVE else None

    def documentation(self, came: engine.Received) -> str:
        """The README of the next version."""
        return came.documentation or (self.version.documentation if self.version else "")

    def difference(self, bundle: engine.Bundle, came: engine.Received) -> engine.Difference:
        """What becomes of each part and of what is in it, and of what stands beside them."""
        return engine.difference(self.bundle, bundle).and_(self.beside(bundle, came))

    def beside(self, bundle: engine.Bundle, came: engine.Received) -> engine.Difference:
        """What becomes of decision files as such, of the settings and the README."""
        rows = [*self._files(bundle), *self._settings(), *self._words(came)]
        kept, changed, added, removed = (
            tuple(change for its, change in rows if its == sort) for sort in ("kept", "changed", "added", "removed")
        )
        return engine.Difference(kept, changed, added, removed)

    def files(self, bundle: engine.Bundle) -> dict[str, str]:
        """{name of a decision file: kept, changed, added or removed}"""
        old, new = (dict(each.decisions) if each else {} for each in (self.bundle, bundle))
        after = {
            name: ("kept" if old[name] == content else "changed") if name in old else "added"
            for name, content in new.items()
        }
        return {**after, **{name: "removed" for name in old if name not in new}}

    def _files(self, bundle: engine.Bundle) -> Iterator[tuple[str, engine.Change]]:
        """What is in a changed file is told decision by decision."""
        for name, sort in self.files(bundle).items():
            if sort != "changed":
                yield sort, engine.Change("decision", name)

    def _settings(self) -> Iterator[tuple[str, engine.Change]]:
        if self.version is not None and self.version.keep_for_days is not None:
            days = str(self.version.keep_for_days)
            yield "kept", engine.Change("setting", "keep_for_days", "", days, days)

    def _words(self, came: engine.Received) -> Iterator[tuple[str, engine.Change]]:
        before, after = self.version.documentation if self.version else "", self.documentation(came)
        if before or after:
            sort = "kept" if before == after else "changed" if before else "added"
            yield sort, engine.Change("documentation", "README.md", "", before, after)


@dataclass(frozen=True)
class DeployedBundle:
    """What came of a bundle."""

    key: str
    version_id: int
    number: int
    status: VersionStatus
    findings: tuple[Finding, ...]
    tests: tuple[Any, ...]
    red: tuple[str, ...]
    """Carried-over tests that do not pass on the new model: it cannot go live until they are mended or removed."""
    difference: engine.Difference
    missing: tuple[engine.Part, ...]
    """Parts of the live version that did not come, and were kept unless they were removed."""


def base_under(work: Work, key: str) -> Base:
    """The version under a key that a bundle is laid upon, with its files."""
    version = queries.find_base_version(work, key)
    return Base(key, version, queries.bundle_of(version) if version else None)


def key_of(work: Work, came: engine.Received, prepared: engine.Prepared | None) -> str:
    """The key of what came where none is given: its folder's where the model is named after it, else the model's own.

    The folder's gives way where the model's process is known here already and the folder's name is not.
    """
    stem = came.file_name.rpartition(".")[0]
    folder = came.folder if came.folder == stem else ""
    own = engine.default_key(work, prepared) if prepared and prepared.primary else ""
    if folder and (not own or queries.find_versions(work, folder) or not queries.find_versions(work, own)):
        return folder
    return own


def base_of(unit_of_work: UnitOfWork, came: engine.Received, *, key: str = "") -> Base:
    """What the files that came are laid upon, under `key` or the one that they are known by."""
    prepared = None
    if not key and came.source is not None:
        prepared = engine.check(came.source, came.file_name, decisions=came.decisions)
    with unit_of_work.reading() as work:
        if not key and came.source is None:
            raise _without_model(queries.keys_with_parts(work, (*came.forms, *came.decisions)))
        return base_under(work, key or key_of(work, came, prepared))


def _without_model(keys: Sequence[str]) -> InvalidInputError:
    """Parts alone say not whose they are; the processes that have parts of these names are named."""
    told = _("Send the model with it, or name the process whose live version has it.")
    known = _("A part of that name is in: %(keys)s. Send it on the page of that process, or with its key.")
    return InvalidInputError(
        _("There is no BPMN file in what you sent."), remedy=known % {"keys": ", ".join(keys)} if keys else told
    )


def deploy_bundle(
    unit_of_work: UnitOfWork,
    came: engine.Received,
    *,
    key: str = "",
    note: str = "",
    remove: Iterable[str] = (),
    draft: bool = False,
    unsigned: str = "",
) -> DeployedBundle:
    """Check and test outside any transaction, then deploy in one; the same content again is the same version.

    A first version goes live, signed at the console; a next one stays a draft until the departments sign it, unless
    `unsigned` says why it goes live without. RefusedError carries the findings, or names the tests that came and fail.
    """
    base = base_of(unit_of_work, came, key=key)
    missing = engine.missing_from(came, base.bundle)
    bundle = engine.carry_over(base.bundle, came, engine.parts_named(remove, missing))
    examined = engine.examine(bundle)
    _refuse_problems(examined, came, lambda: in_the_way(base, came, missing))
    drawing = engine.drawing_of(bundle.source)
    with unit_of_work() as work:
        first = not engine.was_live(work, base.key)
        version = engine.deploy(
            work,
            examined.prepared,
            key=base.key or None,
            note=note,
            forms=bundle.forms,
            tests=bundle.tests,
            test_results=examined.results,
            triggers=bundle.triggers,
            documentation=base.documentation(came),
            drawing=drawing,
        )
        if not draft:
            put_live(work, version, first=first, unsigned=unsigned)
        stored = queries.get_version(work, version.id)
    return DeployedBundle(
        key=stored.key,
        version_id=stored.id,
        number=stored.number,
        status=stored.status,
        findings=examined.prepared.findings,
        tests=examined.results,
        red=tuple(f"{each.id} is {each.outcome}: {each.detail}" for each in examined.red),
        difference=base.difference(bundle, came),
        missing=tuple(missing),
    )


def put_live(work: Work, version: Any, *, first: bool, unsigned: str = "") -> None:
    """What people put live since, or retired, is theirs: only a draft goes live by itself."""
    version_id, definition_id, status = version.id, version.definition_id, version.status
    if unsigned and status != VersionStatus.LIVE:
        engine.go_live(work, version_id, unsigned=unsigned)
    elif first and status == VersionStatus.DRAFT:
        for department in engine.departments_of(work, definition_id):
            engine.sign(work, version_id, department, method=CONSOLE)
        engine.go_live(work, version_id)


def difference_to(unit_of_work: UnitOfWork, came: engine.Received, *, key: str = "") -> engine.Difference:
    """What would differ, also where it is not deployed."""
    base = base_of(unit_of_work, came, key=key)
    return base.difference(engine.carry_over(base.bundle, came), came)


def in_the_way(base: Base, came: engine.Received, missing: Sequence[engine.Part]) -> list[engine.Part]:
    """What was kept from the version before and alone keeps the bundle from being deployed; none where it is not that.

    Each is let go by itself first, so that no more than needed is named.
    """
    sets = [[part] for part in missing] if len(missing) <= MOST_TRIED else []
    return next((parts for parts in [*sets, list(missing)] if parts and _goes_without(base, came, parts)), [])


def _goes_without(base: Base, came: engine.Received, parts: Sequence[engine.Part]) -> bool:
    bundle = engine.carry_over(base.bundle, came, parts)
    prepared = engine.examine(bundle).prepared
    return prepared.deployable and not check_triggers(bundle.triggers, prepared.offered)


def _refuse_problems(
    examined: engine.Examined, came: engine.Received, kept: Callable[[], Sequence[engine.Part]]
) -> None:
    prepared, name = examined.prepared, examined.bundle.file_name
    findings = (*check_triggers(examined.bundle.triggers, prepared.offered), *prepared.findings)
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors or not prepared.deployable:
        remedy = _("Mend what the findings name, then deploy it again.")
        if parts := kept():
            told = ", ".join(map(str, parts))
            remedy = _("What was not sent and kept is in the way: send it mended, or remove %(parts)s.") % {
                "parts": told
            }
        message = _("%(name)s cannot be deployed: %(number)s problem(s).") % {"name": name, "number": len(errors)}
        raise RefusedError(message, findings=findings, remedy=remedy)
    sent = {str(case.get("id", "?")) for case in came.tests}
    red = [f"{case.id} is {case.outcome}: {case.detail}" for case in examined.red if case.id in sent]
    if red:
        raise RefusedError(_("A test is red."), place=name, findings=prepared.findings, remedy="; ".join(red))


def left_out_findings(paths: Sequence[str]) -> list[Finding]:
    """What a system or a tool left in a folder, named."""
    message = _("It was left out: a system or a tool put it there, it is no part of the process.")
    return [Finding("file-left-out", "info", message, "", element=path, name=path) for path in paths]
