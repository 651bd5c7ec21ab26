"""Service targets: the open time after which tasks are due where the model says nothing.

A process has one for all its tasks, and others for single elements and for the groups that get the work.
"""

import re
from collections.abc import Mapping

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ProcessDefinition
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

_TARGET = re.compile(r"PT(?=\d)(\d{1,5}H)?(\d{1,6}M)?", re.ASCII)

Targets = Mapping[str, str]
"""{whose it is: open time as ISO 8601 writes it}; see `key_of`."""


def key_of(element: str = "", group: str = "") -> str:
    """Whose target it is: that element's, that group's, or the whole process's."""
    return f"element {element}" if element else f"group {group}" if group else ""


def target_for(targets: Targets, element: str, group: str | None) -> str:
    """What holds for a task at `element` that `group` gets: the element's own, else the group's, else the process's."""
    for key in (key_of(element), key_of(group=group or ""), ""):
        if targets.get(key):
            return targets[key]
    return ""


def set_service_target(work: Work, key: str, target: str | None, *, element: str = "", group: str = "") -> str | None:
    """Let new tasks of the process `key` be due after `target`, or never by themselves; gives what it was.

    `target`: open hours and minutes as ISO 8601 writes them, such as PT4H or PT16H (two days of eight hours).
    With `element` or `group` (its key) it holds for their tasks alone. Tasks that are open already keep what they
    have. Raises InvalidInputError, NotFoundError.
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
    whose, targets = key_of(element, group), dict(definition.service_targets or {})
    before = targets.pop(whose, None)
    definition.service_targets = ({**targets, whose: target} if target else targets) or None
    definition.service_target = (definition.service_targets or {}).get("")
    told = {"for": whose} if whose else {}
    thing = audit.Thing("process", definition.id, definition.name)
    was, now = {"target": before, **told}, {"target": target, **told}
    audit.record(work, "process.service_target", thing, before=was, after=now)
    return before


def get_service_target(work: Work, key: str) -> str | None:
    """What `set_service_target` set for the whole process."""
    return get_service_targets(work, key).get("")


def get_service_targets(work: Work, key: str) -> Targets:
    """All that `set_service_target` set for the process."""
    query = select(ProcessDefinition.service_targets).where(ProcessDefinition.key == key)
    return work.session.scalar(query) or {}
