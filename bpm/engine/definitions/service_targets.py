"""The service target of a process: the open time after which its tasks are due where the model says nothing."""

import re

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ProcessDefinition
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

_TARGET = re.compile(r"PT(?=\d)(\d{1,5}H)?(\d{1,6}M)?", re.ASCII)


def set_service_target(work: Work, key: str, target: str | None) -> str | None:
    """Let new tasks of the process `key` be due after `target`, or never by themselves; gives what it was.

    `target`: open hours and minutes as ISO 8601 writes them, such as PT4H or PT16H (two days of eight hours).
    Tasks that are open already keep what they have. Raises InvalidInputError, NotFoundError.
    """
    target = (target or "").strip().upper() or None
    if target and not (_TARGET.fullmatch(target) and re.search("[1-9]", target)):
        raise InvalidInputError(
            _("%(text)s is no service target.") % {"text": target},
            remedy=_("Write hours and minutes of work, for example PT4H or PT30M; two days of eight hours are PT16H."),
        )
    definition = work.session.scalar(select(ProcessDefinition).where(ProcessDefinition.key == key))
    if definition is None:
        raise NotFoundError(_("There is no process %(key)s.") % {"key": key})
    before, definition.service_target = definition.service_target, target
    thing = audit.Thing("process", definition.id, definition.name)
    audit.record(work, "process.service_target", thing, before={"target": before}, after={"target": target})
    return before


def get_service_target(work: Work, key: str) -> str | None:
    """What `set_service_target` set."""
    return work.session.scalar(select(ProcessDefinition.service_target).where(ProcessDefinition.key == key))
