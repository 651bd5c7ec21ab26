"""Artefacts of activities: a person names them, and retires them; links to them stay."""

from dataclasses import dataclass

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.artefacts.phrases import phrase_of
from bpm.processes.models import Artefact
from bpm.processes.status import ArtefactKind

SHORTEST = 5
"""Characters of a phrase that is looked for: shorter ones stand everywhere."""


@dataclass(frozen=True)
class ArtefactDraft:
    """As a person writes it: `phrases` separated by commas; the name is always one, unless it is short."""

    element: str
    kind: str
    name: str
    phrases: str = ""


def add_artefact(work: Work, key: str, draft: ArtefactDraft) -> int:
    """Name an artefact of an activity of the process; gives its id. InvalidInputError with `fields`."""
    elements = work.session.scalar(
        select(ProcessVersion.elements)
        .join(ProcessDefinition, ProcessDefinition.live_version_id == ProcessVersion.id)
        .where(ProcessDefinition.key == key)
    )
    if elements is None:
        raise NotFoundError(_("The process “%(key)s” has no live version.") % {"key": key})
    name, fields = draft.name.strip()[:200], {}
    if not name:
        fields["name"] = _("Say what it is called.")
    if draft.element not in {each["id"] for each in elements}:
        fields["element"] = _("Choose an activity of the live version.")
    if draft.kind not in tuple(ArtefactKind):
        fields["kind"] = _("Choose what kind of thing it is.")
    if fields:
        raise InvalidInputError(_("The artefact was not added."), remedy=" ".join(fields.values()), fields=fields)
    phrases = [phrase_of(each) for each in (name, *draft.phrases.split(","))]
    row = Artefact(
        definition_key=key, element=draft.element, kind=ArtefactKind(draft.kind), name=name,
        phrases=list(dict.fromkeys(each for each in phrases if len(each) >= SHORTEST)),
        created_by=work.actor.user_id, created_at=work.now(),
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    after = {"element": row.element, "kind": str(row.kind), "name": row.name, "phrases": row.phrases}
    audit.record(work, "artefact.add", _thing(row), before={}, after=after)
    return row.id


def retire_artefact(work: Work, artefact_id: int) -> Artefact:
    """It is not used any more: no new words are linked to it, the old ones stay."""
    row = work.session.get(Artefact, artefact_id)
    if row is None or row.retired_at is not None:
        raise NotFoundError(_("There is no such artefact."))
    row.retired_at = work.now()
    audit.record(work, "artefact.retire", _thing(row), before={"name": row.name}, after={"name": None})
    return row


def _thing(row: Artefact) -> audit.Thing:
    return audit.Thing("process", row.definition_key, f"Artefact {row.name}")
