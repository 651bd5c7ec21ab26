"""Going live: a version that every department signed and whose tests are green is what starts from now on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bpm import audit
from bpm.engine.bpmn.offers import PEOPLE_WORK_AT, named_groups
from bpm.engine.definitions import connectors, keys
from bpm.engine.definitions.signing.departments import departments_of
from bpm.engine.definitions.signing.on_record import version_for_signing
from bpm.engine.events import ProcessRetired, VersionWentLive
from bpm.engine.expressions.times.due import first_instant, start_text
from bpm.engine.models import EventSubscription, ProcessDefinition, ProcessVersion, Signature
from bpm.engine.rules.group_keys import group_key
from bpm.engine.status import SubscriptionKind, SubscriptionStatus, VersionStatus
from bpm.foundation.errors import (
    ConflictError,
    EngineError,
    NotFoundError,
    RefusedError,
)
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import ensure_group

GREEN = frozenset({"pass"})


def obstacles(work: Work, version_id: int) -> list[str]:
    """What stands between a version and going live, in words; empty when nothing does."""
    return [*_unsigned(work, version_id), *_untested(_get(work, version_id))]


def was_live(work: Work, key: str) -> bool:
    """Whether a version of the process is live or ever was: then the next one is for the departments to sign."""
    query = (
        select(ProcessVersion.id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessDefinition.key == key, ProcessVersion.live_at.is_not(None))
    )
    return work.session.scalar(query.limit(1)) is not None


def _unsigned(work: Work, version_id: int) -> list[str]:
    version = _get(work, version_id)
    signed = set(work.session.scalars(select(Signature.department).where(Signature.version_id == version_id)))
    return [f"{name} has not signed." for name in departments_of(work, version.definition_id) if name not in signed]


def _untested(version: ProcessVersion) -> list[str]:
    red = [result for result in version.test_results if result["outcome"] not in GREEN]
    untested = len(version.tests) - len(version.test_results)
    return [
        *(f"The test {result['id']} is {result['outcome']}: {result['detail']}" for result in red),
        *([f"{untested} test(s) were not run."] if untested > 0 else []),
    ]


def go_live(work: Work, version_id: int, *, unsigned: str = "") -> None:
    """Let new instances run this version from now on; the one before retires, its instances finish on it.

    `unsigned` is why it goes live without signatures that are missing: it is kept on record with the version.
    """
    if (version := _get(work, version_id)).status == VersionStatus.RETIRED:
        # Before the rows, as a deployment takes them.
        keys.one_at_a_time(work)
    definition = work.session.get_one(ProcessDefinition, version.definition_id, with_for_update=True)
    version = version_for_signing(work, version_id)
    if version.status == VersionStatus.LIVE:
        return
    unsigned, missing = unsigned.strip(), _unsigned(work, version_id)
    if unsigned and missing:
        version.unsigned_reason, missing = unsigned, []
    missing += _untested(version)
    if missing:
        raise RefusedError(
            f"Version {version.number} cannot go live yet.", remedy=" ".join(missing), findings=missing
        )  # fmt: skip
    if version.status == VersionStatus.RETIRED:
        _refuse_what_is_taken(work, version, definition.key)
    before = definition.live_version_id
    if before is not None:
        _withdraw(work, before)
    definition.live_version_id = version.id
    connectors.SET_BY_HAND.forget(work)
    definition.name = next(
        (p["name"] for p in version.processes if p["id"] == version.primary and p["name"]), definition.name
    )
    version.status, version.live_at, version.replaced_by = VersionStatus.LIVE, work.now(), None
    for name in _groups(version):
        ensure_group(work, group_key(name), name=name)
    _subscribe_starts(work, version)
    work.session.flush()
    after = {"live_version": version.id, "number": version.number, "key": definition.key}
    after |= {"unsigned": version.unsigned_reason} if version.unsigned_reason else {}
    audit.record(work, "version.go_live", _thing(version), before={"live_version": before}, after=after)
    work.publish(VersionWentLive(version.id, definition.key))
    work.nudge("definitions")


def _refuse_what_is_taken(work: Work, version: ProcessVersion, key: str) -> None:
    """While a version was retired its ids were free; a process of another file may have one of them now."""
    taken = keys.taken_meanwhile(work, key, version.processes)
    if taken:
        raise RefusedError(
            _("Version %(number)s cannot go live again: %(why)s") % {"number": version.number, "why": taken[0].message},
            findings=taken,
            remedy=taken[0].remedy,
        )


def _groups(version: ProcessVersion) -> list[str]:
    """Groups that the version offers work to by name: an admin finds them and puts people in."""
    lanes = (
        element["lane"] for element in version.elements if element["type"] in PEOPLE_WORK_AT and element.get("lane")
    )
    return sorted({*lanes, *named_groups(version.executable)})


def retire(work: Work, key: str) -> None:
    """Let nothing new start; what runs finishes."""
    definition = work.session.scalar(select(ProcessDefinition).where(ProcessDefinition.key == key).with_for_update())
    if definition is None:
        raise NotFoundError(f"There is no process {key!r}.")
    if definition.live_version_id is None:
        raise ConflictError(f"No version of {key!r} is live.", remedy="Nothing was changed.")
    _withdraw(work, definition.live_version_id)
    before = {"live_version": definition.live_version_id}
    definition.live_version_id = None
    work.session.flush()
    thing = audit.Thing("process", key, definition.name)
    audit.record(work, "process.retire", thing, before=before, after={"live_version": None})
    work.publish(ProcessRetired(key))
    work.nudge("definitions")


def put_on_trial(work: Work, version_id: int) -> None:
    """Let a version that could go live run beside the live one, for the cases that are chosen for it as they begin.

    RefusedError where it could not go live, ConflictError where none is live or another version is on trial.
    """
    if (version := _get(work, version_id)).status == VersionStatus.RETIRED:
        keys.one_at_a_time(work)
    definition = work.session.get_one(ProcessDefinition, version.definition_id, with_for_update=True)
    version = version_for_signing(work, version_id)
    if version.status not in (VersionStatus.DRAFT, VersionStatus.RETIRED) or version.replaced_by is not None:
        raise ConflictError(
            _("Version %(number)s is %(status)s.") % {"number": version.number, "status": version.status},
            remedy=_("A draft, or a version that is live no more, can be tried out."),
        )
    if definition.live_version_id is None:
        raise ConflictError(_("No version of %(key)r is live.") % {"key": definition.key})
    if missing := obstacles(work, version_id):
        raise RefusedError(
            _("Version %(number)s cannot run beside the live one yet.") % {"number": version.number},
            remedy=" ".join(missing), findings=missing,
        )  # fmt: skip
    if version.status == VersionStatus.RETIRED:
        _refuse_what_is_taken(work, version, definition.key)
    version.status = VersionStatus.TRIAL
    for name in _groups(version):
        ensure_group(work, group_key(name), name=name)
    work.session.flush()
    work.nudge("definitions")


def end_trial(work: Work, version_id: int) -> None:
    """Let nothing new start on a version that was on trial; its cases go on with it."""
    on_trial = (ProcessVersion.id == version_id, ProcessVersion.status == VersionStatus.TRIAL)
    work.session.execute(update(ProcessVersion).where(*on_trial).values(status=VersionStatus.RETIRED))
    work.nudge("definitions")


def _thing(version: ProcessVersion) -> audit.Thing:
    return audit.Thing("version", version.id, f"{version.file_name}, version {version.number}")


def _get(work: Work, version_id: int) -> ProcessVersion:
    version = work.session.get(ProcessVersion, version_id)
    if version is None:
        raise NotFoundError(f"There is no process version {version_id}.")
    return version


def _withdraw(work: Work, version_id: int) -> None:
    work.session.execute(
        update(ProcessVersion).where(ProcessVersion.id == version_id).values(status=VersionStatus.RETIRED)
    )
    starts = (EventSubscription.version_id == version_id, EventSubscription.instance_id.is_(None))
    work.session.execute(
        update(EventSubscription)
        .where(*starts, EventSubscription.status == SubscriptionStatus.OPEN)
        .values(status=SubscriptionStatus.CLOSED)
    )


def _subscribe_starts(work: Work, version: ProcessVersion) -> None:
    for process in version.processes:
        for start in process["starts"] if process.get("offered", True) else ():
            work.session.add(_start_subscription(work, version, start))


def _start_subscription(work: Work, version: ProcessVersion, start: Mapping[str, Any]) -> EventSubscription:
    timer = _first_start(start, now=work.now()) if start["kind"] == SubscriptionKind.TIMER else None
    return EventSubscription(
        instance_id=None,
        version_id=version.id,
        process_id=start["process"],
        uid=f"start:{version.id}",
        element=start["element"],
        kind=start["kind"],
        event=timer[0] if timer else start["event"],
        key=None,
        due_at=timer[1] if timer else None,
        status=SubscriptionStatus.OPEN,
    )


def _first_start(start: Mapping[str, Any], *, now: datetime) -> tuple[str, datetime]:
    """The ISO 8601 text of a timer that starts the process, and its first instant."""
    try:
        text = start_text(str(start["event"]), now=now)
        return text, first_instant(text, now=now)
    except EngineError as error:
        raise RefusedError(
            f"The timer that starts the process cannot be read: {error.message}",
            place=start["element"],
            remedy="Write an ISO 8601 date, duration or cycle.",
        ) from error
