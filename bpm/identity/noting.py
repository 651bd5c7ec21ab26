"""What identity puts on the audit trail: who changed which person, group, role or grant, with what before and after."""

from collections.abc import Mapping
from typing import Any

from bpm import audit
from bpm.foundation.work import Work
from bpm.identity.models import Group, User

Values = Mapping[str, Any] | None


def person(user: User) -> audit.Thing:
    """A person as the audit trail names them."""
    return audit.Thing("person", user.id, user.display_name, f"person {user.id}")


def note_person(
    work: Work, verb: str, user: User, *, before: Values = None, after: Values = None, reason: str = ""
) -> None:
    """Something was changed about a person; `verb` as "invite" stands on the trail as person.invite."""
    audit.record(work, f"person.{verb}", person(user), before=before, after=after, reason=reason)


def note_group(work: Work, verb: str, group: Group, *, before: Values = None, after: Values = None) -> None:
    """Something was changed about a group."""
    audit.record(work, f"group.{verb}", audit.Thing("group", group.id, group.name), before=before, after=after)
