"""How tasks that systems do are connected, as IT says: topic, tries, waits; without a new version.

What was said holds for jobs that are made from then on, in every version that has the element; jobs that wait keep
what they have. It is read at most every few seconds, and anew where this process changed it.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import select

from bpm import audit
from bpm.engine.bpmn.offers import topics_of
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.engine.rules.reasons import demand_reason
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.lately import Lately
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

MOST_TRIES = 50
_WAIT = re.compile(r"P(?=\d|T\d)(\d{1,3}D)?(T(?=\d)(\d{1,3}H)?(\d{1,4}M)?(\d{1,5}S)?)?", re.ASCII)


@dataclass(frozen=True)
class Connector:
    """What stands instead of the model's own; empty and None: as the model says."""

    topic: str = ""
    retries: int | None = None
    """Tries in all."""
    retry_in: str | None = None
    """ISO 8601 durations between tries, separated by commas."""


AS_MODELLED = Connector()


def _read(work: Work) -> Mapping[int, Mapping[str, Connector]]:
    rows = work.session.execute(
        select(ProcessVersion.id, ProcessDefinition.connectors)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessDefinition.connectors.is_not(None))
    )
    return {version_id: _plain(kept) for version_id, kept in rows}


def _plain(kept: Mapping[str, Mapping[str, object]] | None) -> dict[str, Connector]:
    return {element: Connector(**each) for element, each in (kept or {}).items()}  # type: ignore[arg-type]  # as asdict wrote it


SET_BY_HAND = Lately(_read)
"""Version -> element -> what was said of it."""


def connector_of(work: Work, version_id: int, element: str) -> Connector:
    """What holds for new jobs of an element of a version."""
    return SET_BY_HAND.get(work).get(version_id, {}).get(element, AS_MODELLED)


def get_connectors(work: Work, key: str) -> dict[str, Connector]:
    """{element: what was said of it} of a process."""
    return _plain(work.session.scalar(select(ProcessDefinition.connectors).where(ProcessDefinition.key == key)))


def set_connector(work: Work, key: str, element: str, connector: Connector, *, reason: str) -> None:
    """Let new jobs at the element be made so from now on; `AS_MODELLED` takes it back. With a reason, on record.

    Whoever operates may (IT): it puts no version live. InvalidInputError with `fields`.
    """
    demand(work.actor, Permission.OPERATE)
    reason = demand_reason(reason)
    definition = work.session.scalar(select(ProcessDefinition).where(ProcessDefinition.key == key).with_for_update())
    if definition is None:
        raise NotFoundError(_("There is no process %(key)s.") % {"key": key})
    _check(work, definition.id, element, connector)
    kept = dict(definition.connectors or {})
    before = kept.pop(element, asdict(AS_MODELLED))
    if connector != AS_MODELLED:
        kept[element] = asdict(connector)
    definition.connectors = kept or None
    work.session.flush()
    SET_BY_HAND.forget(work)
    thing = audit.Thing("process", key, definition.name)
    said = {"element": element, **before}, {"element": element, **asdict(connector)}
    audit.record(work, "process.connector", thing, before=said[0], after=said[1], reason=reason)


def _check(work: Work, definition_id: int, element: str, connector: Connector) -> None:
    fields = {}
    versions = work.session.scalars(
        select(ProcessVersion.executable).where(ProcessVersion.definition_id == definition_id)
    )
    if not any(element in topics_of(executable) for executable in versions):
        fields["element"] = _("Choose a task that a system does: one with a topic.")
    if connector.retries is not None and not 1 <= connector.retries <= MOST_TRIES:
        fields["retries"] = _("Give a whole number from 1 to 50.")
    if connector.retry_in and not all(_WAIT.fullmatch(each) for each in connector.retry_in.split(",")):
        fields["retry_in"] = _("Give durations such as PT30S or PT1M,PT10M.")
    if connector.topic and not re.fullmatch(r"[\w.:-]{1,200}", connector.topic):
        fields["topic"] = _("Give the name of a topic: letters, digits, dots, colons and dashes.")
    if fields:
        raise InvalidInputError(_("It cannot be connected so."), remedy=" ".join(fields.values()), fields=fields)
