"""The departments that sign the versions of a process: its own list, else that of the setting."""

from collections.abc import Sequence

from sqlalchemy import select

from bpm import audit, identity
from bpm.engine.models import ProcessDefinition
from bpm.engine.rules.reasons import demand_reason
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

FEWEST = 2
"""Departments that sign at least: one alone would check itself."""


def departments_of(work: Work, definition_id: int) -> tuple[str, ...]:
    """Keys of the groups that sign, in order."""
    query = select(ProcessDefinition.sign_offs).where(ProcessDefinition.id == definition_id)
    return tuple(work.session.scalar(query) or work.settings.sign_offs)


def signing_departments(work: Work) -> tuple[str, ...]:
    """Keys of all groups that sign versions of any process, by the setting or of its own."""
    own = work.session.scalars(select(ProcessDefinition.sign_offs).where(ProcessDefinition.sign_offs.is_not(None)))
    return tuple(dict.fromkeys([*work.settings.sign_offs, *(key for keys in own for key in keys or ())]))


def set_departments(work: Work, key: str, departments: Sequence[str], *, reason: str) -> tuple[str, ...]:
    """Let these groups sign the versions of the process from now on; none: those of the setting again.

    Whoever administers may: neither who uploads nor who signs chooses who looks at it. Signatures of a group that no
    longer signs stay on record and count no more. InvalidInputError for fewer than two, for groups that are not there,
    and without a reason.
    """
    demand(work.actor, Permission.ADMIN)
    reason = demand_reason(reason)
    wanted = tuple(dict.fromkeys(each.strip() for each in departments if each.strip()))
    _check(work, wanted)
    query = select(ProcessDefinition).where(ProcessDefinition.key == key).with_for_update()
    definition = work.session.scalar(query)
    if definition is None:
        raise NotFoundError(_("There is no process %(key)s.") % {"key": key})
    before = departments_of(work, definition.id)
    definition.sign_offs = list(wanted) or None
    work.session.flush()
    after = departments_of(work, definition.id)
    thing = audit.Thing("process", key, definition.name)
    said = {"departments": list(before)}, {"departments": list(after)}
    audit.record(work, "process.departments", thing, before=said[0], after=said[1], reason=reason)
    work.nudge("definitions")
    return after


def _check(work: Work, wanted: Sequence[str]) -> None:
    if len(wanted) == 1:
        say = _("Choose at least two.")
        raise InvalidInputError(_("One department alone cannot sign."), remedy=say, fields={"departments": say})
    known = {group.key for group in identity.list_groups(work)} | set(work.settings.sign_offs)
    unknown = [each for each in wanted if each not in known]
    if unknown:
        say = _("Choose groups that are here: %(names)s") % {"names": ", ".join(sorted(known))}
        message = _("There is no group %(names)s.") % {"names": ", ".join(unknown)}
        raise InvalidInputError(message, remedy=say, fields={"departments": say})
