"""Whether a version can run beside the live one: ready to go live, and begun by all that begins the other."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessDefinition
from bpm.engine.queries import VersionDetail
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.ownership import what_blocks

READY = (VersionStatus.DRAFT, VersionStatus.RETIRED)


def why_unfit(work: Work, key: str, candidate_version_id: int) -> list[str]:
    """What keeps a version from running beside the live one, in words; empty when nothing does.

    The live version itself fits: that is an A/A test. NotFoundError for an unknown version or process.
    """
    live = _live(work, key)
    if live is None:
        return [_("No version of the process is live: let one go live first.")]
    candidate = engine_queries.get_version(work, candidate_version_id)
    if candidate.definition_id != live.definition_id:
        return [_("Version %(number)s is one of another process.") % {"number": candidate.number}]
    if candidate.id == live.id:
        return []
    if candidate.status not in READY:
        return [_("Version %(number)s is on trial already.") % {"number": candidate.number}]
    if candidate.replaced_by is not None:
        return [_("A newer draft took the place of version %(number)s.") % {"number": candidate.number}]
    return [
        *engine.obstacles(work, candidate.id),
        *what_blocks(work, candidate.id),
        *_different_starts(live, candidate),
    ]


def _live(work: Work, key: str) -> VersionDetail | None:
    if work.session.scalar(select(ProcessDefinition.id).where(ProcessDefinition.key == key)) is None:
        raise NotFoundError(_("There is no process %(key)r.") % {"key": key})
    return engine_queries.find_live_version(work, key)


def _different_starts(live: VersionDetail, candidate: VersionDetail) -> list[str]:
    """A case starts before its version is chosen: what starts it, and what it brings, has to fit both."""
    found = []
    if live.primary != candidate.primary or _offered(live) != _offered(candidate):
        found.append(_("The two files do not offer the same processes."))
    missing = [each for each in _starts(live) if each not in _starts(candidate)]
    found += [
        _("Version %(number)s has no start “%(element)s” by %(kind)s (%(event)s), as the live one has.")
        % {"number": candidate.number, "element": start[1], "kind": start[2], "event": start[3]}
        for start in missing
    ]
    found += [
        _("Version %(number)s also starts by %(kind)s (%(event)s) at “%(element)s”; the live one does not.")
        % {"number": candidate.number, "element": start[1], "kind": start[2], "event": start[3]}
        for start in _starts(candidate)
        if start not in _starts(live)
    ]
    if _plain(live) != _plain(candidate):
        found.append(_("The start events without a trigger are not the same: cases could not begin at the same place."))
    for element, form in _start_forms(live).items():
        if _start_forms(candidate).get(element) != form:
            found.append(_("The start form of “%(element)s” is not the same in both versions.") % {"element": element})
    found += [
        _("The live version has no start form at “%(element)s”.") % {"element": element}
        for element in _start_forms(candidate)
        if element not in _start_forms(live)
    ]
    return found


def _offered(version: VersionDetail) -> set[str]:
    return {each["id"] for each in version.processes if each.get("offered", True)}


def _starts(version: VersionDetail) -> list[tuple[str, str, str, str]]:
    return [
        (start["process"], start["element"], str(start["kind"]), str(start["event"]))
        for process in version.processes
        for start in process["starts"]
    ]


def _plain(version: VersionDetail) -> set[str]:
    """Start events of processes; those of subprocesses within are nobody's business."""
    return {process["id"] for process in version.processes if process.get("plain_start")}


def _start_forms(version: VersionDetail) -> Mapping[str, Any]:
    begins = {each["id"] for each in version.elements if each["type"] == "startEvent"}
    return {element: form for element, form in version.forms.items() if element in begins}
